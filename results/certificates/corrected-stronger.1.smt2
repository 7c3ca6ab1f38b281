; certificate version 1: corrected-stronger, statement 1
; 1 - eta >= (1 - eta)*(1 - m/d) given m/d >= 0, eta <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const eta Real)
(declare-const m/d Real)
(assert (<= 0.0 m/d))
(assert (>= 1.0 eta))
(assert (let ((a!1 (>= (+ 1.0 (* (- 1.0) eta))
               (* (+ 1.0 (* (- 1.0) eta)) (+ 1.0 (* (- 1.0) m/d))))))
  (not a!1)))
(check-sat)
