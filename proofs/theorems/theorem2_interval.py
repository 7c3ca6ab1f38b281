"""What is true in place of Theorem 2 at any radius: the two sides of the interval, from Lemma 1."""

from __future__ import annotations

from sympy import Basic, Integer, Max, Min, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.language.notation import (
    ADV,
    HALF,
    LAW,
    ONE,
    SPAT,
    ZERO,
    S,
    a,
    attack,
    c,
    d,
    mean,
    p,
    q,
    real,
    rho,
    s,
    sign,
    y,
)
from proofs.language.statements import Statement, above, at_least, at_most, equal, forall, identity, ratio
from proofs.theorems.lemma1_two_laws import B_RIGHT, B_WRONG, TAU
from proofs.theorems.theorem2_best import BEST

(REACH,) = real("a'")
"""min(a, 2s): a larger attack than 2s is not needed."""
STANDARD_MEAN = s * y * c / sqrt(d)


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
    "For every rule f, shift j and a >= 0: Spat_j >= Phi(Phi^-1(Adv_a) - (2s - a)_+ sqrt((1 - rho_j)/2)), which is "
    "0 for Adv_a = 0. From a = 2s on, Spat_j >= Adv_a.",
    r"""For every (randomised) classifier $f$, every shift $r_j$ and every $a\ge 0$,
\[\Pr(f(r_j(X))=Y)\ \ge\ \Phi\bigl(\Phi^{-1}(\mathrm{Adv}_a(f))-(2s-a)_+\sqrt{(1-\rho_j)/2}\bigr)\]
(the right side is $0$ if $\mathrm{Adv}_a(f)=0$). In particular
$\Pr(f(r_j(X))=Y)\ge\mathrm{Adv}_a(f)$ for $a\ge 2s$.""",
    (
        *reach_lines(-1, "where r_j(c)_t = -c_t", "below"),
        Line(
            "zero",
            "Phi^-1(Adv) is a number unless Adv = 0; then the bound is 0, and holds",
            "So Lemma 1 serves every rule with Adv > 0. Adv < 1 for every eps: the attack of best-attack spares x_0.",
            (
                forall(
                    "printed",
                    "Adv is at most R*, which is below 1",
                    above(1, ADV),
                    at_most(ADV, BEST),
                    above(1, BEST),
                    touches=(),
                ),
                forall(
                    "printed",
                    "a probability is at least tau = 0, the limit of Phi(z - mu)",
                    at_least(SPAT, TAU),
                    at_least(SPAT, 0),
                    at_most(TAU, 0),
                    touches={SPAT: ZERO, TAU: ZERO},
                ),
            ),
            ("best-below-one", "normal-moved"),
        ),
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
            ("below-distance", "below-zero", "normals-mixed"),
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
    "For all f, j and a >= 0: 1 - Spat_j >= ((1-p)/p) Phi(Phi^-1(Adv_a) - (2s - a)_+ sqrt((1 + rho_j)/2)), which is "
    "0 for Adv_a = 0; from a = 2s on, p (1 - Spat_j) >= (1-p) Adv_a.",
    r"""For every (randomised) classifier $f$, every shift $r_j$ and every $a\ge 0$,
\[1-\Pr(f(r_j(X))=Y)\ \ge\ \frac{1-p}{p}\,\Phi\bigl(\Phi^{-1}(\mathrm{Adv}_a(f))-(2s-a)_+\sqrt{(1+\rho_j)/2}\bigr)\]
(the right side is $0$ if $\mathrm{Adv}_a(f)=0$). In particular
$p\,(1-\Pr(f(r_j(X))=Y))\ge(1-p)\,\mathrm{Adv}_a(f)$ for $a\ge 2s$.""",
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
            "zero",
            "for Adv = 0 the bound is 0, and holds",
            "Otherwise Phi^-1(Adv) is a number.",
            (
                forall(
                    "printed",
                    "a probability is at most 1, and tau = 0",
                    at_least(1 - SPAT, (1 - p) / p * TAU),
                    at_most(SPAT, 1),
                    at_most(TAU, 0),
                    above(p, 0),
                    at_most(p, 1),
                    touches=({SPAT: ONE, TAU: ZERO, p: HALF}, {SPAT: ONE, TAU: -ONE, p: ONE}),
                ),
            ),
            ("below-zero",),
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
            ("above-distance", "above-weights", "above-zero", "normals-mixed"),
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
THEOREMS = (LOWER_SIDE, UPPER_SIDE)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
