; certificate version 1: joint-attained, statement 0
; l + q + z > 0 given -a*k + q + z > 0, l >= -a*k
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const k Real)
(declare-const l Real)
(declare-const q Real)
(declare-const z Real)
(assert (> k 0.0))
(assert (< 0.0 (+ q z (* (- 1.0) a k))))
(assert (>= l (* (- 1.0) a k)))
(assert (not (< 0.0 (+ l q z))))
(check-sat)
