; certificate version 1: normals-pointwise, statement 0
; f*(-g_0*k + g_1) >= Min(0, -g_0*k + g_1) given f >= 0, f <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const f Real)
(declare-const g_0 Real)
(declare-const g_1 Real)
(declare-const k Real)
(assert (> k 0.0))
(assert (<= 0.0 f))
(assert (>= 1.0 f))
(assert (let ((a!1 (ite (<= 0.0 (+ g_1 (* (- 1.0) g_0 k)))
                0.0
                (+ g_1 (* (- 1.0) g_0 k)))))
(let ((a!2 (>= (* f (+ g_1 (* (- 1.0) g_0 k))) a!1)))
  (not a!2))))
(check-sat)
