; certificate version 1: normal-ends, statement 3
; 1 > q given t > q, t <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (> t q))
(assert (>= 1.0 t))
(assert (not (> 1.0 q)))
(check-sat)
