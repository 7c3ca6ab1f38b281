; certificate version 1: normals-same, statement 0
; delta_t = 0 given delta_t^2 <= mu^2, mu = 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const delta_t Real)
(declare-const mu Real)
(assert (<= (* delta_t delta_t) (* mu mu)))
(assert (= 0.0 mu))
(assert (not (= 0.0 delta_t)))
(check-sat)
