; certificate version 1: mixture-legal, statement 0
; a*k*t <= a*k given t <= 1, a >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const k Real)
(declare-const t Real)
(assert (> k 0.0))
(assert (>= 1.0 t))
(assert (<= 0.0 a))
(assert (not (<= (* a t k) (* a k))))
(check-sat)
