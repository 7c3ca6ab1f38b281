; certificate version 1: above-far, statement 0
; p*(1 - Spat) >= Adv*(1 - p) given 1 - Spat >= Adv*(1 - p)/p, p > 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Spat Real)
(declare-const p Real)
(assert (distinct 0.0 p))
(assert (<= 0.0 (+ p (* (- 1.0) Adv) (* Adv p) (* (- 1.0) Spat p))))
(assert (< 0.0 p))
(assert (let ((a!1 (>= (* p (+ 1.0 (* (- 1.0) Spat))) (* Adv (+ 1.0 (* (- 1.0) p))))))
  (not a!1)))
(check-sat)
