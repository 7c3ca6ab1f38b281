; certificate version 1: above-legal, statement 2
; 2*s - Min(a, 2*s) = Max(0, -a + 2*s)
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (let ((a!1 (* (- 1.0) (ite (<= a (* 2.0 s)) a (* 2.0 s))))
      (a!2 (ite (>= 0.0 (+ (* (- 1.0) a) (* 2.0 s)))
                0.0
                (+ (* (- 1.0) a) (* 2.0 s)))))
  (not (= (+ a!1 (* 2.0 s)) a!2))))
(check-sat)
