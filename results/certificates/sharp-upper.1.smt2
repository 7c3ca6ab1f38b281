; certificate version 1: sharp-upper, statement 1
; (1 - p)/p = 1 given 2*p = 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(assert (distinct 0.0 p))
(assert (= 1.0 (* 2.0 p)))
(assert (not (= 0.0 (+ 1.0 (* (- 2.0) p)))))
(check-sat)
