; certificate version 1: frontier-unique, statement 1
; f = 0 given g_- > g_+, f*g_+ + g_-*(1 - f) = g_-
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const f Real)
(declare-const g_+ Real)
(declare-const g_- Real)
(assert (> g_- g_+))
(assert (let ((a!1 (+ (* f g_+) (* g_- (+ 1.0 (* (- 1.0) f))))))
  (= a!1 g_-)))
(assert (not (= 0.0 f)))
(check-sat)
