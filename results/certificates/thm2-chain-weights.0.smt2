; certificate version 1: thm2-chain-weights, statement 0
; p*u + v*(1 - p) >= (1 - p)*(p*v + u*(1 - p))/p given p >= 1/2, u >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const u Real)
(assert (distinct 0.0 p))
(assert (<= (/ 1.0 2.0) p))
(assert (<= 0.0 u))
(assert (not (<= 0.0 (+ (* (- 1.0) u) (* 2.0 p u)))))
(check-sat)
