; certificate version 1: sharp-attacked, statement 0
; A*q >= -e given q^2 = 1, A <= e, A >= -e
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const A Real)
(declare-const e Real)
(declare-const q Real)
(assert (= 1.0 (* q q)))
(assert (<= A e))
(assert (>= A (* (- 1.0) e)))
(assert (not (>= (* A q) (* (- 1.0) e))))
(check-sat)
