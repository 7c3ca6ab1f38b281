; certificate version 1: prop1-agreements, statement 1
; S <= d*(1 - delta) given -S + d >= d*delta
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const S Real)
(declare-const d Real)
(declare-const delta Real)
(assert (> S 0.0))
(assert (> d 0.0))
(assert (>= (+ d (* (- 1.0) S)) (* delta d)))
(assert (let ((a!1 (<= S (* d (+ 1.0 (* (- 1.0) delta))))))
  (not a!1)))
(check-sat)
