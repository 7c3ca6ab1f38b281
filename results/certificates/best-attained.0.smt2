; certificate version 1: best-attained, statement 0
; A*k*q >= -a*k^2 given q^2 = 1, A <= a*k, A >= -a*k
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const A Real)
(declare-const a Real)
(declare-const k Real)
(declare-const q Real)
(assert (> k 0.0))
(assert (= 1.0 (* q q)))
(assert (<= A (* a k)))
(assert (>= A (* (- 1.0) a k)))
(assert (not (>= (* A q k) (* (- 1.0) a k k))))
(check-sat)
