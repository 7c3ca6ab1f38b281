; certificate version 1: below-legal, statement 1
; a'^2/d <= a^2/d given a' >= 0, a' <= a
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const |a'| Real)
(declare-const d Real)
(assert (> d 0.0))
(assert (distinct 0.0 d))
(assert (<= 0.0 |a'|))
(assert (<= |a'| a))
(assert (not (>= 0.0 (+ (* |a'| |a'|) (* (- 1.0) a a)))))
(check-sat)
