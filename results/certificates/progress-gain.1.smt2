; certificate version 1: progress-gain, statement 1
; sum_G/K >= sum_F/K given sum_G >= sum_F
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const K Real)
(declare-const sum_F Real)
(declare-const sum_G Real)
(assert (> K 0.0))
(assert (distinct 0.0 K))
(assert (>= sum_G sum_F))
(assert (not (<= 0.0 (+ sum_G (* (- 1.0) sum_F)))))
(check-sat)
