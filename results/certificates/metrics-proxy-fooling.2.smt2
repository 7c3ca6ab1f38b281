; certificate version 1: metrics-proxy-fooling, statement 2
; Adv >= -Fool + Std given Adv = rr, Fool = -rr - ww + 1, ww <= 1 - Std
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Fool Real)
(declare-const Std Real)
(declare-const rr Real)
(declare-const ww Real)
(assert (= Adv rr))
(assert (= Fool (+ 1.0 (* (- 1.0) rr) (* (- 1.0) ww))))
(assert (<= ww (+ 1.0 (* (- 1.0) Std))))
(assert (not (>= Adv (+ Std (* (- 1.0) Fool)))))
(check-sat)
