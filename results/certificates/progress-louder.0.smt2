; certificate version 1: progress-louder, statement 0
; t >= k*t given t >= 0, k <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const k Real)
(declare-const t Real)
(assert (> k 0.0))
(assert (<= 0.0 t))
(assert (>= 1.0 k))
(assert (not (>= t (* t k))))
(check-sat)
