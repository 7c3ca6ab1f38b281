; certificate version 1: best-below-one, statement 2
; 1 > R given R <= Max(p, 1 - p), p >= 1/2, p < 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const R Real)
(declare-const p Real)
(assert (let ((a!1 (ite (>= p (+ 1.0 (* (- 1.0) p))) p (+ 1.0 (* (- 1.0) p)))))
  (<= R a!1)))
(assert (<= (/ 1.0 2.0) p))
(assert (> 1.0 p))
(assert (not (> 1.0 R)))
(check-sat)
