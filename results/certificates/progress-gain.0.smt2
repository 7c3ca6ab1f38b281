; certificate version 1: progress-gain, statement 0
; F >= v/2 + w/2 given F >= mu, mu >= v/2 + w/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F Real)
(declare-const mu Real)
(declare-const v Real)
(declare-const w Real)
(assert (>= F mu))
(assert (>= mu (+ (* (/ 1.0 2.0) v) (* (/ 1.0 2.0) w))))
(assert (not (>= F (+ (* (/ 1.0 2.0) v) (* (/ 1.0 2.0) w)))))
(check-sat)
