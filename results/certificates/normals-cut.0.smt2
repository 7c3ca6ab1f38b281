; certificate version 1: normals-cut, statement 0
; -mu^2/2 + mu*t <= -mu^2/2 + mu*z given mu >= 0, t <= z
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const mu Real)
(declare-const t Real)
(declare-const z Real)
(assert (<= 0.0 mu))
(assert (<= t z))
(assert (not (<= (+ (* (- (/ 1.0 2.0)) mu mu) (* mu t))
         (+ (* (- (/ 1.0 2.0)) mu mu) (* mu z)))))
(check-sat)
