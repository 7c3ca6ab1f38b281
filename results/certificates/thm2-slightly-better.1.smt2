; certificate version 1: thm2-slightly-better, statement 1
; eta/2 + 1/2 >= 3/4 given eta >= 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const eta Real)
(assert (<= (/ 1.0 2.0) eta))
(assert (not (<= (/ 3.0 4.0) (+ (/ 1.0 2.0) (* (/ 1.0 2.0) eta)))))
(check-sat)
