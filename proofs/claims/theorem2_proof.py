"""The proof of Theorem 2 of Kamath et al. (Section 3), line by line up to the upper bound."""

from __future__ import annotations

from sympy import Abs, sqrt

from proofs.checking.claim import Claim
from proofs.claims.theorem2 import REST, STANDARD_BOUND
from proofs.language.formulas import PRINTED_UPPER
from proofs.language.notation import (
    HALF,
    LAW,
    ONE,
    RIGHT,
    STANDARD,
    STD,
    SWAPPED,
    WRONG,
    ZERO,
    K,
    attack,
    c,
    d,
    eta,
    mean,
    p,
    q,
    real,
    share,
    sign,
    t,
    x0,
    y,
)
from proofs.language.statements import at_least, equal, exact, forall, identity, ratio

PROOF = "Section 3, proof of Theorem 2"
(AGREE, DIFFER) = real("u v")
"""Pr(f((y, G_{-y})) = -y) and Pr(f((-y, G_{-y})) = -y), added over both y."""

CLAIMS = [
    Claim(
        "thm2-attack",
        PROOF,
        "A_0 = 0, A_t = -4 c_t y/sqrt(d) turns G_y into G_{-y}",
        "proved",
        "The attack has to see the label y.",
        (
            identity(
                "printed",
                "mean 2 c_t y/sqrt(d) plus A_t is the mean for -y",
                mean + attack,
                2 * c * (-y) / sqrt(d),
                equal(mean, 2 * c * y / sqrt(d)),
                equal(attack, -4 * c * y / sqrt(d)),
            ),
        ),
        title="The attack of the proof turns each class into the other.",
    ),
    Claim(
        "thm2-attack-norm",
        PROOF,
        "the l_inf norm of A(x) is 4/sqrt(d), for all x",
        "proved",
        "Twice the mean: a = 2s in units of 1/sqrt(d). It is below 1 for d > 16 only; from d = 16 down x_0 can be "
        "turned.",
        (
            identity(
                "printed",
                "|4 c_t y/sqrt(d)| = 4/sqrt(d)",
                Abs(attack),
                4 / sqrt(d),
                equal(attack, -4 * c * y / sqrt(d)),
            ),
            exact("instead", "at d = 16 it is 1 (its square, 16/d)", equal(16 / d, 1), equal(d, 16)),
        ),
        title="The attack of the proof has the printed size.",
    ),
    Claim(
        "thm2-chain-condition",
        PROOF,
        "first two lines: Pr(f(X + A) != Y) = 1/2 sum_y {p Pr(f((y, G_-y)) = -y) + (1-p) Pr(f((-y, G_-y)) = -y)}",
        "proved",
        "X_0 is y with probability p, and not touched.",
        (
            identity(
                "printed",
                "errors: 1 - accuracy, given x_0 = y and given x_0 = -y",
                1 - SWAPPED,
                p * WRONG + (1 - p) * RIGHT,
            ),
            identity(
                "printed",
                "half the sum over the two labels is the average",
                (p * (q + t) + (1 - p) * (q + t)) / 2,
                (q + t) / 2,
            ),
        ),
        title="The first two lines of the chain are right.",
    ),
    Claim(
        "thm2-chain-weights",
        PROOF,
        "third line: p u + (1-p) v >= ((1-p)/p) {(1-p) u + p v}",
        "proved",
        "Equality in v, and p >= (1-p)^2/p in u.",
        (
            forall(
                "printed",
                "for u >= 0 and p >= 1/2",
                at_least(p * AGREE + (1 - p) * DIFFER, (1 - p) / p * ((1 - p) * AGREE + p * DIFFER)),
                LAW[0],
                at_least(AGREE, 0),
                touches=({p: ratio("7/10"), AGREE: ZERO, DIFFER: ONE}, {p: HALF, AGREE: ONE, DIFFER: ONE}),
            ),
        ),
        title="The third line of the chain is right.",
    ),
    Claim(
        "thm2-chain-relabel",
        PROOF,
        "fourth line: the sum over y of Pr(f((y, G_-y)) = -y) is that of Pr(f((-y, G_y)) = y)",
        "proved",
        "y and -y exchange their names.",
        (
            identity(
                "printed",
                "a sum over both labels is the same sum, begun with the other",
                q * (1 + sign) + t * (1 - sign),
                q * (1 - x0) + t * (1 + x0),
                equal(x0, -sign),
            ),
        ),
        title="The fourth line of the chain is right.",
    ),
    Claim(
        "thm2-chain",
        PROOF,
        "whole display: Pr(f(X + A(X)) != Y) >= ((1-p)/p) Pr(f(X) = Y)",
        "proved",
        "Holds for an attack that sees y, and for every rule; sign(x_0) attains it.",
        (
            forall(
                "printed",
                "for an attack that swaps the classes",
                at_least(1 - SWAPPED, (1 - p) / p * STANDARD),
                LAW[0],
                at_least(WRONG, 0),
                touches=({RIGHT: ONE, WRONG: ZERO, p: ratio("7/10")}, {RIGHT: ONE, WRONG: ONE, p: HALF}),
            ),
        ),
        title="The whole chain is right for attacks that see the label.",
    ),
    Claim(
        "thm2-standard",
        PROOF,
        "adversarial accuracy >= 1 - eta implies Pr(f(X) = Y) <= eta p/(1-p)",
        "proved",
        "The key inequality of the proof; attained by sign(x_0).",
        (STANDARD_BOUND,),
        title="Robustness at this radius bounds the standard accuracy.",
    ),
    Claim(
        "thm2-average",
        PROOF,
        "Pr(f(r(X)) = Y) = (m/d) sum over j = 1..d/m, and the term of the identity is Pr(f(X) = Y)",
        "proved",
        "The identity is j = d/m, so the second sum ends at d/m - 1.",
        (
            identity(
                "printed",
                "d/m terms of weight m/d: one of Pr(f(X) = Y), d/m - 1 others",
                (STD + (K - 1) * REST) / K,
                share * STD + (1 - share) * REST,
                equal(share, 1 / K),
            ),
        ),
        title="Spatial accuracy is a mean over the shifts, the identity among them.",
    ),
    Claim(
        "thm2-sum",
        PROOF,
        "(m/d) eta p/(1-p) + (m/d)(d/m - 1) = 1 - (m/d)(1 - eta p/(1-p))",
        "proved",
        "The last line of the display.",
        (
            identity(
                "printed",
                "with share for m/d, both are 1 - share + share eta p/(1-p)",
                share * eta * p / (1 - p) + share * (1 / share - 1),
                PRINTED_UPPER,
            ),
        ),
        title="The last line of the upper bound is right.",
    ),
]
