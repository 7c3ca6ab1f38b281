; certificate version 1: progress-gain, statement 0
; G + sum_G >= F_1 + sum_F given sum_G >= sum_F, G >= F_1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F_1 Real)
(declare-const G Real)
(declare-const sum_F Real)
(declare-const sum_G Real)
(assert (>= sum_G sum_F))
(assert (>= G F_1))
(assert (not (>= (+ G sum_G) (+ F_1 sum_F))))
(check-sat)
