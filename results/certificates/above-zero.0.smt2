; certificate version 1: above-zero, statement 0
; 1 - Spat >= tau*(1 - p)/p given Spat <= 1, tau <= 0, p > 0, p <= 1
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const Spat Real)
(declare-const p Real)
(declare-const tau Real)
(assert (distinct 0.0 p))
(assert (>= 1.0 Spat))
(assert (>= 0.0 tau))
(assert (< 0.0 p))
(assert (>= 1.0 p))
(assert (not (<= 0.0 (+ p (* (- 1.0) tau) (* p tau) (* (- 1.0) Spat p)))))
(check-sat)
