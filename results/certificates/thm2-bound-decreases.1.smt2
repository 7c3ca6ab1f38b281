; certificate version 1: thm2-bound-decreases, statement 1
; -q*(1 - t) + 1 >= -m/d*(1 - t) + 1 given m/d >= q, t <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const m/d Real)
(declare-const q Real)
(declare-const t Real)
(assert (>= m/d q))
(assert (>= 1.0 t))
(assert (let ((a!1 (+ 1.0 (* (- 1.0) q (+ 1.0 (* (- 1.0) t)))))
      (a!2 (+ 1.0 (* (- 1.0) m/d (+ 1.0 (* (- 1.0) t))))))
  (not (>= a!1 a!2))))
(check-sat)
