; certificate version 1: joint-attained, statement 2
; x_0*(A + x_0) >= 1 - epsilon given x_0^2 = 1, A <= epsilon, A >= -epsilon
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const A Real)
(declare-const epsilon Real)
(declare-const x_0 Real)
(assert (= 1.0 (* x_0 x_0)))
(assert (<= A epsilon))
(assert (>= A (* (- 1.0) epsilon)))
(assert (not (>= (* x_0 (+ A x_0)) (+ 1.0 (* (- 1.0) epsilon)))))
(check-sat)
