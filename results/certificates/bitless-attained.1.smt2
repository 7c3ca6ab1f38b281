; certificate version 1: bitless-attained, statement 1
; 1/2 = 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(assert (not (= (/ 1.0 2.0) (/ 1.0 2.0))))
(check-sat)
