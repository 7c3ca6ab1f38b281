; certificate version 1: above-far, statement 1
; Max(0, -a + 2*s) = 0 given a >= 2*s
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (>= a (* 2.0 s)))
(assert (let ((a!1 (ite (>= 0.0 (+ (* (- 1.0) a) (* 2.0 s)))
                0.0
                (+ (* (- 1.0) a) (* 2.0 s)))))
  (not (= 0.0 a!1))))
(check-sat)
