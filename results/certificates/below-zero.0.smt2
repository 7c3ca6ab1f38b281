; certificate version 1: below-zero, statement 0
; 1 > Adv given Adv <= R, 1 > R
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const R Real)
(assert (<= Adv R))
(assert (> 1.0 R))
(assert (not (> 1.0 Adv)))
(check-sat)
