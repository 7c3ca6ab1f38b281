; certificate version 1: corrected-lower, statement 0
; Spat >= 1 - eta given Spat >= Adv, Adv >= 1 - eta
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Spat Real)
(declare-const eta Real)
(assert (>= Spat Adv))
(assert (>= Adv (+ 1.0 (* (- 1.0) eta))))
(assert (not (>= Spat (+ 1.0 (* (- 1.0) eta)))))
(check-sat)
