; certificate version 1: end-other-direction, statement 1
; p*(1 - wrong) + (1 - p)*(1 - right) <= p*(-p*right - wrong*(1 - p) + 1)/(1 - p) given p >= 1/2, p < 1, right <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const right Real)
(assert (distinct 0.0 (+ 1.0 (* (- 1.0) p))))
(assert (<= (/ 1.0 2.0) p))
(assert (> 1.0 p))
(assert (>= 1.0 right))
(assert (not (>= 0.0 (+ 1.0 (* (- 1.0) right) (* (- 2.0) p) (* 2.0 p right)))))
(check-sat)
