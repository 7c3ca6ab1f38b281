"""Theorem 2 of Kamath et al. (Section 3) and the sentences around it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy
import z3

from proofs.claims import Claim, Role, Step
from proofs.evidence import exact, identity, implication, lemma, less, normal_cdf, number, satisfiable
from proofs.notation import ETA, LAW, RATES, RIGHT, SHARE, STANDARD, SWAPPED, WRONG, P, c, d, eta, p, s, share, sign, y
from tradeoff import shifts

SOURCE = "Section 3, Theorem 2"
PRINTED_LOWER = (1 - share) * (1 - eta)
PRINTED_UPPER = 1 - share * (1 - eta * p / (1 - p))
"""The printed interval, share = m/d; `tradeoff.bounds.theorem2_formula` evaluates the same."""
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


def sign_survives(role: Role) -> Step:
    """An attack of size eps < 1 moves x_0 = +-1 without turning its sign, so sign(x_0) keeps accuracy p."""
    x0, move, eps = z3.Reals("x0 move eps")
    small = [z3.Or(x0 == 1, x0 == -1), move <= eps, move >= -eps, eps < 1]
    return implication(role, "an attack of size eps < 1 cannot turn the sign of x_0 = +-1", small, x0 * (x0 + move) > 0)


def upper() -> list[Step]:
    rest = z3.Real("rest")  # mean accuracy over the other shifts
    spatial = SHARE * STANDARD + (1 - SHARE) * rest
    given = [*LAW, *RATES, *ROBUST, SHARE > 0, SHARE <= 1, rest >= 0, rest <= 1]
    sign_x0 = [RIGHT == 1, WRONG == 0, z3.RealVal("7/10") == P, z3.RealVal("4/10") == ETA]
    return [
        implication(
            "printed",
            "the other shifts count as 1: Spat <= 1 - (m/d)(1 - eta p/(1-p))",
            given,
            spatial <= 1 - SHARE * (1 - ETA * P / (1 - P)),
        ),
        satisfiable("hypothesis", "sign(x_0) satisfies it at p = 7/10, eta = 4/10", [*LAW, *RATES, *ROBUST, *sign_x0]),
        sign_survives("hypothesis"),
    ]


def lower() -> list[Step]:
    standard, rest, robust = z3.Reals("standard rest robust")
    given = [SHARE > 0, SHARE <= 1, ETA >= 0, ETA <= 1, standard >= 0, robust >= 1 - ETA, rest >= robust]
    return [
        *reaches_shifted_law(),
        implication(
            "printed",
            "Adv <= accuracy on every other shift, so Spat >= (1 - m/d)(1 - eta)",
            given,
            SHARE * standard + (1 - SHARE) * rest >= (1 - SHARE) * (1 - ETA),
        ),
    ]


def reaches_shifted_law() -> list[Step]:
    """The attack -2s y c/sqrt(d) where c and r_j(c) differ, none where they agree: its norm is the radius."""
    return [
        identity(
            "printed", "where r_j(c) = -c the attack takes the mean s y c to s y r_j(c)", s * c - 2 * s * c, s * -c
        ),
        identity(
            "printed", "where r_j(c) = c nothing moves, and s y c is s y r_j(c)", s * c, (s * sign * c).subs(sign, 1)
        ),
        lemma("printed", "normal laws of the same mean and covariance are one law, so X + A is r_j(X) in law"),
        lemma(
            "printed", "adversarial accuracy is an infimum over attacks, so it is at most the accuracy under this one"
        ),
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
    eps = Fraction(4, 8)  # 4/sqrt(d) at d = 64
    return [
        exact("counterexample", "d = 64: the theorem's eps = 4/sqrt(d) = 1/2 is below 1", eps < 1, f"eps = {eps}"),
        sign_survives("counterexample"),
        lemma("counterexample", "a shift leaves x_0 alone, so sign(x_0) has both accuracies p; p = 0.99 is allowed"),
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
