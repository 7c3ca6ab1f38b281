; certificate version 1: below-zero, statement 1
; Spat >= tau given Spat >= 0, tau <= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Spat Real)
(declare-const tau Real)
(assert (<= 0.0 Spat))
(assert (>= 0.0 tau))
(assert (not (>= Spat tau)))
(check-sat)
