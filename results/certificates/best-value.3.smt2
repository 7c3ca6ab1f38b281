; certificate version 1: best-value, statement 3
; 1 - p <= p given p >= 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(assert (<= (/ 1.0 2.0) p))
(assert (not (<= (+ 1.0 (* (- 1.0) p)) p)))
(check-sat)
