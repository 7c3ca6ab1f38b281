"""Is the gain progressive: does spatial accuracy grow with the range of augmentation? Not for every word; for some."""

from __future__ import annotations

from sympy import Abs, Basic, Max, Min, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.language.counting import count
from proofs.language.functions import Phi, Slope
from proofs.language.notation import ONE, TWO, ZERO, K, k, mu, q, real, rho, s, t
from proofs.language.statements import above, at_least, at_most, equal, exact, forall, identity, numbers, ratio
from proofs.theorems.proposition1_moved import density

WORD = "++++++++++++++++-------+-------+"
"""Its columns t, t + 8, t + 16, t + 24 are ++-- seven times and ++++ once."""
(OPPOSITE,) = real("rho_2")
v, w = real("v w")
MEAN, FIRST, SECOND, START, ALL_MEANS, ALL = real("G F_1 F_2 F_0 sum_G sum_F")
"""Of one shift and of all: accuracies of g_J (G) and of f* (F)."""
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
    "shift lowers spatial accuracy from 0.596 to 0.523. But if p = 1/2, r_i(c) is not -c, and rho_j + rho_(j-i) >= 0 "
    "for all j (if no rho_j is negative, say), augmentation with r_i never lowers it, for any K and s.",
    r"""Let $p=\frac12$ and let $g_{\{0,i\}}$ be the Bayes rule of data moved by $r_0$ or $r_i$, each with probability
$\frac12$, and $r_i(c)\ne-c$. If $\rho_j+\rho_{j-i}\ge0$ for all $j$, then
$\mathrm{Spat}(g_{\{0,i\}})\ge\mathrm{Spat}(f^*)$ for every $s>0$. Without this condition it can be smaller, also if
$\rho_j\le\frac14$ for all $j\ne0$.""",
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
                identity(
                    "printed", "|u + u_i|^2 = 2 + 2 rho_i is (2 kappa)^2", (2 * k) ** 2, 2 + 2 * rho, equal(k, KAPPA)
                ),
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
                numbers("printed", "0.5961 is Spat(f*)", above(ratio("0.5961"), PLAIN), *LAW, by="0.00004"),
                numbers(
                    "printed", "0.5232 is Spat(g_J)", above(augmented(s * KAPPA), ratio("0.5232")), *LAW, by="0.00002"
                ),
            ),
            ("progress-word", "progress-rule"),
        ),
        Line(
            "concave",
            "2 Phi(m) >= Phi(m - t) + Phi(m + t) for m, t >= 0",
            "Of two signals whose mean is not negative, the mean is worth more than a draw between them.",
            (
                identity(
                    "printed",
                    "both sides are equal at t = 0",
                    Phi(mu - t) + Phi(mu + t),
                    2 * Phi(mu),
                    equal(t, 0),
                ),
                identity(
                    "printed",
                    "the slope of the right side in t is phi(m + t) - phi(m - t)",
                    Slope(Phi(mu - t) + Phi(mu + t), t),
                    density(mu + t) - density(mu - t),
                ),
                forall(
                    "printed",
                    "which is not positive: exp rises, and its argument is larger at m - t",
                    at_least(-((mu - t) ** 2) / 2, -((mu + t) ** 2) / 2),
                    at_least(mu, 0),
                    at_least(t, 0),
                    touches=({mu: ZERO, t: ONE}, {mu: ONE, t: ZERO}),
                ),
            ),
            ("normal-rises",),
        ),
        Line(
            "louder",
            "(rho_j + rho_(j-i))/(2 kappa) >= (rho_j + rho_(j-i))/2 if the sum is not negative",
            "Two unit vectors add up to a vector no longer than 2.",
            (
                forall(
                    "printed",
                    "kappa <= 1",
                    at_most(k, 1),
                    equal(k**2, (1 + rho) / 2),
                    at_most(rho, 1),
                    touches={k: ONE, rho: ONE},
                ),
                forall(
                    "printed",
                    "t = rho_j + rho_(j-i) is divided by 2 kappa instead of 2",
                    at_least(t / (2 * k), t / 2),
                    at_least(t, 0),
                    at_most(k, 1),
                    touches=({t: ONE, k: ONE}, {t: ZERO, k: ratio("1/2")}),
                ),
            ),
            ("progress-rule",),
        ),
        Line(
            "each",
            "G_j >= (F_j + F_(j-i))/2, for F_j = Phi(s rho_j) and G_j = Phi(s (rho_j + rho_(j-i))/(2 kappa))",
            "F_j and G_j are the accuracies of f* and of g_J on r_j(X).",
            (
                forall(
                    "printed",
                    "with m = s (rho_j + rho_(j-i))/2 and t = s |rho_(j-i) - rho_j|/2, m - t is the lower",
                    equal(s * (v + w) / 2 - s * Abs(w - v) / 2, Min(s * v, s * w)),
                    touches=({s: ONE, v: ONE, w: TWO}, {s: ONE, v: TWO, w: ONE}),
                ),
                forall(
                    "printed",
                    "and m + t the higher of s rho_j and s rho_(j-i), whichever that is",
                    equal(s * (v + w) / 2 + s * Abs(w - v) / 2, Max(s * v, s * w)),
                    touches=({s: ONE, v: ONE, w: TWO}, {s: ONE, v: TWO, w: ONE}),
                ),
                forall(
                    "printed",
                    "G = Phi(s t/(2 kappa)) >= Phi(s t/2) = q and 2 q >= Phi(s rho_j) + Phi(s rho_(j-i))",
                    at_least(MEAN, (FIRST + SECOND) / 2),
                    at_least(MEAN, q),
                    at_least(2 * q, FIRST + SECOND),
                    touches={MEAN: ONE, q: ONE, FIRST: ONE, SECOND: ONE},
                ),
            ),
            ("progress-concave", "progress-louder", "moved-law", "normal-rises"),
        ),
        Line(
            "circle",
            "along j + i, ..., j + n i: sum of G >= sum of F + (F_j - F_(j+ni))/2, by induction on n",
            "After so many steps that j + n i is j again, the sum of G over this circle is at least that of F.",
            (
                forall(
                    "printed",
                    "n = 0: both sums are empty, and j + 0 i is j",
                    equal(ALL_MEANS, ALL + (START - FIRST) / 2),
                    equal(ALL_MEANS, 0),
                    equal(ALL, 0),
                    equal(FIRST, START),
                    touches={ALL_MEANS: ZERO, ALL: ZERO, START: ONE, FIRST: ONE},
                ),
                forall(
                    "printed",
                    "from n to n + 1",
                    at_least(ALL_MEANS + MEAN, ALL + SECOND + (START - SECOND) / 2),
                    at_least(ALL_MEANS, ALL + (START - FIRST) / 2),
                    at_least(MEAN, (FIRST + SECOND) / 2),
                    touches={ALL_MEANS: ONE, MEAN: ONE, ALL: ONE, SECOND: ONE, START: ONE, FIRST: ONE},
                ),
                forall(
                    "printed",
                    "where the circle closes, F_(j+ni) = F_j",
                    at_least(ALL_MEANS, ALL),
                    at_least(ALL_MEANS, ALL + (START - FIRST) / 2),
                    equal(FIRST, START),
                    touches={ALL_MEANS: ONE, ALL: ONE, START: ONE, FIRST: ONE},
                ),
            ),
            ("progress-each",),
        ),
        Line(
            "gain",
            "Spat(g_J) >= Spat(f*) for J = {0, i}, p = 1/2 and rho_j + rho_(j-i) >= 0 for all j, whatever K is",
            "The K shifts fall into circles of this kind.",
            (
                forall(
                    "printed",
                    "one circle more",
                    at_least(ALL_MEANS + MEAN, ALL + FIRST),
                    at_least(ALL_MEANS, ALL),
                    at_least(MEAN, FIRST),
                    touches={ALL_MEANS: ONE, MEAN: ONE, ALL: ONE, FIRST: ONE},
                ),
                forall(
                    "printed",
                    "the means over K shifts",
                    at_least(ALL_MEANS / K, ALL / K),
                    at_least(ALL_MEANS, ALL),
                    touches={ALL_MEANS: ONE, ALL: ONE, K: TWO},
                ),
            ),
            ("progress-circle",),
        ),
    ),
)
THEOREMS = (PROGRESS,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
