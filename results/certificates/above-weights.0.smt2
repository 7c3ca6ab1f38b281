; certificate version 1: above-weights, statement 0
; 1 - q >= q*(1 - p)/p given p > 0, q <= p
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const q Real)
(assert (distinct 0.0 p))
(assert (< 0.0 p))
(assert (<= q p))
(assert (not (<= 0.0 (+ p (* (- 1.0) q)))))
(check-sat)
