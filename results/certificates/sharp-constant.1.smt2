; certificate version 1: sharp-constant, statement 1
; Adv - 1/2 >= 0 given Adv >= 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(assert (<= (/ 1.0 2.0) Adv))
(assert (not (<= 0.0 (+ (- (/ 1.0 2.0)) Adv))))
(check-sat)
