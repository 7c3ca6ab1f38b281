"""The two theorems of Tsipras et al. 2019, from our own statement of them in `tradeoff.bounds.tsipras`."""

from __future__ import annotations

from sympy import Basic, Integer, exp, pi, sqrt

from proofs.checking.claim import Claim
from proofs.language.formulas import TSIPRAS, shortfall
from proofs.language.functions import Phi
from proofs.language.notation import (
    LAW,
    ONE,
    RIGHT,
    STANDARD,
    SWAPPED,
    WRONG,
    ZERO,
    attack,
    delta,
    eps,
    eta,
    k,
    mean,
    p,
    q,
    real,
    t,
    y,
)
from proofs.language.statements import above, at_least, at_most, cited, equal, exact, forall, identity, numbers, ratio

SOURCE = "Tsipras et al. 2019 (from our own statement)"
(STRONG, WEAK) = real("w_1 weak")
"""Weight on x_1; eta times the sum of |w| over the weak features."""
LEVEL = equal(t, ratio("2.3264"))
"""Phi(-t) is just below 1%."""


def density(z: Basic) -> Basic:
    """The standard normal density."""
    return exp(-(z**2) / 2) / sqrt(2 * pi)


CLAIMS = [
    Claim(
        "tsipras-1",
        SOURCE + ", Theorem 2.1",
        "accuracy at least 1 - delta implies adversarial accuracy at most delta p/(1-p) at eps >= 2 eta",
        "proved",
        "Attained by sign(x_1), with delta = 1 - p.",
        (
            identity(
                "printed",
                "the attack -2 eta y takes the mean eta y of a weak feature to that of -y",
                mean + attack,
                -eta * y,
                equal(mean, eta * y),
                equal(attack, -2 * eta * y),
            ),
            forall(
                "printed",
                "accuracy after this swap of the classes",
                at_most(SWAPPED, TSIPRAS),
                *LAW,
                at_most(RIGHT, 1),
                at_least(STANDARD, 1 - delta),
                touches={RIGHT: ONE, WRONG: ZERO, p: ratio("7/10"), delta: ratio("3/10")},
            ),
            exact(
                "instead",
                "p = 0.95, delta = 0.01: at most 0.19",
                equal(TSIPRAS, ratio("0.19")),
                equal(p, ratio("0.95")),
                equal(delta, ratio("0.01")),
            ),
        ),
        title="High accuracy forces low adversarial accuracy in the model of Tsipras et al.",
    ),
    Claim(
        "tsipras-2-standard",
        SOURCE + ", Theorem 2.2, first half",
        "for eta >= 4/sqrt(d) the unit-norm soft-margin SVM has accuracy above 99%",
        "proved",
        "Its loss is at most that of equal weak weights, and every mistake costs at least 1.",
        (
            forall(
                "printed", "a margin M <= 0 has loss 1 - M >= 1", at_least(1 - q, 1), at_most(q, 0), touches={q: ZERO}
            ),
            numbers(
                "printed",
                "equal weak weights: M is N(4, 1) or better, of loss below 1/100",
                above(ratio("1/100"), shortfall(1 - t)),
                equal(t, 4),
                by="0.00962",
            ),
            cited("printed", "the loss falls as the mean of M grows"),
        ),
        title="The support vector machine has an accuracy above 99%.",
    ),
    Claim(
        "tsipras-2-robust",
        SOURCE + ", Theorem 2.2, first half",
        "for p <= 0.975 and eta >= 4/sqrt(d) its adversarial accuracy at eps >= 2 eta is below 1%",
        "proved",
        "What makes the margin large on clean data makes it as negative under attack.",
        (
            identity(
                "printed",
                "the attack -2 eta sign(w) y takes the mean eta |w| of the weak margin to -eta |w|",
                mean + attack,
                -eta * q,
                equal(mean, eta * q),
                equal(attack, -2 * eta * q),
            ),
            cited(
                "printed",
                "so the attacked rule is right at most where the mirror of the clean margin with x_1 = -y "
                "(with x_1 = y if w_1 < 0) is below 0",
            ),
            exact(
                "printed",
                "p <= 0.975: given x_1 = -y the loss is at most 40 times the whole loss",
                equal(1 / (1 - p), 40),
                equal(p, ratio("0.975")),
            ),
            numbers(
                "printed",
                "which is less than a margin below 0 in 1% of cases costs: deviation 1",
                above(shortfall(1 - t), 40 * shortfall(Integer(-3))),
                LEVEL,
                by="0.0277",
            ),
            numbers(
                "printed",
                "a smaller deviation 1/k costs more: the slope of that cost is positive at k = 1",
                above(t * Phi(1 - t) - density(1 - t), 0),
                LEVEL,
                by="0.0493",
            ),
            identity("printed", "and grows with k: its derivative is k phi(k - t)", t * q + (k - t) * q, k * q),
            numbers("printed", "Phi(-t) is below 1%", above(ratio("0.01"), Phi(-t)), LEVEL, by="0.0000014"),
        ),
        title="Under attack the support vector machine has an accuracy below 1%.",
    ),
    Claim(
        "tsipras-2-adversarial",
        SOURCE + ", Theorem 2.2, second half",
        "with adversarial hinge loss at eps >= 2 eta the rule is sign(x_1): both accuracies are p",
        "repaired",
        "It needs a reliable x_1. For small p one weak feature has the smaller loss, and is right less often than a "
        "coin.",
        (
            numbers(
                "counterexample",
                "p = 0.6, eps = 2 eta = 0.8: x_1 alone has loss 2 - 2p + eps = 1.6, one weak feature alone, of "
                "margin N(eta - eps, 1), 1.437",
                above(2 - 2 * p + eps, shortfall(1 + eps / 2)),
                equal(p, ratio("3/5")),
                equal(eps, ratio("4/5")),
                by="0.1633",
            ),
            cited("repair", "max(0, 1 - M) >= 1 - M, with equality for x_1 alone, whose margins are at most 1"),
            forall(
                "repair",
                "E(1 - M) >= 1 - (2p - 1 - eps) w_1 + eta |w|, which is least at w_1 = 1, w = 0",
                at_least(1 - (2 * p - 1 - eps) * STRONG + WEAK, 1 - (2 * p - 1 - eps)),
                at_most(STRONG, 1),
                at_least(WEAK, 0),
                at_most(eps, 2 * p - 1),
                touches=(
                    {STRONG: ONE, WEAK: ZERO, p: ratio("9/10"), eps: ratio("1/2")},
                    {STRONG: ZERO, WEAK: ZERO, p: ratio("9/10"), eps: ratio("4/5")},
                ),
            ),
        ),
        repair="For 2 eta <= eps <= 2p - 1.",
        picture=("sides", "loss of x_1 alone", "one weak feature"),
        title="Adversarial training takes the robust feature only where that is reliable.",
    ),
]
