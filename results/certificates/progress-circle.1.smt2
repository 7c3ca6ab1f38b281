; certificate version 1: progress-circle, statement 1
; G + sum_G >= F_0/2 + F_2/2 + sum_F given sum_G >= F_0/2 - F_1/2 + sum_F, G >= F_1/2 + F_2/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F_0 Real)
(declare-const F_1 Real)
(declare-const F_2 Real)
(declare-const G Real)
(declare-const sum_F Real)
(declare-const sum_G Real)
(assert (>= sum_G (+ sum_F (* (/ 1.0 2.0) F_0) (* (- (/ 1.0 2.0)) F_1))))
(assert (>= G (+ (* (/ 1.0 2.0) F_1) (* (/ 1.0 2.0) F_2))))
(assert (not (>= (+ G sum_G) (+ sum_F (* (/ 1.0 2.0) F_0) (* (/ 1.0 2.0) F_2)))))
(check-sat)
