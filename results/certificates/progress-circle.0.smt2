; certificate version 1: progress-circle, statement 0
; G >= F_0/2 + F_2/2 given G >= F_0/2 + F_2/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F_0 Real)
(declare-const F_2 Real)
(declare-const G Real)
(assert (>= G (+ (* (/ 1.0 2.0) F_0) (* (/ 1.0 2.0) F_2))))
(assert (not (>= G (+ (* (/ 1.0 2.0) F_0) (* (/ 1.0 2.0) F_2)))))
(check-sat)
