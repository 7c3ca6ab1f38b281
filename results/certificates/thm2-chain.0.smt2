; certificate version 1: thm2-chain, statement 0
; -p*(1 - wrong) - (1 - p)*(1 - right) + 1 >= (1 - p)*(p*right + wrong*(1 - p))/p given p >= 1/2, wrong >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const wrong Real)
(assert (distinct 0.0 p))
(assert (<= (/ 1.0 2.0) p))
(assert (<= 0.0 wrong))
(assert (not (<= 0.0 (+ (* (- 1.0) wrong) (* 2.0 p wrong)))))
(check-sat)
