"""What is true in place of Theorem 2 at any radius: two normal laws under one test, then the two sides of the interval.

Neither Neyman and Pearson nor Jensen is cited: one multiplier serves both values of x_0, and what is left of their
proofs is a pointwise inequality (z3) that is integrated.
"""

from __future__ import annotations

from sympy import Basic, Integer, Max, Min, exp, pi, sqrt

from proofs.finite import Phi, Slope
from proofs.notation import ADV, LAW, SPAT, S, a, attack, c, d, k, mean, mu, p, q, real, rho, s, sign, t, x, y, z
from proofs.statements import Statement, above, at_least, at_most, equal, forall, identity, ratio
from proofs.theorems import Line, Theorem

HALF, ONE, ZERO, QUARTER = ratio("1/2"), Integer(1), Integer(0), ratio("1/4")
(REACH,) = real("a'")
"""min(a, 2s): a larger attack than 2s is not needed."""
(CHANCE,) = real("f")
"""Chance that f says y at a point."""
NEAR_DENSITY, FAR_DENSITY = real("g_0 g_1")
A_RIGHT, A_WRONG, B_RIGHT, B_WRONG, TAU = real("A_1 A_2 B_1 B_2 tau")
"""Pr(f = y) given x_0 = y and given x_0 = -y, averaged over y: under the attacked law (A), and the moved one (B)."""
STANDARD_MEAN = s * y * c / sqrt(d)


def excess(under: Basic, other: Basic) -> Basic:
    """The integral of (phi - f)(k g_0 - g_1): k (q - A) - (tau - B)."""
    return at_least(k * (q - under) - (TAU - other), 0)


NORMALS = Theorem(
    "normals",
    "Lemma 1: two normal laws and one test",
    "Let g_0, g_1 be normal densities with covariance I whose means lie mu apart. A test f of (x_0, x) that says "
    "y with mean chance at least q = Phi(z) under g_0 says y with mean chance at least Phi(z - mu) under g_1, "
    "the mean taken over x_0 with any weights p, 1 - p.",
    r"""Let $g_0,g_1$ be the densities of $N(m_0,I)$ and $N(m_1,I)$ on $\mathbb{R}^d$, $\mu=|m_1-m_0|$, and let
$f_1,f_2:\mathbb{R}^d\to[0,1]$, $p\in[0,1]$. If $\int(p f_1+(1-p)f_2)\,g_0\ge q$ with $0<q<1$, then
$\int(p f_1+(1-p)f_2)\,g_1\ge\Phi(\Phi^{-1}(q)-\mu)$.""",
    (
        Line(
            "ratio",
            "log g_1/g_0 = mu T - mu^2/2 with T = <m_1 - m_0, x - m_0>/mu",
            "T is N(0, 1) under g_0 and N(mu, 1) under g_1.",
            (
                identity(
                    "printed",
                    "one coordinate with means q and t: log density ratio (t - q)(x - q) - (t - q)^2/2",
                    -((x - t) ** 2) / 2 + (x - q) ** 2 / 2,
                    (t - q) * (x - q) - (t - q) ** 2 / 2,
                ),
                identity(
                    "printed",
                    "the same for the laws N(0, 1) and N(mu, 1) of T",
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
                    "Phi(t - mu) has the density of N(mu, 1) as its slope",
                    Slope(Phi(t - mu), t),
                    exp(-((t - mu) ** 2) / 2) / sqrt(2 * pi),
                ),
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
            ("normals-ratio",),
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
                    touches=({mu: ZERO, t: ZERO, z: ONE}, {mu: Integer(2), t: ONE, z: ONE}),
                ),
                forall(
                    "printed",
                    "above: log g_1/g_0 >= log k",
                    at_least(mu * t - mu**2 / 2, mu * z - mu**2 / 2),
                    at_least(mu, 0),
                    at_least(t, z),
                    touches=({mu: ZERO, t: ONE, z: ZERO}, {mu: Integer(2), t: ONE, z: ONE}),
                ),
            ),
            ("normals-ratio",),
        ),
        Line(
            "pointwise",
            "(phi - f)(k g_0 - g_1) >= 0 at every point, for any f with values in [0, 1]",
            "No other test keeps as much of k g_0 - g_1.",
            (
                forall(
                    "printed",
                    "phi (g_1 - k g_0) is the smaller of g_1 - k g_0 and 0, by the line before",
                    at_least(CHANCE * (FAR_DENSITY - k * NEAR_DENSITY), Min(FAR_DENSITY - k * NEAR_DENSITY, 0)),
                    at_least(CHANCE, 0),
                    at_most(CHANCE, 1),
                    touches=(
                        {CHANCE: ONE, FAR_DENSITY: ONE, NEAR_DENSITY: Integer(2), k: ONE},
                        {CHANCE: ZERO, FAR_DENSITY: Integer(2), NEAR_DENSITY: ONE, k: ONE},
                    ),
                ),
            ),
            ("normals-cut",),
        ),
        Line(
            "mixed",
            "p B_1 + (1-p) B_2 >= tau, where p A_1 + (1-p) A_2 >= q, tau = Phi(z - mu)",
            "One multiplier k serves both values of x_0, so that no convexity is needed to average over them.",
            (
                forall(
                    "printed",
                    "integrated, the inequality reads k (q - A) - (tau - B) >= 0, once for each value of x_0",
                    at_least(p * B_RIGHT + (1 - p) * B_WRONG, TAU),
                    excess(A_RIGHT, B_RIGHT),
                    excess(A_WRONG, B_WRONG),
                    at_least(p * A_RIGHT + (1 - p) * A_WRONG, q),
                    at_least(p, 0),
                    at_most(p, 1),
                    touches=(
                        {
                            k: ONE,
                            q: HALF,
                            TAU: QUARTER,
                            A_RIGHT: HALF,
                            A_WRONG: HALF,
                            B_RIGHT: QUARTER,
                            B_WRONG: QUARTER,
                            p: HALF,
                        },
                        {
                            k: ONE,
                            q: HALF,
                            TAU: QUARTER,
                            A_RIGHT: HALF,
                            A_WRONG: ZERO,
                            B_RIGHT: QUARTER,
                            B_WRONG: ZERO,
                            p: ONE,
                        },
                        {
                            k: ONE,
                            q: HALF,
                            TAU: QUARTER,
                            A_RIGHT: ZERO,
                            A_WRONG: HALF,
                            B_RIGHT: ZERO,
                            B_WRONG: QUARTER,
                            p: ZERO,
                        },
                    ),
                ),
            ),
            ("normals-pointwise", "normals-mass"),
        ),
    ),
)


def reach_lines(side: int, where: str, prefix: str) -> tuple[Line, ...]:
    """The attack -a' y c/sqrt(d) where r_j(c) is side * c: legal, and how far its means lie from the target's.

    The target is r_j(X) given -y on S_j (side 1), r_j(X) given y off it (side -1).
    """
    count = S if side == 1 else d - S
    on = (1 + side * sign) / 2
    return (
        Line(
            "legal",
            f"A_t = -a' y c_t/sqrt(d) {where}, 0 elsewhere, a' = min(a, 2s), is an attack of radius a",
            "It may see the label, and leaves x_0 alone.",
            (
                identity(
                    "printed",
                    "where it is not 0, its square is a'^2/d",
                    (-REACH * y * c / sqrt(d)) ** 2,
                    REACH**2 / d,
                ),
                forall(
                    "printed",
                    "and a'^2/d <= a^2/d",
                    at_most(REACH**2 / d, a**2 / d),
                    at_least(REACH, 0),
                    at_most(REACH, a),
                    touches={a: ONE, REACH: ONE, d: ONE},
                ),
                forall(
                    "printed",
                    "2s - a' is the positive part of 2s - a",
                    equal(2 * s - Min(a, 2 * s), Max(2 * s - a, 0)),
                    touches=({a: ONE, s: ONE}, {a: Integer(3), s: ONE}),
                ),
            ),
        ),
        Line(
            "means",
            f"the attacked mean differs from the target's by (2s - a') y c_t/sqrt(d) {where}, by 0 elsewhere",
            "The target is r_j(X) given " + ("-y." if side == 1 else "y."),
            (
                identity(
                    "printed",
                    "on both parts, sign = r_j(c)_t/c_t",
                    mean + attack - (-side) * s * y * sign * c / sqrt(d),
                    (2 * s - REACH) * y * c / sqrt(d) * on,
                    equal(mean, STANDARD_MEAN),
                    equal(attack, -REACH * y * c / sqrt(d) * on),
                ),
            ),
            (f"{prefix}-legal",),
        ),
        Line(
            "distance",
            f"the two means lie {'mu' if side == 1 else 'mu_'}_j = (2s - a)_+ sqrt((1 {'+' if side == 1 else '-'} "
            "rho_j)/2) apart".replace("mu__j", "mu'_j"),
            "Both laws have covariance I: a shift permutes the coordinates.",
            (
                identity(
                    "printed",
                    f"|S_j| = d(1 + rho_j)/2 coordinates agree: the squares add up {where}",
                    count * ((2 * s - REACH) / sqrt(d)) ** 2,
                    ((2 * s - REACH) * sqrt((1 + side * rho) / 2)) ** 2,
                    equal(rho, (S - (d - S)) / d),
                ),
            ),
            (f"{prefix}-means",),
        ),
    )


def from_both(conclusion: Basic, *more: Basic, touches: tuple[dict[Basic, Basic], ...]) -> Statement:
    """What follows for the mean over x_0 once Lemma 1 has given p B_1 + (1-p) B_2 >= tau."""
    return forall(
        "printed",
        "Adv is at most the accuracy under this attack; Lemma 1 with q = Adv",
        conclusion,
        at_least(p * B_RIGHT + (1 - p) * B_WRONG, TAU),
        *more,
        touches=touches,
    )


LOWER_SIDE = Theorem(
    "below",
    "Theorem 2' (ii): spatial accuracy from below",
    "For every rule f, shift j and a >= 0: Spat_j >= Phi(Phi^-1(Adv_a) - (2s - a)_+ sqrt((1 - rho_j)/2)). From a = 2s "
    "on, Spat_j >= Adv_a.",
    r"""For every (randomised) classifier $f$, every shift $r_j$ and every $a\ge 0$,
\[\Pr(f(r_j(X))=Y)\ \ge\ \Phi\bigl(\Phi^{-1}(\mathrm{Adv}_a(f))-(2s-a)_+\sqrt{(1-\rho_j)/2}\bigr).\]
In particular $\Pr(f(r_j(X))=Y)\ge\mathrm{Adv}_a(f)$ for $a\ge 2s$.""",
    (
        *reach_lines(-1, "where r_j(c)_t = -c_t", "below"),
        Line(
            "bound",
            "Spat_j = p B_1 + (1-p) B_2 >= Phi(Phi^-1(Adv) - mu'_j)",
            "The label of the target is y again, so x_0 has the same weights on both sides.",
            (
                from_both(
                    at_least(SPAT, TAU),
                    equal(SPAT, p * B_RIGHT + (1 - p) * B_WRONG),
                    touches=({p: HALF, B_RIGHT: HALF, B_WRONG: HALF, TAU: HALF, SPAT: HALF},),
                ),
            ),
            ("below-distance", "normals-mixed"),
        ),
        Line(
            "far",
            "for a >= 2s, mu'_j = 0 and the bound is Adv itself",
            "Robustness at twice the signal forces spatial accuracy.",
            (
                forall(
                    "printed",
                    "(2s - a)_+ = 0",
                    equal(Max(2 * s - a, 0), 0),
                    at_least(a, 2 * s),
                    touches={a: Integer(2), s: ONE},
                ),
            ),
            ("below-bound",),
        ),
    ),
)

UPPER_SIDE = Theorem(
    "above",
    "Theorem 2' (iii): spatial accuracy from above",
    "For all f, j and a >= 0: 1 - Spat_j >= ((1-p)/p) Phi(Phi^-1(Adv_a) - (2s - a)_+ sqrt((1 + rho_j)/2)); "
    "from a = 2s on, p (1 - Spat_j) >= (1-p) Adv_a.",
    r"""For every (randomised) classifier $f$, every shift $r_j$ and every $a\ge 0$,
\[1-\Pr(f(r_j(X))=Y)\ \ge\ \frac{1-p}{p}\,\Phi\bigl(\Phi^{-1}(\mathrm{Adv}_a(f))-(2s-a)_+\sqrt{(1+\rho_j)/2}\bigr).\]
In particular $p\,(1-\Pr(f(r_j(X))=Y))\ge(1-p)\,\mathrm{Adv}_a(f)$ for $a\ge 2s$.""",
    (
        *reach_lines(1, "where r_j(c)_t = c_t", "above"),
        Line(
            "weights",
            "Pr(x_0 | -y) >= ((1-p)/p) Pr(x_0 | y) for both values of x_0",
            "An answer y on r_j(X) given -y is an error; x_0 then has the weights of the other label.",
            (
                forall(
                    "printed",
                    "q = Pr(x_0 | y) is p or 1 - p, neither above p, and Pr(x_0 | -y) = 1 - q",
                    at_least(1 - q, (1 - p) / p * q),
                    above(p, 0),
                    at_most(q, p),
                    touches={p: ratio("7/10"), q: ratio("7/10")},
                ),
            ),
        ),
        Line(
            "bound",
            "1 - Spat_j = (1-p) B_1 + p B_2 >= ((1-p)/p) Phi(Phi^-1(Adv) - mu_j)",
            "The upper end of the interval at any radius.",
            (
                from_both(
                    at_least(1 - SPAT, (1 - p) / p * TAU),
                    equal(1 - SPAT, (1 - p) * B_RIGHT + p * B_WRONG),
                    LAW[0],
                    at_most(p, 1),
                    at_least(B_WRONG, 0),
                    touches=(
                        {p: ratio("7/10"), B_RIGHT: ONE, B_WRONG: ZERO, TAU: ratio("7/10"), SPAT: ratio("7/10")},
                        {p: HALF, B_RIGHT: ONE, B_WRONG: ONE, TAU: ONE, SPAT: ZERO},
                    ),
                ),
            ),
            ("above-distance", "above-weights", "normals-mixed"),
        ),
        Line(
            "far",
            "for a >= 2s: p (1 - Spat_j) >= (1-p) Adv",
            "At the theorem's own radius a = 2s the interval is that of corrected-lower and corrected-upper.",
            (
                forall(
                    "printed",
                    "mu_j = 0 and tau = Adv; multiplied by p",
                    at_least(p * (1 - SPAT), (1 - p) * ADV),
                    at_least(1 - SPAT, (1 - p) / p * ADV),
                    above(p, 0),
                    touches={p: HALF, SPAT: HALF, ADV: HALF},
                ),
                forall(
                    "printed",
                    "(2s - a)_+ = 0",
                    equal(Max(2 * s - a, 0), 0),
                    at_least(a, 2 * s),
                    touches={a: Integer(2), s: ONE},
                ),
            ),
            ("above-bound",),
        ),
    ),
)
THEOREMS = (NORMALS, LOWER_SIDE, UPPER_SIDE)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
