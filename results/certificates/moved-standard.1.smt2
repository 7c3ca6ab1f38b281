; certificate version 1: moved-standard, statement 1
; R >= p given R >= p*right + wrong*(1 - p), right = 1, wrong = 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const R Real)
(declare-const p Real)
(declare-const right Real)
(declare-const wrong Real)
(assert (let ((a!1 (+ (* p right) (* wrong (+ 1.0 (* (- 1.0) p))))))
  (>= R a!1)))
(assert (= 1.0 right))
(assert (= 0.0 wrong))
(assert (not (>= R p)))
(check-sat)
