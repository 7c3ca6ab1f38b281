; certificate version 1: both-odds, statement 0
; 2*p <= 1 given p/(1 - p) <= 1, 1 > p
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(assert (distinct 0.0 (+ 1.0 (* (- 1.0) p))))
(assert (>= 0.0 (+ (- 1.0) (* 2.0 p))))
(assert (> 1.0 p))
(assert (not (>= 1.0 (* 2.0 p))))
(check-sat)
