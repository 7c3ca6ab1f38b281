; certificate version 1: bitless-attained, statement 1
; q/2 + t/2 = 1/2 given t = 1 - q
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (= t (+ 1.0 (* (- 1.0) q))))
(assert (not (= (/ 1.0 2.0) (+ (* (/ 1.0 2.0) q) (* (/ 1.0 2.0) t)))))
(check-sat)
