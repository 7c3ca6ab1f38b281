"""What is true in place of Theorem 2: at its own radius, eps = 2s/sqrt(d), and at any other."""

from __future__ import annotations

from proofs.checking.claim import Claim
from proofs.claims.theorem2 import point
from proofs.language.formulas import LOWER, PRINTED_LOWER, PRINTED_UPPER, UPPER
from proofs.language.notation import (
    ADV,
    HALF,
    LAW,
    ONE,
    RIGHT,
    SPAT,
    STANDARD,
    SWAPPED,
    WRONG,
    ZERO,
    attack,
    c,
    eta,
    mean,
    p,
    real,
    s,
    share,
    sign,
    y,
)
from proofs.language.statements import above, at_least, at_most, cited, equal, forall, identity, ratio

SOURCE = "this project, in place of Theorem 2"
(UNDER_SWAP,) = real("w")
"""SWAPPED as one letter: in two steps cvc5 settles what it leaves open in one."""

CLAIMS = [
    Claim(
        "corrected-reach",
        SOURCE,
        "an attack of size 2s/sqrt(d) gives X the law of r_j(X), for every j",
        "proved",
        "It acts where c and r_j(c) differ, and nowhere else.",
        (
            identity(
                "printed",
                "where r_j(c) = -c the attack -2 s y c takes the mean s y c to s y r_j(c)",
                mean + attack,
                s * y * sign * c,
                equal(mean, s * y * c),
                equal(attack, -2 * s * y * c * (1 - sign) / 2),
            ),
            cited("printed", "normal laws of the same mean and covariance are one law"),
        ),
    ),
    Claim(
        "corrected-lower",
        SOURCE,
        "Adv >= 1 - eta implies Pr(f(r_j(X)) = Y) >= 1 - eta for every j",
        "proved",
        "Robustness at this radius forces spatial accuracy; it does not forbid it.",
        (
            forall(
                "printed",
                "Adv is at most the accuracy under the attack of corrected-reach",
                at_least(SPAT, LOWER),
                at_least(SPAT, ADV),
                at_least(ADV, 1 - eta),
                touches={SPAT: HALF, ADV: HALF, eta: HALF},
            ),
        ),
    ),
    Claim(
        "corrected-upper",
        SOURCE,
        "Adv >= 1 - eta implies Pr(f(r_j(X)) = Y) <= 1 - ((1-p)/p)(1 - eta) for every j",
        "proved",
        "For every step alike: the size of the group does not enter.",
        (
            identity(
                "printed",
                "where r_j(c) = c the attack -2 s y c takes the mean to that of r_j(X) given -y",
                mean + attack,
                -s * y * sign * c,
                equal(mean, s * y * c),
                equal(attack, -2 * s * y * c * (1 + sign) / 2),
            ),
            forall(
                "printed",
                "so Adv is at most the accuracy w on r_j(X) with swapped classes, and p (1 - Spat_j) >= (1-p) w",
                at_least(p * (1 - STANDARD), (1 - p) * SWAPPED),
                LAW[0],
                at_most(RIGHT, 1),
                touches=({RIGHT: ONE, WRONG: ZERO, p: ratio("7/10")}, {RIGHT: ZERO, WRONG: ZERO, p: HALF}),
            ),
            forall(
                "printed",
                "divided by p, for w >= Adv >= 1 - eta",
                at_most(SPAT, UPPER),
                at_least(p * (1 - SPAT), (1 - p) * UNDER_SWAP),
                at_least(UNDER_SWAP, 1 - eta),
                above(p, 0),
                at_most(p, 1),
                touches={SPAT: ratio("7/10"), p: ratio("7/10"), UNDER_SWAP: ratio("7/10"), eta: ratio("3/10")},
            ),
        ),
        picture=("interval",),
    ),
    Claim(
        "corrected-sharp",
        SOURCE,
        "at the least possible eta = 1 - p the interval is the point p, attained by sign(x_0)",
        "proved",
        "The interval cannot be improved there.",
        (
            identity("printed", "at eta = 1 - p the lower end is p", LOWER, p, equal(eta, 1 - p)),
            identity("printed", "and the upper end is p", UPPER, p, equal(eta, 1 - p)),
            *point("hypothesis"),
        ),
    ),
    Claim(
        "corrected-stronger",
        SOURCE,
        "wherever eta is possible, the corrected interval lies inside the printed one",
        "proved",
        "It can replace the printed one; they meet only at m = d, eta = 1 - p.",
        (
            forall(
                "printed",
                "the upper end lies below the printed one",
                at_most(UPPER, PRINTED_UPPER),
                *LAW,
                at_least(share, 0),
                at_most(share, 1),
                at_least(eta, 1 - p),
                at_most(eta, 1),
                touches=({share: ONE, p: ratio("7/10"), eta: ratio("3/10")}, {share: ZERO, p: HALF, eta: ONE}),
            ),
            forall(
                "printed",
                "the lower end lies above the printed one",
                at_least(LOWER, PRINTED_LOWER),
                at_least(share, 0),
                at_most(eta, 1),
                touches=({share: ZERO, eta: HALF}, {share: ONE, eta: ONE}),
            ),
        ),
        picture=("interval",),
    ),
]
