; certificate version 1: best-possible, statement 1
; Adv >= 1 - eta given Adv = R, eta >= 1 - R
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const R Real)
(declare-const eta Real)
(assert (= Adv R))
(assert (>= eta (+ 1.0 (* (- 1.0) R))))
(assert (not (>= Adv (+ 1.0 (* (- 1.0) eta)))))
(check-sat)
