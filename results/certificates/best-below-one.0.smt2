; certificate version 1: best-below-one, statement 0
; p*q + t*(1 - p) <= Max(q, t) given p >= 0, p <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const p Real)
(declare-const q Real)
(declare-const t Real)
(assert (<= 0.0 p))
(assert (>= 1.0 p))
(assert (let ((a!1 (+ (* p q) (* t (+ 1.0 (* (- 1.0) p))))))
  (not (<= a!1 (ite (>= q t) q t)))))
(check-sat)
