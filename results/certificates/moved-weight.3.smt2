; certificate version 1: moved-weight, statement 3
; 0 > L - 2*b*k given L = 2*k*q, b > q
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const L Real)
(declare-const b Real)
(declare-const k Real)
(declare-const q Real)
(assert (> k 0.0))
(assert (= L (* 2.0 q k)))
(assert (> b q))
(assert (not (> 0.0 (+ L (* (- 2.0) b k)))))
(check-sat)
