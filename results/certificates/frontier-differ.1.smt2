; certificate version 1: frontier-differ, statement 1
; -b + w*(1 - rho) > 0 given w > b/(1 - rho), 1 > rho
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const b Real)
(declare-const rho Real)
(declare-const w Real)
(assert (distinct 0.0 (+ 1.0 (* (- 1.0) rho))))
(assert (< 0.0 (+ w (* (- 1.0) b) (* (- 1.0) rho w))))
(assert (> 1.0 rho))
(assert (let ((a!1 (+ (* (- 1.0) b) (* w (+ 1.0 (* (- 1.0) rho))))))
  (not (< 0.0 a!1))))
(check-sat)
