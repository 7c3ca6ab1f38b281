"""Proposition 1 of Kamath et al. (Section 3): its statement, and the rules and laws of its proof."""

from __future__ import annotations

import sympy
from sympy import Integer, log, sqrt

from proofs.checking.claim import Claim
from proofs.language.counting import count
from proofs.language.formulas import AVERAGED, BAYES, MOVED
from proofs.language.functions import Phi
from proofs.language.notation import K, b, c, d, k, mean, mu, odds, p, q, rho, s, t, y
from proofs.language.statements import above, at_least, cited, equal, exact, forall, identity, numbers, ratio

SOURCE = "Section 3, Proposition 1"
SIGNAL, QUARTER = equal(s, 2), equal(rho, ratio("1/4"))
PERCENT_85, PERCENT_97 = ratio("0.85"), ratio("0.97")


def at(value: str) -> sympy.Basic:
    """The definition p = value."""
    return equal(p, ratio(value))


GROWS = (
    identity(
        "repair",
        "at b = L/(2s), p phi(mu + b) is exp(L (1 - mu/s)) times (1 - p) phi(mu - b): not less, for mu <= s",
        log(p) - (mu + b) ** 2 / 2,
        log(1 - p) - (mu - b) ** 2 / 2 + odds * (1 - mu / s),
        equal(b, odds / (2 * s)),
        equal(odds, log(p) - log(1 - p)),
    ),
    cited("repair", "so the accuracy h(mu, L/(2s)) grows with p, and what holds at one p holds for smaller ones"),
)
"""Why one p is enough for all below it, the identity and other shifts alike."""

CLAIMS = [
    Claim(
        "prop1-existence",
        SOURCE,
        "there is a cyclic code with relative distance delta >= 3/8",
        "proved",
        "By a word one can check, not by the citation. The words best known, m-sequences, have odd length and no m = "
        "d/4.",
        (
            exact("printed", "+++- agrees with its shift by 1 in 2 of 4 places", equal(count("same", "+++-", 1), 2)),
            exact("printed", "with its shift by 2 in 2", equal(count("same", "+++-", 2), 2)),
            exact("printed", "with its shift by 3 in 2: relative distance 1/2", equal(count("same", "+++-", 3), 2)),
            exact(
                "instead",
                "of length 6 no word will do for m = 1: the best has a correlation 2/6 > 1 - 2 (3/8)",
                above(count("least_peak", 6), 6 * (1 - 2 * ratio("3/8"))),
                by="1/2",
            ),
        ),
        picture=("shifts", "+++-", 1),
        title="A cyclic code of relative distance 3/8 exists.",
    ),
    Claim(
        "prop1-accuracy",
        SOURCE,
        "the classifier of maximum accuracy on (X, Y) has accuracy at least 97%",
        "proved",
        "For every p, not only near 1/2: more reliable bits help.",
        (
            numbers("printed", "at p = 1/2 it is Phi(2)", above(Phi(s), PERCENT_97), SIGNAL, by="0.0072"),
            identity(
                "printed",
                "the weight b = L/(2s) makes the accuracy stationary: p phi(s + b) = (1 - p) phi(s - b)",
                log(p) - (s + b) ** 2 / 2,
                log(1 - p) - (s - b) ** 2 / 2,
                equal(b, odds / (2 * s)),
                equal(odds, log(p) - log(1 - p)),
            ),
            cited("printed", "so its derivative in p is Phi(s + b) - Phi(s - b), which is not negative for b >= 0"),
            numbers("instead", "at p = 9/10", above(BAYES, PERCENT_97), SIGNAL, at("9/10"), by="0.0178"),
        ),
        title="The best classifier on unmoved data has at least 97%, whatever $p$ is.",
    ),
    Claim(
        "prop1-moved-accuracy",
        SOURCE,
        "the classifier of maximum accuracy on (r_j(X), Y) has accuracy at least 97%",
        "proved",
        "It is f* after the shift is undone, with the accuracy of f*.",
        (
            identity(
                "printed",
                "d terms (c_t)^2 2y/sqrt(d), where r_j(c) meets itself: mean 2 y sqrt(d)",
                d * mean * c,
                2 * y * sqrt(d),
                equal(mean, 2 * c * y / sqrt(d)),
            ),
            numbers("printed", "at p = 1/2 it is Phi(2)", above(Phi(s), PERCENT_97), SIGNAL, by="0.0072"),
        ),
        title="The best classifier on moved data has at least 97% there.",
    ),
    Claim(
        "prop1-any-shift",
        SOURCE,
        "f* applied to (r_j(X), Y), for any j, has accuracy at most 85%",
        "repaired",
        "True for p near 1/2 and every j but the identity, with Phi(1/2) = 0.6915 in place of 0.8413; not for p near "
        "1.",
        (
            numbers(
                "counterexample",
                "j = d/m is the identity: accuracy Phi(2)",
                above(Phi(s), PERCENT_85),
                SIGNAL,
                by="0.1272",
            ),
            numbers(
                "repair",
                "every other j, at p = 1/2: Phi(1/2)",
                above(PERCENT_85, Phi(s * rho)),
                SIGNAL,
                QUARTER,
                by="0.1585",
            ),
            forall(
                "repair",
                "a smaller correlation makes the mean s rho smaller",
                at_least(s * rho, s * q),
                at_least(rho, q),
                touches={s: Integer(2), rho: ratio("1/4"), q: ratio("1/4")},
            ),
            *GROWS,
            numbers(
                "instead",
                "correlation 1/4, p = 0.9355: still below 85%",
                above(PERCENT_85, MOVED),
                SIGNAL,
                QUARTER,
                at("0.9355"),
                by="0.000027",
            ),
            numbers(
                "instead",
                "correlation 1/4, p = 0.9356: above 85%",
                above(MOVED, PERCENT_85),
                SIGNAL,
                QUARTER,
                at("0.9356"),
                by="0.000085",
            ),
        ),
        repair="For every j other than d/m, and p up to 0.9355.",
        picture=("normals", (("j = d/m", 2), ("rho = 1/4", 0.5)), (0, 5), "right answers for y = 1"),
        title="The 85% of Proposition 1 fail for the identity, which is one of the shifts.",
    ),
    Claim(
        "prop1-random-shift",
        SOURCE,
        "for that p, the same bound (85%) holds for the data transformed using r(x)",
        "repaired",
        "True for p near 1/2 and m < d: at least half the weight lies on other shifts than the identity.",
        (
            numbers(
                "counterexample",
                "m = d leaves the identity alone: accuracy Phi(2)",
                above(Phi(s), PERCENT_85),
                SIGNAL,
                by="0.1272",
            ),
            numbers(
                "repair",
                "two shifts, p = 1/2: half Phi(2), half Phi(1/2)",
                above(PERCENT_85, (Phi(s) + Phi(s * rho)) / 2),
                SIGNAL,
                QUARTER,
                by="0.0156",
            ),
            forall(
                "repair",
                "more shifts give the identity less weight",
                at_least((q + t) / 2, q / k + (1 - 1 / k) * t),
                at_least(k, 2),
                at_least(q, t),
                touches=({k: Integer(2), q: Integer(1), t: Integer(0)}, {k: Integer(3), q: Integer(1), t: Integer(1)}),
            ),
            *GROWS,
            *(
                numbers(
                    "instead",
                    f"{shifts} shifts, correlation 1/4: the last p in steps of 1/1000 with at most 85% is {low}",
                    above(PERCENT_85, AVERAGED),
                    SIGNAL,
                    QUARTER,
                    equal(K, shifts),
                    at(low),
                    by=by,
                )
                for shifts, low, by in (
                    (2, "0.710", "0.00013"),
                    (3, "0.853", "0.00042"),
                    (4, "0.885", "0.00045"),
                    (8, "0.916", "0.00019"),
                )
            ),
            *(
                numbers(
                    "instead",
                    f"{shifts} shifts: p = {high} is above 85%",
                    above(AVERAGED, PERCENT_85),
                    SIGNAL,
                    QUARTER,
                    equal(K, shifts),
                    at(high),
                    by=by,
                )
                for shifts, high, by in (
                    (2, "0.711", "0.00002"),
                    (3, "0.854", "0.00001"),
                    (4, "0.886", "0.00013"),
                    (8, "0.917", "0.00065"),
                )
            ),
        ),
        repair="For m < d and p up to 0.71 (two shifts), 0.853 (three), 0.885 (four), 0.916 (eight).",
        picture=("sides", "m = d: accuracy", "printed bound"),
        title="The 85% hold for random shifts only where there is a shift to draw, $m<d$.",
    ),
    Claim(
        "prop1-carries-over",
        SOURCE,
        "the bound for each r_j holds for r because j is picked uniformly",
        "refuted",
        "The identity is one of the r_j; with the proof's own numbers the average of two shifts exceeds 85%.",
        (
            exact(
                "counterexample",
                "two shifts with the printed 0.977 and 0.841: their mean exceeds 0.85",
                above((q + t) / 2, PERCENT_85),
                equal(q, ratio("0.977")),
                equal(t, ratio("0.841")),
                by="59/1000",
            ),
        ),
        picture=("sides", "(0.977 + 0.841)/2", "printed bound"),
        title="Drawing the shift at random does not carry the bound over.",
    ),
    Claim(
        "prop1-genuine",
        "Section 3, before Proposition 1",
        "because f* has low spatial accuracy, the law requires non-trivial solutions (augmentation, equivariance)",
        "repaired",
        "Low accuracy of f* does not show that anything else does better: for some words nothing does.",
        (
            exact(
                "counterexample",
                "++++---- is a code word for m = 4: its shift is its opposite",
                equal(count("overlap", "++++----", 4), -8),
            ),
            identity(
                "counterexample",
                "shifts c and -c: the two labels give the mixture of means s u and -s u alike",
                sympy.exp(s * t) + sympy.exp(-s * t),
                sympy.exp(s * y * t) + sympy.exp(-s * y * t),
            ),
            cited(
                "counterexample", "then x says nothing about the label, and no rule on r(X) is better than sign(x_0): p"
            ),
            numbers(
                "repair",
                "correlations 1/4, K = 4, p = 1/2: the rule of the mean of the orbit, Phi(2 sqrt(7/16)), beats f*",
                above(Phi(s * sqrt((1 + (K - 1) * rho) / K)), Phi(s) / K + (1 - 1 / K) * Phi(s * rho)),
                SIGNAL,
                QUARTER,
                equal(K, 4),
                by="0.1442",
            ),
        ),
        repair="True where the shifts of the word have a mean other than 0.",
        picture=("shifts", "++++----", 4),
        title="Low accuracy on moved data does not show that anything else does better.",
    ),
]
