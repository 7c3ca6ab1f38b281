; certificate version 1: normal-rises, statement 3
; q > 0 given q = t^2, q != 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (= q (* t t)))
(assert (distinct 0.0 q))
(assert (not (< 0.0 q)))
(check-sat)
