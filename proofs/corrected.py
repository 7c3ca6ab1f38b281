"""What is true in place of Theorem 2 at its own radius, eps = 2s/sqrt(d)."""

from __future__ import annotations

import sympy
import z3

from proofs.claims import Claim, Step
from proofs.evidence import identity, implication, satisfiable
from proofs.notation import LAW, RATES, RIGHT, STANDARD, SWAPPED, WRONG, P, c, eta, p, s

SOURCE = "this project, in place of Theorem 2"
LOWER = 1 - eta
UPPER = 1 - (1 - p) / p * (1 - eta)
"""The corrected interval; `tradeoff.bounds.theorem2_corrected` evaluates the same at a = 2s."""
ROBUST = z3.Real("robust")  # adversarial accuracy


def off_agreement() -> list[Step]:
    """The attack -2s y c/sqrt(d) where c and r_j(c) differ, none where they agree: its norm is the radius."""
    return [
        identity(
            "printed", "off S_j the attack takes the mean s y c to s y r_j(c), r_j(c) = -c", s * c - 2 * s * c, s * (-c)
        ),
    ]


def on_agreement() -> list[Step]:
    """The same attack on S_j only: the law of r_j(X) given -y."""
    return [
        identity(
            "printed", "on S_j the attack takes the mean s y c to -s y r_j(c), r_j(c) = c", s * c - 2 * s * c, -s * c
        ),
        identity("printed", "off S_j the mean s y c is -s y r_j(c) already, r_j(c) = -c", s * c, -s * (-c)),
    ]


def lower() -> list[Step]:
    # Adv is an infimum over attacks, so it is at most the accuracy under this one, which is Spat_j.
    return off_agreement()


def upper() -> list[Step]:
    # RIGHT and WRONG are the accuracies on r_j(X) given x_0 = y and x_0 = -y; the attack on S_j swaps its classes.
    given = [*LAW, *RATES, ROBUST >= 0, ROBUST <= SWAPPED]
    bound = P * (1 - STANDARD) >= (1 - P) * ROBUST
    return [
        *on_agreement(),
        implication("printed", "Adv <= accuracy after the swap implies p(1 - Spat_j) >= (1-p) Adv", given, bound),
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
    given = [*LAW, share > 0, share < 1, error >= 1 - P, error <= 1]
    corrected, printed = 1 - (1 - P) / P * (1 - error), 1 - share * (1 - error * P / (1 - P))
    # Per shift: the printed proof bounds the identity by eta p/(1-p) and every other shift by 1.
    return [
        implication(
            "printed",
            "per shift: 1 - ((1-p)/p)(1 - eta) <= eta p/(1-p) wherever eta is possible",
            given,
            corrected <= error * P / (1 - P),
        ),
        implication("printed", "1 - eta is above (1 - m/d)(1 - eta)", given, (1 - share) * (1 - error) <= 1 - error),
        implication(
            "printed",
            "over all shifts, m <= d/2 and eta = 1 - p: p <= printed upper end",
            [*given, share <= z3.RealVal("1/2"), error == 1 - P],
            printed >= P,
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
        "the corrected interval is never weaker per shift than what the printed proof shows",
        "proved",
        "Where eta is possible it can replace the printed one.",
        stronger,
    ),
]
