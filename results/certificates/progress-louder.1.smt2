; certificate version 1: progress-louder, statement 1
; t/(2*k) >= t/2 given t >= 0, k <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const k Real)
(declare-const t Real)
(assert (> k 0.0))
(assert (distinct 0.0 k))
(assert (<= 0.0 t))
(assert (>= 1.0 k))
(assert (not (<= 0.0 (+ t (* (- 1.0) t k)))))
(check-sat)
