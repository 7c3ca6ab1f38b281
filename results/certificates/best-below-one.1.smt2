; certificate version 1: best-below-one, statement 1
; 1 > R given R <= Max(q, t), 1 > q, 1 > t
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const R Real)
(declare-const q Real)
(declare-const t Real)
(assert (<= R (ite (>= q t) q t)))
(assert (> 1.0 q))
(assert (> 1.0 t))
(assert (not (> 1.0 R)))
(check-sat)
