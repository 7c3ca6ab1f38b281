; certificate version 1: progress-louder, statement 0
; k <= 1 given k^2 = rho/2 + 1/2, rho <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const k Real)
(declare-const rho Real)
(assert (> k 0.0))
(assert (= (* k k) (+ (/ 1.0 2.0) (* (/ 1.0 2.0) rho))))
(assert (>= 1.0 rho))
(assert (not (>= 1.0 k)))
(check-sat)
