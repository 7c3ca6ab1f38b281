; certificate version 1: progress-circle, statement 0
; sum_G = F_0/2 - F_1/2 + sum_F given sum_G = 0, sum_F = 0, F_1 = F_0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F_0 Real)
(declare-const F_1 Real)
(declare-const sum_F Real)
(declare-const sum_G Real)
(assert (= 0.0 sum_G))
(assert (= 0.0 sum_F))
(assert (= F_1 F_0))
(assert (not (= sum_G (+ sum_F (* (/ 1.0 2.0) F_0) (* (- (/ 1.0 2.0)) F_1)))))
(check-sat)
