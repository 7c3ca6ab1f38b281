"""What is true in place of Theorem 2 at its own radius, eps = 2s/sqrt(d)."""

from __future__ import annotations

import sympy
import z3

from proofs.claims import Claim, Step
from proofs.evidence import identity, implication, lemma, satisfiable
from proofs.notation import ETA, LAW, RATES, RIGHT, STANDARD, SWAPPED, WRONG, P, c, eta, p, s
from proofs.theorem2 import reaches_shifted_law

SOURCE = "this project, in place of Theorem 2"
LOWER = 1 - eta
UPPER = 1 - (1 - p) / p * (1 - eta)
"""The corrected interval; `tradeoff.bounds.theorem2_corrected` evaluates the same at a = 2s."""
ROBUST = z3.Real("robust")  # adversarial accuracy


def upper() -> list[Step]:
    # RIGHT and WRONG are the accuracies on r_j(X) given x_0 = y and x_0 = -y; the attack on S_j swaps its classes.
    given = [*LAW, *RATES, ROBUST >= 0, ROBUST <= SWAPPED]
    bound = P * (1 - STANDARD) >= (1 - P) * ROBUST
    return [
        identity(
            "printed",
            "where r_j(c) = c the attack -2s y c takes the mean s y c to -s y r_j(c)",
            s * c - 2 * s * c,
            -s * c,
        ),
        identity("printed", "where r_j(c) = -c nothing moves, and s y c is -s y r_j(c)", s * c, -s * -c),
        lemma(
            "printed", "so the law of X + A given y is that of r_j(X) given -y, and Adv is at most the accuracy there"
        ),
        implication("printed", "Adv <= accuracy after the swap implies p(1 - Spat_j) >= (1-p) Adv", given, bound),
    ]


def lower() -> list[Step]:
    given = [ROBUST >= 1 - ETA, ROBUST <= STANDARD]
    return [
        *reaches_shifted_law(),
        implication("printed", "1 - eta <= Adv <= Spat_j implies Spat_j >= 1 - eta", given, STANDARD >= 1 - ETA),
    ]


def sharp() -> list[Step]:
    at_least = 1 - p  # eta of sign(x_0)
    return [
        identity(
            "printed",
            "at eta = 1 - p the lower end is p, the spatial accuracy of sign(x_0)",
            LOWER.subs(eta, at_least),
            p,
        ),
        identity("printed", "at eta = 1 - p the upper end is p, too", sympy.together(UPPER.subs(eta, at_least)), p),
        satisfiable(
            "hypothesis",
            "sign(x_0): right given x_0 = y, wrong given x_0 = -y, also after the swap",
            [*LAW, RIGHT == 1, WRONG == 0, STANDARD == P, SWAPPED == P],
        ),
    ]


def stronger() -> list[Step]:
    share, error = z3.Reals("share eta")
    given = [*LAW, share > 0, share <= 1, error >= 1 - P, error <= 1]
    corrected, printed = 1 - (1 - P) / P * (1 - error), 1 - share * (1 - error * P / (1 - P))
    return [
        implication(
            "printed", "upper ends: 1 - ((1-p)/p)(1 - eta) <= 1 - (m/d)(1 - eta p/(1-p))", given, corrected <= printed
        ),
        implication(
            "printed", "lower ends: (1 - m/d)(1 - eta) <= 1 - eta", given, (1 - share) * (1 - error) <= 1 - error
        ),
    ]


CLAIMS = [
    Claim(
        "corrected-lower",
        SOURCE,
        "Adv >= 1 - eta implies Pr(f(r_j(X)) = Y) >= 1 - eta for every j",
        "proved",
        "Robustness at this radius forces spatial accuracy; it does not forbid it.",
        lower,
    ),
    Claim(
        "corrected-upper",
        SOURCE,
        "Adv >= 1 - eta implies Pr(f(r_j(X)) = Y) <= 1 - ((1-p)/p)(1 - eta) for every j",
        "proved",
        "For every step alike: the size of the group does not enter.",
        upper,
    ),
    Claim(
        "corrected-sharp",
        SOURCE,
        "at the least possible eta = 1 - p the interval is the point p, attained by sign(x_0)",
        "proved",
        "The interval cannot be improved there.",
        sharp,
    ),
    Claim(
        "corrected-stronger",
        SOURCE,
        "wherever eta is possible, the corrected interval lies inside the printed one",
        "proved",
        "It can replace the printed one; they meet only at m = d, eta = 1 - p.",
        stronger,
    ),
]
