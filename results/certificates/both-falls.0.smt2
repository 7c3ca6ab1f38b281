; certificate version 1: both-falls, statement 0
; 0 > -2*L*s/(-2*a + 2*s) + L given L > 0, a > 0, s > a
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const L Real)
(declare-const a Real)
(declare-const s Real)
(assert (> s 0.0))
(assert (distinct 0.0 (+ (* (- 2.0) a) (* 2.0 s))))
(assert (< 0.0 L))
(assert (< 0.0 a))
(assert (> s a))
(assert (not (< 0.0 (* L a))))
(check-sat)
