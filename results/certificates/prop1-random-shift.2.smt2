; certificate version 1: prop1-random-shift, statement 2
; q/2 + t/2 >= t*(1 - 1/k) + q/k given k >= 2, q >= t
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const k Real)
(declare-const q Real)
(declare-const t Real)
(assert (> k 0.0))
(assert (distinct 0.0 k))
(assert (<= 2.0 k))
(assert (>= q t))
(assert (not (<= 0.0 (+ (* (- 2.0) q) (* 2.0 t) (* q k) (* (- 1.0) t k)))))
(check-sat)
