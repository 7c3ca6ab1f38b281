; certificate version 1: sharp-bit, statement 0
; Spat = Adv given Spat = p, Adv = p
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Spat Real)
(declare-const p Real)
(assert (= Spat p))
(assert (= Adv p))
(assert (not (= Spat Adv)))
(check-sat)
