; certificate version 1: moved-rises, statement 2
; rho*s <= s*(1 - 2*delta) given rho <= 1 - 2*delta
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const delta Real)
(declare-const rho Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (<= rho (+ 1.0 (* (- 2.0) delta))))
(assert (let ((a!1 (<= (* rho s) (* s (+ 1.0 (* (- 2.0) delta))))))
  (not a!1)))
(check-sat)
