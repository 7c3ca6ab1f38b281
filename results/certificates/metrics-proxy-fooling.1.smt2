; certificate version 1: metrics-proxy-fooling, statement 1
; Adv <= 1 - Fool given Adv = rr, Fool = -rr - ww + 1, ww >= 0
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Adv Real)
(declare-const Fool Real)
(declare-const rr Real)
(declare-const ww Real)
(assert (= Adv rr))
(assert (= Fool (+ 1.0 (* (- 1.0) rr) (* (- 1.0) ww))))
(assert (<= 0.0 ww))
(assert (not (<= Adv (+ 1.0 (* (- 1.0) Fool)))))
(check-sat)
