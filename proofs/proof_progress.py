"""Is the gain progressive: does spatial accuracy grow with the range of augmentation? Not for every word; for some."""

from __future__ import annotations

from sympy import Basic, Integer, sqrt

from proofs.finite import Phi, Slope, count
from proofs.notation import k, mu, q, real, rho, s, t, z
from proofs.statements import above, at_least, at_most, cited, equal, exact, forall, identity, numbers, ratio
from proofs.theorems import Line, Theorem

ONE, TWO, ZERO = Integer(1), Integer(2), Integer(0)
WORD = "++++++++++++++++-------+-------+"
"""Its columns t, t + 8, t + 16, t + 24 are ++-- seven times and ++++ once."""
(OPPOSITE,) = real("rho_2")
MEAN, FIRST, SECOND = real("F v w")
LAW = (equal(s, 4), equal(rho, ratio("1/8")), equal(OPPOSITE, ratio("-3/4")))
KAPPA = sqrt((1 + rho) / 2)
PLAIN = (Phi(s) + 2 * Phi(s * rho) + Phi(s * OPPOSITE)) / 4
"""Spat(f*) for four shifts with correlations 1, rho, rho_2, rho; p = 1/2."""


def augmented(mean: Basic) -> Basic:
    """Spat of sign(<u + u_1, x>): mean on the two shifts of J, and (rho + rho_2)/(2 kappa) on the other two."""
    return (2 * Phi(mean) + 2 * Phi(s * (rho + OPPOSITE) / (2 * KAPPA))) / 4


PROGRESS = Theorem(
    "progress",
    "Is the gain progressive?",
    "Not always: for the word " + WORD + " (four shifts, rho_j <= 1/8, p = 1/2, s = 4) augmentation with one "
    "shift lowers spatial accuracy from 0.596 to 0.523. But if p = 1/2 and no rho_j is negative, augmentation with "
    "one further shift never lowers it, for any K and s.",
    r"""Let $p=\frac12$ and let $g_{\{0,i\}}$ be the Bayes rule of data moved by $r_0$ or $r_i$, each with probability
$\frac12$. If $\rho_j\ge0$ for all $j$, then $\mathrm{Spat}(g_{\{0,i\}})\ge\mathrm{Spat}(f^*)$ for every $s>0$. Without
this condition it can be smaller, also if $\rho_j\le\frac14$ for all $j\ne0$.""",
    (
        Line(
            "word",
            "the word's correlations are 1, 1/8, -3/4, 1/8",
            "Its relative distance is 7/16, above the 3/8 of Proposition 1.",
            (
                exact("printed", "shifted by 8 of 32 coordinates", equal(count("overlap", WORD, 8), 4)),
                exact("printed", "by 16", equal(count("overlap", WORD, 16), -24)),
                exact("printed", "by 24", equal(count("overlap", WORD, 24), 4)),
            ),
        ),
        Line(
            "rule",
            "g_J for J = {0, i} at p = 1/2 is sign(<u + u_i, x>), signal s (rho_j + rho_(j-i))/(2 kappa) on r_j(X)",
            "kappa^2 = (1 + rho_i)/2, so that |u + u_i| = 2 kappa.",
            (
                identity("printed", "|u + u_i|^2 = 2 + 2 rho_i", (2 * KAPPA) ** 2, 2 + 2 * rho),
                identity(
                    "printed", "on r_0(X) and r_i(X) the signal is s kappa", s * (1 + rho) / (2 * KAPPA), s * KAPPA
                ),
            ),
            ("random-two",),
        ),
        Line(
            "counterexample",
            "for that word at s = 4, p = 1/2: Spat(f*) = 0.5961 and Spat(g_J) = 0.5232 for J = {0, 1}",
            "The trade-off is not progressive for every word: the rule looks away from what two moved words share.",
            (
                numbers(
                    "printed",
                    "the means over four shifts",
                    above(PLAIN, augmented(s * KAPPA)),
                    *LAW,
                    by="0.07284",
                ),
            ),
            ("progress-word", "progress-rule"),
        ),
        Line(
            "concave",
            "Phi is concave on [0, infinity): Phi((v + w)/2) >= (Phi(v) + Phi(w))/2 for v, w >= 0",
            "Its slope falls there.",
            (
                identity(
                    "printed",
                    "the slope of its slope is -z times it, not positive for z >= 0",
                    Slope(Slope(Phi(z), z), z),
                    -z * Slope(Phi(z), z),
                ),
                cited("printed", "a function whose slope does not rise lies above its chords"),
            ),
        ),
        Line(
            "louder",
            "(rho_j + rho_(j-i))/(2 kappa) >= (rho_j + rho_(j-i))/2 if both are not negative",
            "Two unit vectors add up to a vector no longer than 2.",
            (
                forall(
                    "printed",
                    "t = rho_j + rho_(j-i) and kappa <= 1: t >= kappa t; divided by 2 kappa",
                    at_least(t, k * t),
                    at_least(t, 0),
                    at_most(k, 1),
                    touches=({t: ONE, k: ONE}, {t: ZERO, k: ratio("1/2")}),
                ),
            ),
            ("progress-rule",),
        ),
        Line(
            "gain",
            "Spat(g_J) >= Spat(f*) for J = {0, i}, p = 1/2 and all rho_j >= 0",
            "Each Phi(s rho_j) appears in two of the K means, half each: in that of j and in that of j + i.",
            (
                forall(
                    "printed",
                    "F = Phi(s t/(2 kappa)) >= Phi(s t/2) >= (Phi(v) + Phi(w))/2, for each of the K shifts",
                    at_least(MEAN, (FIRST + SECOND) / 2),
                    at_least(MEAN, mu),
                    at_least(mu, (FIRST + SECOND) / 2),
                    touches={MEAN: ONE, mu: ONE, FIRST: ONE, SECOND: ONE},
                ),
                identity(
                    "printed",
                    "summed around the circle, three shifts written out: the halves add up",
                    (mu + q) / 2 + (q + t) / 2 + (t + mu) / 2,
                    mu + q + t,
                ),
            ),
            ("progress-concave", "progress-louder", "moved-law", "moved-rises"),
        ),
    ),
)
THEOREMS = (PROGRESS,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
