"""Proposition 1 of Kamath et al. (Section 3), step by printed step."""

from __future__ import annotations

import sympy
import z3
from flint import arb

from proofs.claims import Claim, Step
from proofs.evidence import exact, identity, implication, lemma, less, normal_cdf, number
from proofs.notation import agree, c, d, x, y

SOURCE = "Section 3, Proposition 1"
PHI_2, PHI_HALF = "Phi(2)", "Phi(1/2)"


def phi(value: str | int) -> arb:
    return normal_cdf(number(value))


def bayes_rule() -> list[Step]:
    mean = 2 * c / sympy.sqrt(d)
    evidence = -((x - mean) ** 2) / 2 + (x + mean) ** 2 / 2  # the two log densities, given y = 1 and y = -1
    weight, total, odds = sympy.sqrt(d) / 4, sympy.Symbol("T", real=True), sympy.Symbol("log_rho", real=True)
    return [
        identity("printed", "one coordinate's log-likelihood ratio is 4 c_t x_t/sqrt(d)", evidence, c * x / weight),
        identity(
            "printed",
            "with T = sum_t c_t x_t, sqrt(d)/4 times (4 T/sqrt(d) + log rho) is T + (sqrt(d)/4) log rho",
            weight * (total / weight + odds),
            total + sympy.sqrt(d) / 4 * odds,
        ),
        lemma(
            "printed",
            "the sign of the log-likelihood ratio is the most accurate rule for equally likely labels (Bayes)",
        ),
    ]


def sum_law() -> list[Step]:
    # One term has mean c (2 c y / sqrt(d)) with c^2 = 1, and variance c^2 = 1; there are d independent ones.
    mean = (d * c * 2 * c * y / sqrt_d()).subs(c**2, 1)
    return [
        identity("printed", "the mean is 2 y sqrt(d)", mean, 2 * y * sqrt_d()),
        identity(
            "printed",
            "the variance is d, so the standard deviation is sqrt(d)",
            (d * c**2).subs(c**2, 1),
            sqrt_d() ** 2,
        ),
    ]


def sqrt_d() -> sympy.Expr:
    return sympy.sqrt(d)


def accuracy_97() -> list[Step]:
    return [less("printed", f"0.97 < {PHI_2}, the accuracy of f* at p = 1/2", number("0.97"), phi(2))]


def printed_deviation() -> list[Step]:
    length, agreeing = 16, 10  # delta = 6/16 = 3/8
    coefficients = [1] * agreeing + [-1] * (length - agreeing)
    variance, printed = sum(a * a for a in coefficients), 2 * agreeing - length
    return [
        exact(
            "counterexample",
            "d = 16, |S| = 10: the variance is not 2|S| - d",
            variance != printed,
            f"variance {variance}, printed {printed}",
        ),
        identity("instead", "the variance is |S| (+1)^2 + (d - |S|) (-1)^2 = d", agree + (d - agree), d),
    ]


def printed_ratio() -> list[Step]:
    length, agreeing = 16, 10
    left = sympy.Rational(abs(2 * (2 * agreeing - length))) / sympy.sqrt(2 * agreeing - length)
    agreeing_z3, length_z3, delta = z3.Reals("S d delta")
    given = [length_z3 > 0, agreeing_z3 <= (1 - delta) * length_z3, delta >= z3.RealVal("3/8")]
    ratio = 2 * (2 * agreeing_z3 - length_z3) / length_z3
    return [
        exact(
            "counterexample",
            "d = 16, |S| = 10, delta = 3/8: the displayed ratio is above 1",
            bool(left > 1),
            f"it is {left}",
        ),
        implication(
            "repair",
            "mean over sqrt(d) is 2(2|S| - d)/d <= 2(1 - 2 delta) <= 1/2",
            given,
            z3.And(ratio <= 2 * (1 - 2 * delta), ratio <= z3.RealVal("1/2")),
        ),
    ]


def moved_accuracy(correlation: str, p: str) -> arb:
    """h(2 rho, L/4): accuracy of f* on r_j(X) with <u, r_j(u)> = rho."""
    weight, mu = (number(p) / (1 - number(p))).log() / 4, 2 * number(correlation)
    return number(p) * normal_cdf(mu + weight) + (1 - number(p)) * normal_cdf(mu - weight)


def any_shift() -> list[Step]:
    return [
        less("counterexample", f"j = d/m is the identity: 0.85 < {PHI_2}", number("0.85"), phi(2)),
        less("repair", f"every other j, at p = 1/2: {PHI_HALF} < 0.85", phi("0.5"), number("0.85")),
        less("instead", "correlation 1/4, p = 0.93: still below 0.85", moved_accuracy("0.25", "0.93"), number("0.85")),
        less("instead", "correlation 1/4, p = 0.94: above 0.85", number("0.85"), moved_accuracy("0.25", "0.94")),
    ]


def random_shift() -> list[Step]:
    high, low, share = z3.Reals("high low share")
    half = z3.RealVal("1/2")
    return [
        less("counterexample", f"m = d leaves the identity alone: 0.85 < {PHI_2}", number("0.85"), phi(2)),
        less("repair", f"two shifts: ({PHI_2} + {PHI_HALF})/2 < 0.85", (phi(2) + phi("0.5")) / 2, number("0.85")),
        implication(
            "repair",
            "more shifts give the identity less weight",
            [high >= low, share >= 0, share <= half],
            share * high + (1 - share) * low <= half * high + (1 - half) * low,
        ),
        less(
            "instead",
            "two shifts, correlation 1/4, p = 0.75: above 0.85",
            number("0.85"),
            (moved_accuracy("1", "0.75") + moved_accuracy("0.25", "0.75")) / 2,
        ),
    ]


CLAIMS = [
    Claim(
        "prop1-bayes-rule",
        SOURCE,
        "f*(x) = sign(sum_t c_t x_t + (sqrt(d)/4) log rho(x_0)) maximises accuracy",
        "proved",
        "The rule is right; in units of |u| = 1 its weight on sign(x_0) is L/4.",
        bayes_rule,
    ),
    Claim(
        "prop1-sum-law",
        SOURCE,
        "sum_t c_t X_t | Y = y ~ N(2 y sqrt(d), sqrt(d)), second argument a standard deviation",
        "proved",
        "f* has accuracy Phi(2) at p = 1/2.",
        sum_law,
    ),
    Claim(
        "prop1-accuracy",
        SOURCE,
        "the classifier of maximum accuracy on (X, Y) has accuracy at least 97%",
        "proved",
        "Shown at p = 1/2; for larger p the rule that ignores x_0 has the same accuracy and f* at least that.",
        accuracy_97,
    ),
    Claim(
        "prop1-deviation",
        SOURCE,
        "sum_S c_t X_t - sum_{not S} c_t X_t has standard deviation sqrt(2|S_j| - d)",
        "refuted",
        "Signs do not change variances: it is sqrt(d). The printed root is not even real for |S_j| < d/2.",
        printed_deviation,
    ),
    Claim(
        "prop1-ratio",
        SOURCE,
        "|2y(2|S_j| - d)| / sqrt(2|S_j| - d) <= 2 sqrt(1 - 2 delta) = 1 for delta >= 3/8",
        "repaired",
        "The display loses a factor sqrt(d) and takes the wrong deviation; only the upper side is needed: 1/2.",
        printed_ratio,
    ),
    Claim(
        "prop1-any-shift",
        SOURCE,
        "there is a p >= 1/2 such that f* applied to (r_j(X), Y) has accuracy at most 85%, for any j",
        "repaired",
        "True at p = 1/2 for every j but the identity, with Phi(1/2) = 0.6915 in place of 0.8413; not for p near 1.",
        any_shift,
    ),
    Claim(
        "prop1-random-shift",
        SOURCE,
        "for that p, the same bound (85%) holds for the data transformed using r(x)",
        "repaired",
        "True at p = 1/2 for m < d: at least half the weight lies on other shifts than the identity. Not for p near 1.",
        random_shift,
    ),
]
