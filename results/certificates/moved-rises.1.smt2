; certificate version 1: moved-rises, statement 1
; p*phi_+ + phi_-*(1 - p) >= p*phi_+ given p <= 1, phi_- >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const phi_+ Real)
(declare-const phi_- Real)
(assert (>= 1.0 p))
(assert (<= 0.0 phi_-))
(assert (let ((a!1 (+ (* p phi_+) (* phi_- (+ 1.0 (* (- 1.0) p))))))
  (not (>= a!1 (* p phi_+)))))
(check-sat)
