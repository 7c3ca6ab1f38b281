; certificate version 1: normals-ratio, statement 1
; q = mu given mu*q = t, t = mu^2, mu != 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const mu Real)
(declare-const q Real)
(declare-const t Real)
(assert (= (* mu q) t))
(assert (= t (* mu mu)))
(assert (distinct 0.0 mu))
(assert (not (= q mu)))
(check-sat)
