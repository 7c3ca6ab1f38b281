; certificate version 1: bitless-attack, statement 0
; Abs(A) <= epsilon given A + x_0 = 0, x_0^2 = 1, epsilon >= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const A Real)
(declare-const epsilon Real)
(declare-const x_0 Real)
(assert (= 0.0 (+ A x_0)))
(assert (= 1.0 (* x_0 x_0)))
(assert (<= 1.0 epsilon))
(assert (not (<= (ite (>= A 0.0) A (- A)) epsilon)))
(check-sat)
