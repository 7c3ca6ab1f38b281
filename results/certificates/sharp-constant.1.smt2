; certificate version 1: sharp-constant, statement 1
; q >= 0 given q*(p - 1/2) = Adv - 1/2, Adv >= 1/2, p > 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const p Real)
(declare-const q Real)
(assert (= (* q (+ (- (/ 1.0 2.0)) p)) (+ (- (/ 1.0 2.0)) Adv)))
(assert (<= (/ 1.0 2.0) Adv))
(assert (< (/ 1.0 2.0) p))
(assert (not (<= 0.0 q)))
(check-sat)
