"""Theorem 2 of Kamath et al. (Section 3) and the sentences around it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy
import z3

from proofs.claims import Claim, Step
from proofs.evidence import exact, identity, implication, less, normal_cdf, number, satisfiable
from proofs.notation import ETA, LAW, RATES, SHARE, STANDARD, SWAPPED, P, c, d, eta, p, share, y
from tradeoff import accuracy, families, rules, shifts
from tradeoff.codes import CyclicWord
from tradeoff.distribution import CyclicGaussian

SOURCE = "Section 3, Theorem 2"
PRINTED_LOWER = (1 - share) * (1 - eta)
PRINTED_UPPER = 1 - share * (1 - eta * p / (1 - p))
"""The printed interval, share = m/d; `tradeoff.bounds.theorem2_printed` evaluates the same."""
ROBUST = [STANDARD >= 1 - ETA, SWAPPED >= 1 - ETA, ETA >= 0, ETA <= 1]
"""What the hypothesis says about two of its attacks: none at all, and the one that swaps the classes."""


def swap() -> list[Step]:
    moved = 2 * c * y / sympy.sqrt(d) - 4 * c * y / sympy.sqrt(d)
    return [
        identity(
            "printed", "mean 2 c y/sqrt(d) minus 4 c y/sqrt(d) is the mean for -y", moved, 2 * c * (-y) / sympy.sqrt(d)
        )
    ]


def chain() -> list[Step]:
    return [
        implication(
            "printed",
            "1 - Pr(f(X + A) = Y) >= ((1-p)/p) Pr(f(X) = Y)",
            [*LAW, *RATES],
            1 - SWAPPED >= (1 - P) / P * STANDARD,
        )
    ]


def standard_bound() -> list[Step]:
    return [
        implication(
            "printed",
            "robust at eta implies Pr(f(X) = Y) <= eta p/(1-p)",
            [*LAW, *RATES, *ROBUST],
            STANDARD <= ETA * P / (1 - P),
        )
    ]


def label_blind() -> list[Step]:
    two, four, six = number(2), number(4), number(6)
    # f* at p = 1/2 sees z ~ N(2y, 1); an attack that knows z but not y turns the answer wherever |z| < 4.
    robust = 2 * normal_cdf(-two) - normal_cdf(-six)
    return [
        less(
            "counterexample",
            "f*, p = 1/2: eta = 1 - (2 Phi(-2) - Phi(-6)) < Phi(2) = Pr(f(X) = Y), and p/(1-p) = 1",
            1 - robust,
            normal_cdf(four / 2),
        ),
        *[
            Step("repair", step.checker, "with an attack that sees y: " + step.statement, step.holds, step.detail)
            for step in standard_bound()
        ],
    ]


def hypothesis() -> list[Step]:
    return [satisfiable("hypothesis", "some rule, p and eta < 1 - p satisfy it", [*LAW, *RATES, *ROBUST, ETA < 1 - P])]


def advertised_limit() -> list[Step]:
    at_half = [z3.RealVal("1/2") == P, z3.RealVal("1/2") > ETA]
    limits = [bound.subs({p: sympy.Rational(1, 2), eta: 0}) for bound in (PRINTED_LOWER, PRINTED_UPPER)]
    return [
        identity("printed", "at p = 1/2, eta = 0 the lower bound is 1 - m/d", limits[0], 1 - share),
        identity("printed", "at p = 1/2, eta = 0 the upper bound is 1 - m/d", limits[1], 1 - share),
        satisfiable(
            "hypothesis", "some rule satisfies it at p = 1/2 with eta < 1/2", [*LAW, *RATES, *ROBUST, *at_half]
        ),
    ]


def upper() -> list[Step]:
    rest = z3.Real("rest")  # mean accuracy over the other shifts
    spatial = SHARE * STANDARD + (1 - SHARE) * rest
    given = [*LAW, *RATES, *ROBUST, SHARE > 0, SHARE <= 1, rest >= 0, rest <= 1]
    return [
        implication(
            "printed",
            "the other shifts count as 1: Spat <= 1 - (m/d)(1 - eta p/(1-p))",
            given,
            spatial <= 1 - SHARE * (1 - ETA * P / (1 - P)),
        ),
        satisfiable(
            "hypothesis",
            "some rule satisfies it at p = 7/10, eta = 4/10",
            [*LAW, *RATES, *ROBUST, z3.RealVal("7/10") == P, z3.RealVal("4/10") == ETA],
        ),
    ]


def lower() -> list[Step]:
    standard, rest = z3.Reals("standard rest")
    given = [SHARE > 0, SHARE <= 1, ETA >= 0, ETA <= 1, standard >= 0, rest >= 1 - ETA]
    return [
        implication(
            "printed",
            "each other shift is an attack in law: Spat >= (1 - m/d)(1 - eta)",
            given,
            SHARE * standard + (1 - SHARE) * rest >= (1 - SHARE) * (1 - ETA),
        )
    ]


def pointwise() -> list[Step]:
    x = np.array([0, 1, 0, 0])
    differences = set((shifts.shift(x, step=1) - x).tolist())
    allowed = {-2, 0, 2}  # 4/sqrt(4)
    letters = sympy.FiniteSet(-1, 1)
    means = {2 * (second - first) for first in letters for second in letters}  # times y/sqrt(d)
    return [
        exact(
            "counterexample",
            "d = 4, x = (0, 1, 0, 0): r_1(x) - x leaves {-2, 0, 2}",
            not differences <= allowed,
            f"differences {sorted(differences)}",
        ),
        exact(
            "repair",
            "the means differ by 2y(c' - c)/sqrt(d), which is 0 or +-4y/sqrt(d), so an attack reaches r_j(X) in law",
            means == {-4, 0, 4},
            f"values {sorted(means)}",
        ),
    ]


def larger_step() -> list[Step]:
    angles = {
        share_: {Fraction(360 * j) * share_ for j in range(int(1 / share_))}
        for share_ in (Fraction(1, 2), Fraction(1, 4), Fraction(1))
    }
    half, quarter, full = angles[Fraction(1, 2)], angles[Fraction(1, 4)], angles[Fraction(1)]
    return [
        exact(
            "counterexample",
            "m = d/2 turns by 0 and 180 degrees, m = d/4 by these and two more",
            half < quarter,
            f"{len(half)} and {len(quarter)} turns",
        ),
        exact("instead", "m = d turns by nothing: the range grows with d/m", full == {0}),
    ]


def both_high() -> list[Step]:
    word = CyclicWord(families.golay_quarter(64, 16), step=16)
    law = CyclicGaussian(word, p=0.99)
    rule = rules.sign_x0(law)
    x0, move, eps = z3.Reals("x0 move eps")
    small = [z3.Or(x0 == 1, x0 == -1), move <= eps, move >= -eps, eps < 1]
    robust, spatial = accuracy.adversarial(rule, law, scaled_radius=4.0), accuracy.spatial(rule, law)
    return [
        exact(
            "counterexample",
            "sign(x_0), p = 0.99, d = 64, eps = 4/sqrt(d) = 1/2: both accuracies are 0.99",
            robust == spatial == 0.99,
            f"{robust} and {spatial}",
        ),
        implication(
            "instead", "an attack of size eps < 1 cannot turn the sign of x_0 = +-1", small, x0 * (x0 + move) > 0
        ),
    ]


CLAIMS = [
    Claim(
        "thm2-attack",
        SOURCE,
        "A_t = -4 c_t y/sqrt(d) turns G_y into G_{-y}",
        "proved",
        "The attack has to see the label y.",
        swap,
    ),
    Claim(
        "thm2-chain",
        SOURCE,
        "Pr(f(X + A(X)) != Y) >= ((1-p)/p) Pr(f(X) = Y)",
        "proved",
        "The displayed chain holds for an attack that sees y.",
        chain,
    ),
    Claim(
        "thm2-standard",
        SOURCE,
        "adversarial accuracy >= 1 - eta implies Pr(f(X) = Y) <= eta p/(1-p)",
        "proved",
        "The key inequality of the proof.",
        standard_bound,
    ),
    Claim(
        "thm2-label-blind",
        "Section 2, definition of an attack, with Theorem 2",
        "the same, for attacks x -> x + A(x) that do not see y",
        "repaired",
        "Section 2 defines attacks without the label; the theorem needs them with it.",
        label_blind,
    ),
    Claim(
        "thm2-hypothesis",
        SOURCE,
        "suppose Pr(f(X + A(X)) = Y) >= 1 - eta for all attacks, with eta < 1 - p",
        "vacuous",
        "A = 0 is an attack: the hypothesis forces eta >= 1 - p, and the theorem is empty below.",
        hypothesis,
    ),
    Claim(
        "thm2-limit",
        SOURCE,
        "as p -> 1/2 and eta -> 0, both bounds approach 1 - m/d",
        "vacuous",
        "No rule satisfies the hypothesis there: at p = 1/2 eta is at least 1/2.",
        advertised_limit,
    ),
    Claim(
        "thm2-upper",
        SOURCE,
        "Pr(f(r(X)) = Y) <= 1 - (m/d)(1 - eta p/(1-p))",
        "proved",
        "True where the hypothesis can be met, but it bounds every shift but one by 1; see corrected-upper.",
        upper,
    ),
    Claim(
        "thm2-lower",
        SOURCE,
        "(1 - m/d)(1 - eta) <= Pr(f(r(X)) = Y)",
        "proved",
        "True, and weaker than 1 - eta, which holds too; see corrected-lower.",
        lower,
    ),
    Claim(
        "thm2-pointwise",
        SOURCE,
        "(r_j(x))_t - x_t is in {-4y/sqrt(d), 0, 4y/sqrt(d)}",
        "repaired",
        "True of the means only; the noise of two coordinates differs without bound. In law it suffices.",
        pointwise,
    ),
    Claim(
        "thm2-larger-step",
        SOURCE,
        "larger rotations mean larger m",
        "refuted",
        "The range of shifts is d/m: m = d/4 contains all turns of m = d/2.",
        larger_step,
    ),
    Claim(
        "thm2-both-high",
        "Section 3, last sentence",
        "adversarial and spatial robustness can not both be high",
        "refuted",
        "sign(x_0) has both equal to p, for every p < 1, when d > 16.",
        both_high,
    ),
]
