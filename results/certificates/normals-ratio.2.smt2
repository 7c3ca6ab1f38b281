; certificate version 1: normals-ratio, statement 2
; q = 1 given mu^2*q = t, t = mu^2, mu != 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const mu Real)
(declare-const q Real)
(declare-const t Real)
(assert (= (* q mu mu) t))
(assert (= t (* mu mu)))
(assert (distinct 0.0 mu))
(assert (not (= 1.0 q)))
(check-sat)
