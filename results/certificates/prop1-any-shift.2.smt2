; certificate version 1: prop1-any-shift, statement 2
; rho*s >= q*s given rho >= q
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const q Real)
(declare-const rho Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (>= rho q))
(assert (not (>= (* rho s) (* q s))))
(check-sat)
