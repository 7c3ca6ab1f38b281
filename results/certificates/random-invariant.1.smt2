; certificate version 1: random-invariant, statement 1
; sum' = sum given sum = rest + v, sum' = rest + v', v' = v
(set-logic QF_NRA)
(set-info :status unsat)
(declare-const rest Real)
(declare-const sum Real)
(declare-const |sum'| Real)
(declare-const v Real)
(declare-const |v'| Real)
(assert (= sum (+ rest v)))
(assert (= |sum'| (+ rest |v'|)))
(assert (= |v'| v))
(assert (not (= |sum'| sum)))
(check-sat)
