; certificate version 1: normals-cut, statement 3
; g_1 >= g_0*k given g_1 = g_0*w, w >= k, g_0 >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const g_0 Real)
(declare-const g_1 Real)
(declare-const k Real)
(declare-const w Real)
(assert (> k 0.0))
(assert (= g_1 (* g_0 w)))
(assert (>= w k))
(assert (<= 0.0 g_0))
(assert (not (>= g_1 (* g_0 k))))
(check-sat)
