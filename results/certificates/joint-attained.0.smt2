; certificate version 1: joint-attained, statement 0
; l + q >= -a*k + q given l >= -a*k
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const a Real)
(declare-const k Real)
(declare-const l Real)
(declare-const q Real)
(assert (> k 0.0))
(assert (>= l (* (- 1.0) a k)))
(assert (not (>= (+ l q) (+ q (* (- 1.0) a k)))))
(check-sat)
