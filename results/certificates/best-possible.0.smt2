; certificate version 1: best-possible, statement 0
; eta >= 1 - R given Adv <= R, Adv >= 1 - eta
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const R Real)
(declare-const eta Real)
(assert (<= Adv R))
(assert (>= Adv (+ 1.0 (* (- 1.0) eta))))
(assert (not (>= eta (+ 1.0 (* (- 1.0) R)))))
(check-sat)
