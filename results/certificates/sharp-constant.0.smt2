; certificate version 1: sharp-constant, statement 0
; (Adv - 1/2)/(p - 1/2) <= 1 given Adv <= p, p > 1/2
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const p Real)
(assert (distinct 0.0 (+ (- (/ 1.0 2.0)) p)))
(assert (<= Adv p))
(assert (< (/ 1.0 2.0) p))
(assert (not (>= 0.0 (+ (* (- 2.0) p) (* 2.0 Adv)))))
(check-sat)
