"""Which rules attain the two sides of Theorem 2'."""

from __future__ import annotations

from sympy import Integer, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.language.formulas import FAR
from proofs.language.notation import ADV, HALF, ONE, SPAT, S, a, attack, c, d, k, p, q, real, rho, s, sign, y
from proofs.language.statements import above, at_least, at_most, equal, forall, identity, ratio

(SIZE,) = real("e")

SHARP = Theorem(
    "sharp",
    "Theorem 5': who attains the bounds",
    "At p = 1/2 and 0 <= a <= 2s, if S_j is not empty, sign(sum over S_j of c_t x_t) has Adv = Phi((s - a) kappa) and "
    "Spat_j = Phi(s kappa), kappa = sqrt((1 + rho_j)/2): equality in (iii). For a >= 2s a constant attains (ii), for "
    "eps < 1 sign(x_0) attains (ii) and (iii).",
    r"""If $p=\frac12$, $0\le a\le2s$ and $S_j=\{t:r_j(c)_t=c_t\}\neq\emptyset$, then
$f(x)=\operatorname{sign}\sum_{t\in S_j}c_tx_t$ has $\mathrm{Adv}_a(f)=\Phi((s-a)\kappa)$ and
$\Pr(f(r_j(X))=Y)=\Phi(s\kappa)$ with $\kappa=\sqrt{(1+\rho_j)/2}$: equality in (iii). For $\varepsilon<1$, $a\ge2s$ and
every $p$, $\operatorname{sign}x_0$ attains equality in (ii) and (iii).""",
    (
        Line(
            "agreeing",
            "sum over S_j of c_t x_t over sqrt(|S_j|), |S_j| = d kappa^2, is N(y s kappa, 1) on X and on r_j(X)",
            "The means agree on S_j: the accuracy at p = 1/2 is Phi(s kappa) on both.",
            (
                identity(
                    "printed",
                    "|S_j| = d (1 + rho_j)/2",
                    S,
                    d * sqrt((1 + rho) / 2) ** 2,
                    equal(rho, (S - (d - S)) / d),
                ),
                identity(
                    "printed",
                    "where r_j(c) = c, c_t x_t has the mean y s/sqrt(d) on r_j(X) as it has on X",
                    c * (s * y * sign * c / sqrt(d)),
                    c * (s * y * c / sqrt(d)),
                    equal(sign, 1),
                ),
                identity("printed", "which is y s/sqrt(d)", c * (s * y * c / sqrt(d)), y * s / sqrt(d)),
                identity(
                    "printed",
                    "|S_j| means s/sqrt(d), divided by the deviation sqrt(|S_j|)",
                    S * (s / sqrt(d)) / sqrt(S),
                    s * k,
                    equal(S, d * k**2),
                ),
                identity("printed", "that of |S_j| variances c^2", S * c**2, S),
            ),
            ("normal-moved",),
        ),
        Line(
            "attacked",
            "no attack of radius a takes more than a kappa from y times that score, and -a y c/sqrt(d) takes as much",
            "Under it the score is N(y (s - a) kappa, 1), and Adv = Phi((s - a) kappa).",
            (
                forall(
                    "printed",
                    "one coordinate: y c_t A_t >= -e, e = a/sqrt(d), q = y c_t",
                    at_least(q * attack, -SIZE),
                    equal(q**2, 1),
                    at_most(attack, SIZE),
                    at_least(attack, -SIZE),
                    touches=tuple({q: one, attack: -one, SIZE: ONE} for one in (ONE, -ONE)),
                ),
                identity("printed", "equal for A_t = -e y c_t", y * c * (-SIZE * y * c), -SIZE),
                identity(
                    "printed",
                    "|S_j| coordinates lose a/sqrt(d) each, divided by the deviation",
                    S * ((s - a) / sqrt(d)) / sqrt(S),
                    (s - a) * k,
                    equal(S, d * k**2),
                ),
            ),
            ("sharp-agreeing",),
        ),
        Line(
            "upper",
            "at p = 1/2: 1 - Spat_j = Phi(-s kappa) = Phi(Phi^-1(Adv) - mu_j)",
            "(iii) cannot be improved for one shift, at p = 1/2 and any radius up to 2s.",
            (
                identity(
                    "printed",
                    "Phi^-1(Adv) = (s - a) kappa and mu_j = (2s - a) kappa",
                    (s - a) * sqrt((1 + rho) / 2) - FAR,
                    -s * sqrt((1 + rho) / 2),
                ),
                forall("printed", "the factor (1-p)/p is 1", equal((1 - p) / p, 1), equal(2 * p, 1), touches={p: HALF}),
            ),
            ("sharp-attacked", "above-bound", "normal-mirror"),
        ),
        Line(
            "bit",
            "sign(x_0) has Adv = Spat_j = p for eps < 1: equality in (ii) and (iii) for a >= 2s",
            "At eta = 1 - p the interval is the point p.",
            (
                forall(
                    "printed",
                    "(ii): Spat_j = Adv",
                    equal(SPAT, ADV),
                    equal(SPAT, p),
                    equal(ADV, p),
                    touches={p: ratio("7/10"), SPAT: ratio("7/10"), ADV: ratio("7/10")},
                ),
                forall(
                    "printed",
                    "(iii): p (1 - Spat_j) = (1 - p) Adv",
                    equal(p * (1 - SPAT), (1 - p) * ADV),
                    equal(SPAT, p),
                    equal(ADV, p),
                    touches={p: ratio("7/10"), SPAT: ratio("7/10"), ADV: ratio("7/10")},
                ),
            ),
            ("above-far", "below-far", "best-attained"),
        ),
        Line(
            "constant",
            "a constant has Adv = Spat_j = 1/2: equality in (ii) for a >= 2s",
            "Mixed with sign(x_0) at random it attains (ii) at every Adv from 1/2 to p.",
            (
                forall(
                    "printed",
                    "sign(x_0) with probability q = (Adv - 1/2)/(p - 1/2), else a constant: q is at most 1",
                    at_most((ADV - HALF) / (p - HALF), 1),
                    at_most(ADV, p),
                    above(p, HALF),
                    touches={p: ratio("7/10"), ADV: ratio("7/10")},
                ),
                forall(
                    "printed",
                    "and at least 0",
                    at_least(q, 0),
                    equal(q * (p - HALF), ADV - HALF),
                    at_least(ADV, HALF),
                    above(p, HALF),
                    touches={q: Integer(0), ADV: HALF, p: ratio("7/10")},
                ),
                identity(
                    "printed",
                    "under any attack, and on r_j(X), sign(x_0) keeps p and a constant 1/2: q p + (1 - q)/2 is Adv",
                    (ADV - HALF) / (p - HALF) * p + (1 - (ADV - HALF) / (p - HALF)) * HALF,
                    ADV,
                ),
            ),
            ("below-far", "sharp-bit", "bitless-attained"),
        ),
    ),
)
THEOREMS = (SHARP,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
