; certificate version 1: tsipras-2-standard, statement 0
; 1 - q >= 1 given q <= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(assert (>= 0.0 q))
(assert (not (<= 1.0 (+ 1.0 (* (- 1.0) q)))))
(check-sat)
