; certificate version 1: s2-equal-fooling, statement 0
; q^2*(1 - 2*t) >= 0 given t <= 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (>= (/ 1.0 2.0) t))
(assert (let ((a!1 (<= 0.0 (* q q (+ 1.0 (* (- 2.0) t))))))
  (not a!1)))
(check-sat)
