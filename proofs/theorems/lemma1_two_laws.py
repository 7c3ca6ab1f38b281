"""Two normal laws under one test: what Theorem 2' rests on at any radius.

Neither Neyman and Pearson nor Jensen is cited: one multiplier serves both values of x_0, and what is left of their
proofs is a pointwise inequality (z3) that is integrated.
"""

from __future__ import annotations

from sympy import Basic, Integer, exp

from proofs.checking.theorem import Line, Theorem
from proofs.language.functions import Phi, Slope
from proofs.language.notation import k, mu, p, q, real, t, x, z
from proofs.language.statements import at_least, at_most, equal, forall, identity, ratio, unequal

HALF, ONE, ZERO, TWO, QUARTER = ratio("1/2"), Integer(1), Integer(0), Integer(2), ratio("1/4")
CHANCE, TEST = real("f phi")
"""Chance that f says y at a point; 1 where T <= z and 0 elsewhere."""
NEAR_DENSITY, FAR_DENSITY, QUOTIENT = real("g_0 g_1 w")
A_RIGHT, A_WRONG, B_RIGHT, B_WRONG, TAU = real("A_1 A_2 B_1 B_2 tau")
"""Pr(f = y) given x_0 = y and given x_0 = -y, averaged over y: under the attacked law (A), and the moved one (B)."""
A_PLUS, A_MINUS, B_PLUS, B_MINUS = real("A_+ A_- B_+ B_-")
"""The same for one value of x_0 y, at y = 1 and at y = -1."""
(DIFFERENCE,) = real("delta_t")
"""One coordinate of m_1 - m_0."""


def excess(under: Basic, other: Basic) -> Basic:
    """The integral of (phi - f)(k g_0 - g_1) is not negative: k (q - A) - (tau - B) >= 0."""
    return at_least(k * (q - under) - (TAU - other), 0)


def at(p_: Basic, right: Basic, wrong: Basic) -> dict[Basic, Basic]:
    """A point where the mean over x_0 is just q and tau: k = 1, q = 1/2, tau = 1/4, A = 2 B."""
    return {
        p: p_,
        k: ONE,
        q: HALF,
        TAU: QUARTER,
        A_RIGHT: right,
        A_WRONG: wrong,
        B_RIGHT: right / 2,
        B_WRONG: wrong / 2,
    }


NORMALS = Theorem(
    "normals",
    "Lemma 1: two normal laws and one test",
    "Let g_0, g_1 be normal densities with covariance I whose means lie mu >= 0 apart. A test f of (x_0, x) that says "
    "y with mean chance at least q = Phi(z) under g_0 says y with mean chance at least Phi(z - mu) under g_1, "
    "the mean taken over x_0 with any weights p, 1 - p.",
    r"""Let $g_0,g_1$ be the densities of $N(m_0,I)$ and $N(m_1,I)$ on $\mathbb{R}^d$, $\mu=|m_1-m_0|$, and let
$f_1,f_2:\mathbb{R}^d\to[0,1]$, $p\in[0,1]$. If $\int(p f_1+(1-p)f_2)\,g_0\ge q$ with $0<q<1$, then
$\int(p f_1+(1-p)f_2)\,g_1\ge\Phi(\Phi^{-1}(q)-\mu)$.""",
    (
        Line(
            "ratio",
            "for mu > 0: log g_1/g_0 = mu T - mu^2/2 with T = <m_1 - m_0, x - m_0>/mu",
            "T is N(0, 1) under g_0 and N(mu, 1) under g_1.",
            (
                identity(
                    "printed",
                    "one coordinate with means q and t: log density ratio (t - q)(x - q) - (t - q)^2/2",
                    -((x - t) ** 2) / 2 + (x - q) ** 2 / 2,
                    (t - q) * (x - q) - (t - q) ** 2 / 2,
                ),
                forall(
                    "printed",
                    "q = E T under g_1: mu q = |m_1 - m_0|^2 = t, so that q = mu",
                    equal(q, mu),
                    equal(mu * q, t),
                    equal(t, mu**2),
                    unequal(mu, 0),
                    touches={q: TWO, mu: TWO, t: Integer(4)},
                ),
                forall(
                    "printed",
                    "q = Var T under both: mu^2 q = t, so that q = 1",
                    equal(q, 1),
                    equal(mu**2 * q, t),
                    equal(t, mu**2),
                    unequal(mu, 0),
                    touches={q: ONE, mu: TWO, t: Integer(4)},
                ),
                identity(
                    "printed",
                    "log g_1/g_0 for the laws N(0, 1) and N(mu, 1) of T",
                    -((t - mu) ** 2) / 2 + t**2 / 2,
                    mu * t - mu**2 / 2,
                ),
            ),
        ),
        Line(
            "mass",
            "the test {T <= z} has probability Phi(z) under g_0 and Phi(z - mu) under g_1",
            "Their quotient of slopes is k = exp(mu z - mu^2/2), the slope of q -> Phi(Phi^-1(q) - mu).",
            (
                identity(
                    "printed",
                    "Phi(z - mu) moves k times as fast as Phi(z)",
                    Slope(Phi(z - mu), z),
                    exp(mu * z - mu**2 / 2) * Slope(Phi(z), z),
                ),
                identity(
                    "printed",
                    "log k moves at rate mu >= 0: q -> Phi(Phi^-1(q) - mu) is convex",
                    Slope(exp(mu * z - mu**2 / 2), z),
                    mu * exp(mu * z - mu**2 / 2),
                ),
            ),
            ("normals-ratio", "normal-moved"),
        ),
        Line(
            "cut",
            "g_1 <= k g_0 where T <= z, and g_1 >= k g_0 where T >= z, for log k = mu z - mu^2/2",
            "The threshold test keeps what is cheap under g_1.",
            (
                forall(
                    "printed",
                    "below: log g_1/g_0 <= log k",
                    at_most(mu * t - mu**2 / 2, mu * z - mu**2 / 2),
                    at_least(mu, 0),
                    at_most(t, z),
                    touches=({mu: ZERO, t: ZERO, z: ONE}, {mu: TWO, t: ONE, z: ONE}),
                ),
                forall(
                    "printed",
                    "above: log g_1/g_0 >= log k",
                    at_least(mu * t - mu**2 / 2, mu * z - mu**2 / 2),
                    at_least(mu, 0),
                    at_least(t, z),
                    touches=({mu: ZERO, t: ONE, z: ZERO}, {mu: TWO, t: ONE, z: ONE}),
                ),
                forall(
                    "printed",
                    "exp rises, so the quotient w of the densities is at most k below: g_1 = w g_0 <= k g_0",
                    at_most(FAR_DENSITY, k * NEAR_DENSITY),
                    equal(FAR_DENSITY, QUOTIENT * NEAR_DENSITY),
                    at_most(QUOTIENT, k),
                    at_least(NEAR_DENSITY, 0),
                    touches={QUOTIENT: ONE, k: ONE, NEAR_DENSITY: ONE, FAR_DENSITY: ONE},
                ),
                forall(
                    "printed",
                    "and at least k above: g_1 = w g_0 >= k g_0",
                    at_least(FAR_DENSITY, k * NEAR_DENSITY),
                    equal(FAR_DENSITY, QUOTIENT * NEAR_DENSITY),
                    at_least(QUOTIENT, k),
                    at_least(NEAR_DENSITY, 0),
                    touches={QUOTIENT: ONE, k: ONE, NEAR_DENSITY: ONE, FAR_DENSITY: ONE},
                ),
            ),
            ("normals-ratio", "normal-rises"),
        ),
        Line(
            "pointwise",
            "(phi - f)(k g_0 - g_1) >= 0 for any f with values in [0, 1], where phi is 1 for T <= z and 0 else",
            "No other test keeps as much of k g_0 - g_1.",
            (
                forall(
                    "printed",
                    "where T <= z, phi is 1 and k g_0 - g_1 is not negative",
                    at_least((1 - CHANCE) * (k * NEAR_DENSITY - FAR_DENSITY), 0),
                    at_most(CHANCE, 1),
                    at_most(FAR_DENSITY, k * NEAR_DENSITY),
                    touches=(
                        {CHANCE: ONE, FAR_DENSITY: ONE, NEAR_DENSITY: TWO, k: ONE},
                        {CHANCE: ZERO, FAR_DENSITY: ONE, NEAR_DENSITY: ONE, k: ONE},
                    ),
                ),
                forall(
                    "printed",
                    "where T > z, phi is 0 and k g_0 - g_1 is not positive",
                    at_most(CHANCE * (k * NEAR_DENSITY - FAR_DENSITY), 0),
                    at_least(CHANCE, 0),
                    at_least(FAR_DENSITY, k * NEAR_DENSITY),
                    touches=(
                        {CHANCE: ZERO, FAR_DENSITY: TWO, NEAR_DENSITY: ONE, k: ONE},
                        {CHANCE: ONE, FAR_DENSITY: ONE, NEAR_DENSITY: ONE, k: ONE},
                    ),
                ),
            ),
            ("normals-cut",),
        ),
        Line(
            "integrated",
            "k (q - A) - (tau - B) >= 0 for either value of x_0, A and B the mean chance of y under g_0 and g_1",
            "q and tau are the integrals of phi g_0 and phi g_1, by the line on mass.",
            (
                identity(
                    "printed",
                    "the integrand is a sum of the four products whose integrals are q, A, tau and B",
                    (TEST - CHANCE) * (k * NEAR_DENSITY - FAR_DENSITY),
                    k * (TEST * NEAR_DENSITY - CHANCE * NEAR_DENSITY) - (TEST * FAR_DENSITY - CHANCE * FAR_DENSITY),
                ),
                forall(
                    "printed",
                    "it holds for the two labels with one k, and so for A and B averaged over them",
                    excess((A_PLUS + A_MINUS) / 2, (B_PLUS + B_MINUS) / 2),
                    excess(A_PLUS, B_PLUS),
                    excess(A_MINUS, B_MINUS),
                    touches={k: ONE, q: HALF, TAU: QUARTER, A_PLUS: HALF, A_MINUS: HALF, B_PLUS: QUARTER}
                    | {B_MINUS: QUARTER},
                ),
            ),
            ("normals-pointwise", "normals-mass"),
        ),
        Line(
            "same",
            "for mu = 0 the two laws are one, B = A, and the mean chance is at least q = Phi(z - 0)",
            "This is used from a = 2s on, and where r_j(c) is c or -c.",
            (
                forall(
                    "printed",
                    "a coordinate of m_1 - m_0, its square at most their sum mu^2, is 0",
                    equal(DIFFERENCE, 0),
                    at_most(DIFFERENCE**2, mu**2),
                    equal(mu, 0),
                    touches={DIFFERENCE: ZERO, mu: ZERO},
                ),
                forall(
                    "printed",
                    "the mean of B is that of A",
                    at_least(p * B_RIGHT + (1 - p) * B_WRONG, q),
                    equal(B_RIGHT, A_RIGHT),
                    equal(B_WRONG, A_WRONG),
                    at_least(p * A_RIGHT + (1 - p) * A_WRONG, q),
                    touches={p: HALF, A_RIGHT: ONE, A_WRONG: ZERO, B_RIGHT: ONE, B_WRONG: ZERO, q: HALF},
                ),
            ),
        ),
        Line(
            "mixed",
            "p B_1 + (1-p) B_2 >= tau, where p A_1 + (1-p) A_2 >= q, tau = Phi(z - mu)",
            "One multiplier k serves both values of x_0, so that no convexity is needed to average over them.",
            (
                forall(
                    "printed",
                    "the inequality k (q - A) - (tau - B) >= 0, once for each value of x_0",
                    at_least(p * B_RIGHT + (1 - p) * B_WRONG, TAU),
                    excess(A_RIGHT, B_RIGHT),
                    excess(A_WRONG, B_WRONG),
                    at_least(p * A_RIGHT + (1 - p) * A_WRONG, q),
                    at_least(p, 0),
                    at_most(p, 1),
                    touches=(at(HALF, HALF, HALF), at(ONE, HALF, ZERO), at(ZERO, ZERO, HALF)),
                ),
            ),
            ("normals-integrated", "normals-same"),
        ),
    ),
)
THEOREMS = (NORMALS,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
