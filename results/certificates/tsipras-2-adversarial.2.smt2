; certificate version 1: tsipras-2-adversarial, statement 2
; -w_1*(-epsilon + 2*p - 1) + weak + 1 >= epsilon - 2*p + 2 given w_1 <= 1, weak >= 0, epsilon <= 2*p - 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const epsilon Real)
(declare-const p Real)
(declare-const w_1 Real)
(declare-const weak Real)
(assert (>= 1.0 w_1))
(assert (<= 0.0 weak))
(assert (<= epsilon (+ (- 1.0) (* 2.0 p))))
(assert (let ((a!1 (+ 1.0
              weak
              (* (- 1.0) w_1 (+ (- 1.0) (* (- 1.0) epsilon) (* 2.0 p))))))
  (not (>= a!1 (+ 2.0 epsilon (* (- 2.0) p))))))
(check-sat)
