; certificate version 1: progress-concave, statement 2
; -(mu - t)^2/2 >= -(mu + t)^2/2 given mu >= 0, t >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const mu Real)
(declare-const t Real)
(assert (<= 0.0 mu))
(assert (<= 0.0 t))
(assert (let ((a!1 (>= (* (- (/ 1.0 2.0)) (+ mu (* (- 1.0) t)) (+ mu (* (- 1.0) t)))
               (* (- (/ 1.0 2.0)) (+ mu t) (+ mu t)))))
  (not a!1)))
(check-sat)
