; certificate version 1: mixture-pairs, statement 1
; (g_+*k + g_-)/(k + 1) <= U given g_+ <= U, g_- <= U
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const U Real)
(declare-const g_+ Real)
(declare-const g_- Real)
(declare-const k Real)
(assert (> k 0.0))
(assert (distinct 0.0 (+ 1.0 k)))
(assert (<= g_+ U))
(assert (<= g_- U))
(assert (not (>= 0.0 (+ g_- (* (- 1.0) U) (* g_+ k) (* (- 1.0) U k)))))
(check-sat)
