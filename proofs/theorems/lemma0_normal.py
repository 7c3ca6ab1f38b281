"""What the proofs need of the normal law, checked: Phi by its slope and its two ends, and exp as a rising function."""

from __future__ import annotations

from sympy import Integer, Mul, Pow, exp, oo, pi, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.language.functions import Lim, Phi, Slope
from proofs.language.notation import b, mu, q, t, z
from proofs.language.statements import above, at_least, at_most, equal, forall, identity, ratio, unequal

HALF, ONE, ZERO = ratio("1/2"), Integer(1), Integer(0)

NORMAL = Theorem(
    "normal",
    "Lemma 0: the normal distribution function",
    "Phi rises from its limit 0 at -infinity to its limit 1 at infinity, without reaching either; Phi(z) + Phi(-z) = "
    "1; and Phi(z - mu) is the probability that a normal variable of mean mu and variance 1 is at most z.",
    r"""$\Phi$ is strictly increasing with limits $0$ and $1$, $0<\Phi<1$, $\Phi(z)+\Phi(-z)=1$, and
$\Pr(N(\mu,1)\le z)=\Phi(z-\mu)$.""",
    (
        Line(
            "rises",
            "exp and Phi rise: the slope of each is positive everywhere",
            "So exp keeps the order of logarithms, and Phi that of its arguments.",
            (
                identity(
                    "printed",
                    "the slope of exp is a square",
                    Slope(exp(z), z),
                    Pow(exp(z / 2), 2, evaluate=False),
                ),
                identity("printed", "and not 0: exp(z) exp(-z) = 1", Mul(exp(z), exp(-z), evaluate=False), 1),
                identity(
                    "printed",
                    "the slope of Phi is the value of exp at -z^2/2, divided by sqrt(2 pi)",
                    Slope(Phi(z), z),
                    exp(-(z**2) / 2) / sqrt(2 * pi),
                ),
                forall(
                    "printed",
                    "a square that is not 0 is positive",
                    above(q, 0),
                    equal(q, t**2),
                    unequal(q, 0),
                    touches=(),
                ),
            ),
        ),
        Line(
            "ends",
            "Phi tends to 0 at -infinity and to 1 at infinity, and lies between: 0 < Phi(z) < 1",
            "So Phi takes every value between 0 and 1 once: Phi^-1(q) exists for 0 < q < 1.",
            (
                identity("printed", "at -infinity", Lim(Phi(z), z, -oo), 0),
                identity("printed", "at infinity", Lim(Phi(z), z, oo), 1),
                forall(
                    "printed",
                    "q = Phi(z) lies above t = Phi(z - 1), which is no less than the limit 0",
                    above(q, 0),
                    above(q, t),
                    at_least(t, 0),
                    touches=(),
                ),
                forall(
                    "printed",
                    "and below t = Phi(z + 1), which is no more than the limit 1",
                    above(1, q),
                    above(t, q),
                    at_most(t, 1),
                    touches=(),
                ),
            ),
            ("normal-rises",),
        ),
        Line(
            "mirror",
            "Phi(z) + Phi(-z) = 1, and Phi(0) = 1/2",
            "Both labels are alike, and a score without signal is right half of the time.",
            (
                identity("printed", "Phi(z) and -Phi(-z) have one slope", Slope(Phi(z), z), Slope(-Phi(-z), z)),
                identity("printed", "so the sum is constant, and its limit is 1", Lim(Phi(z) + Phi(-z), z, oo), 1),
                forall("printed", "q = Phi(0) twice is 1", equal(q, HALF), equal(q + q, 1), touches={q: HALF}),
            ),
            ("normal-ends",),
        ),
        Line(
            "moved",
            "a normal variable of mean mu is at most z with probability Phi(z - mu), above -b with Phi(mu + b)",
            "Either is 0 in the limit and has the density as its slope, so it is the integral of the density.",
            (
                identity(
                    "printed",
                    "Phi(z - mu) has the density of N(mu, 1) at z as its slope",
                    Slope(Phi(z - mu), z),
                    exp(-((z - mu) ** 2) / 2) / sqrt(2 * pi),
                ),
                identity("printed", "and tends to 0 at -infinity", Lim(Phi(z - mu), z, -oo), 0),
                identity(
                    "printed",
                    "Phi(mu + b) has the density at -b as its slope in b",
                    Slope(Phi(mu + b), b),
                    exp(-((-b - mu) ** 2) / 2) / sqrt(2 * pi),
                ),
                identity("printed", "and tends to 0 at -infinity", Lim(Phi(mu + b), b, -oo), 0),
            ),
            ("normal-ends",),
        ),
    ),
)
THEOREMS = (NORMAL,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
