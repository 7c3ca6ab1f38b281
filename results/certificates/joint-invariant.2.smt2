; certificate version 1: joint-invariant, statement 2
; l = Adv given l >= Adv, Adv >= l
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const l Real)
(assert (>= l Adv))
(assert (>= Adv l))
(assert (not (= l Adv)))
(check-sat)
