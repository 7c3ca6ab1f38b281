; certificate version 1: best-bayes, statement 0
; f*g_+ + g_-*(1 - f) <= Max(g_+, g_-) given f >= 0, f <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const f Real)
(declare-const g_+ Real)
(declare-const g_- Real)
(assert (<= 0.0 f))
(assert (>= 1.0 f))
(assert (let ((a!1 (+ (* f g_+) (* g_- (+ 1.0 (* (- 1.0) f))))))
  (not (<= a!1 (ite (>= g_+ g_-) g_+ g_-)))))
(check-sat)
