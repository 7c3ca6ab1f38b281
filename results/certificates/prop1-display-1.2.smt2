; certificate version 1: prop1-display-1, statement 2
; q > t given q/t - 1 > 0, t > 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const t Real)
(assert (distinct 0.0 t))
(assert (< 0.0 (+ q (* (- 1.0) t))))
(assert (< 0.0 t))
(assert (not (> q t)))
(check-sat)
