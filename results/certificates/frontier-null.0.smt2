; certificate version 1: frontier-null, statement 0
; t = q given L + 2*k*t = 0, L + 2*k*q = 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const L Real)
(declare-const k Real)
(declare-const q Real)
(declare-const t Real)
(assert (> k 0.0))
(assert (= 0.0 (+ L (* 2.0 t k))))
(assert (= 0.0 (+ L (* 2.0 q k))))
(assert (not (= t q)))
(check-sat)
