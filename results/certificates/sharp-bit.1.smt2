; certificate version 1: sharp-bit, statement 1
; p*(1 - Spat) = Adv*(1 - p) given Spat = p, Adv = p
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Spat Real)
(declare-const p Real)
(assert (= Spat p))
(assert (= Adv p))
(assert (let ((a!1 (= (* p (+ 1.0 (* (- 1.0) Spat))) (* Adv (+ 1.0 (* (- 1.0) p))))))
  (not a!1)))
(check-sat)
