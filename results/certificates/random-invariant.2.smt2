; certificate version 1: random-invariant, statement 2
; Spat_j = Spat_0 given Spat_(j-1) = Spat_j, Spat_(j-1) = Spat_0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const |Spat_(j-1)| Real)
(declare-const Spat_0 Real)
(declare-const Spat_j Real)
(assert (= |Spat_(j-1)| Spat_j))
(assert (= |Spat_(j-1)| Spat_0))
(assert (not (= Spat_j Spat_0)))
(check-sat)
