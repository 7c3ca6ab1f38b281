; certificate version 1: normal-ends, statement 2
; q > 0 given q > t, t >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (> q t))
(assert (<= 0.0 t))
(assert (not (< 0.0 q)))
(check-sat)
