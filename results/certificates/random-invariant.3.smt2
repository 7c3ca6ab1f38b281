; certificate version 1: random-invariant, statement 3
; (Spat_0 + Spat_j*(K - 1))/K = Spat_0 given Spat_j = Spat_0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const K Real)
(declare-const Spat_0 Real)
(declare-const Spat_j Real)
(assert (> K 0.0))
(assert (distinct 0.0 K))
(assert (= Spat_j Spat_0))
(assert (not (= 0.0 (+ Spat_0 (* (- 1.0) Spat_j) (* Spat_j K) (* (- 1.0) Spat_0 K)))))
(check-sat)
