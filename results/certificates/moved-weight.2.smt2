; certificate version 1: moved-weight, statement 2
; L - 2*b*k > 0 given L = 2*k*q, q > b
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const L Real)
(declare-const b Real)
(declare-const k Real)
(declare-const q Real)
(assert (> k 0.0))
(assert (= L (* 2.0 q k)))
(assert (> q b))
(assert (not (< 0.0 (+ L (* (- 2.0) b k)))))
(check-sat)
