; certificate version 1: normals-pointwise, statement 1
; f*(g_0*k - g_1) <= 0 given f >= 0, g_1 >= g_0*k
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const f Real)
(declare-const g_0 Real)
(declare-const g_1 Real)
(declare-const k Real)
(assert (> k 0.0))
(assert (<= 0.0 f))
(assert (>= g_1 (* g_0 k)))
(assert (let ((a!1 (>= 0.0 (* f (+ (* (- 1.0) g_1) (* g_0 k))))))
  (not a!1)))
(check-sat)
