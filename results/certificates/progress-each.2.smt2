; certificate version 1: progress-each, statement 2
; G >= F_1/2 + F_2/2 given G >= q, 2*q >= F_1 + F_2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const F_1 Real)
(declare-const F_2 Real)
(declare-const G Real)
(declare-const q Real)
(assert (>= G q))
(assert (>= (* 2.0 q) (+ F_1 F_2)))
(assert (not (>= G (+ (* (/ 1.0 2.0) F_1) (* (/ 1.0 2.0) F_2)))))
(check-sat)
