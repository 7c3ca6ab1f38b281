; certificate version 1: normal-mirror, statement 2
; q = 1/2 given 2*q = 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(assert (= 1.0 (* 2.0 q)))
(assert (not (= (/ 1.0 2.0) q)))
(check-sat)
