; certificate version 1: prop1-right-end, statement 1
; 2 - 4*delta <= 1/2 given delta >= 3/8
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const delta Real)
(assert (<= (/ 3.0 8.0) delta))
(assert (not (>= (/ 1.0 2.0) (+ 2.0 (* (- 4.0) delta)))))
(check-sat)
