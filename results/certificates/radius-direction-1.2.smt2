; certificate version 1: radius-direction-1, statement 2
; q*(-a + s) <= -a + s given a <= s, q <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const q Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (<= a s))
(assert (>= 1.0 q))
(assert (let ((a!1 (<= (* q (+ s (* (- 1.0) a))) (+ s (* (- 1.0) a)))))
  (not a!1)))
(check-sat)
