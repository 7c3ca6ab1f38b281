"""The most accurate rule on data that are moved and then attacked, for two shifts."""

from __future__ import annotations

from sympy import Integer, exp, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.claims.theorem2 import safe
from proofs.language.counting import count
from proofs.language.notation import (
    ADV,
    LAW,
    K,
    a,
    attack,
    b,
    c,
    d,
    k,
    mean,
    mu,
    odds,
    p,
    q,
    real,
    s,
    sign,
    t,
    x0,
    y,
    z,
)
from proofs.language.statements import above, at_least, at_most, cited, equal, exact, forall, identity, ratio

HALF, ONE, TWO = ratio("1/2"), Integer(1), Integer(2)
REACH, LEFT = real("a' m")
"""min(a, s), and s - a'."""
ON, OFF = (1 + sign) / 2, (1 - sign) / 2
"""1 where r(c) = c, and where r(c) = -c."""
TAKEN, JOINT = real("l J")
"""What an attack adds to y times the score; accuracy on moved and attacked data."""

JOINT_OPTIMUM = Theorem(
    "joint",
    "Theorem 6': the best rule on moved and attacked data (two shifts)",
    "Let K = 2, eps < 1, kappa = sqrt((1 + rho)/2) > 0 and m = (s - a)_+ kappa. No rule has accuracy above "
    "h(m, L/(2m)) (p if a >= s) on data moved by a random shift and then attacked; sign(t + L/(2m) sign(x_0)) attains "
    "it, t = sum over S_1 of c_t x_t/sqrt(|S_1|), and sign(x_0) if a >= s. Of all invariant rules these have the most "
    "adversarial accuracy.",
    r"""Let $K=2$, $\varepsilon<1$, $\kappa=\sqrt{(1+\rho)/2}>0$, $S=\{t:r(c)_t=c_t\}$ and $m=(s-a)_+\kappa$. For every
(randomised) classifier $f$,
\[\inf_A\Pr(f(r(X)+A)=Y)\ \le\ \begin{cases}h\bigl(m,\tfrac L{2m}\bigr)&a<s\\p&a\ge s,\end{cases}\]
with equality for $\operatorname{sign}\bigl(|S|^{-1/2}\sum_{t\in S}c_tx_t+\tfrac L{2m}\operatorname{sign}x_0\bigr)$, or
$\operatorname{sign}x_0$ if $a\ge s$. The same number bounds $\mathrm{Adv}_a(f)$ if $f\circ r=f$, and is attained.""",
    (
        Line(
            "attack",
            "-a' y c_t/sqrt(d) where r(c)_t = c_t, 0 elsewhere, a' = min(a, s), is legal and need not know the shift",
            "It takes from X and from r(X) the same part of what they share, and leaves s - a' = (s - a)_+ of it.",
            (
                identity(
                    "printed",
                    "X: (s - a') y c_t/sqrt(d) is left where the two agree, s y c_t/sqrt(d) where not",
                    mean + attack,
                    ((s - REACH) * ON + s * OFF) * y * c / sqrt(d),
                    equal(mean, s * y * c / sqrt(d)),
                    equal(attack, -REACH * y * c / sqrt(d) * ON),
                ),
                identity(
                    "printed",
                    "r(X): (s - a') y c_t/sqrt(d) is left where the two agree, -s y c_t/sqrt(d) where not",
                    mean + attack,
                    ((s - REACH) * ON - s * OFF) * y * c / sqrt(d),
                    equal(mean, s * y * sign * c / sqrt(d)),
                    equal(attack, -REACH * y * c / sqrt(d) * ON),
                ),
            ),
            ("best-attack",),
        ),
        Line(
            "ratio",
            "log g_+/g_- = 2 (s - a)_+ z + L x_0 on that law, z = sum over S_1 of c_t x_t/sqrt(d)",
            "What the two shifts do not share says nothing about the label.",
            (
                identity(
                    "printed",
                    "one coordinate with mean q y: log density -(x - q y)^2/2, of which y q x depends on the label",
                    -((t - q * y) ** 2) / 2,
                    y * q * t - q**2 / 2 - t**2 / 2,
                ),
                identity(
                    "printed",
                    "the mean of X and that of r(X) have the same squares, so that the factor is common",
                    ((s - REACH) * ON + s * OFF) ** 2,
                    ((s - REACH) * ON - s * OFF) ** 2,
                ),
                identity(
                    "printed",
                    "with m = s - a', b the sum over the other coordinates: the quotient of the sums is exp(2 m z)",
                    exp(LEFT * z + s * b) + exp(LEFT * z - s * b),
                    exp(2 * LEFT * z) * (exp(-LEFT * z - s * b) + exp(-LEFT * z + s * b)),
                ),
            ),
            ("joint-attack", "best-rule"),
        ),
        Line(
            "bound",
            "no rule is more accurate on that law than h(m, L/(2m)), m = (s - a)_+ kappa, or than p if a >= s",
            "So none is on moved data under the worst attack.",
            (
                identity(
                    "printed",
                    "z = kappa t, t = z sqrt(d)/sqrt(|S_1|) the score with variance 1: 2 (s - a) z = 2 m t",
                    2 * (s - a) * z,
                    2 * mu * t,
                    equal(z, k * t),
                    equal(mu, (s - a) * k),
                ),
                identity(
                    "printed",
                    "so the answer is the sign of t + b x_0 with b = L/(2m), as in best-value",
                    2 * mu * t + odds * x0,
                    2 * mu * (t + b * x0),
                    equal(b, odds / (2 * mu)),
                ),
                forall(
                    "printed",
                    "a >= s: the densities are as p to 1 - p, and the larger one is p",
                    at_most(1 - p, p),
                    LAW[0],
                    touches={p: HALF},
                ),
            ),
            ("joint-ratio", "best-bayes", "best-value", "sharp-attacked"),
        ),
        Line(
            "attained",
            "under every attack of radius a, y (t + b sign(x_0)) is at least that of N((s - a) kappa, 1) and the bit",
            "On X and on r(X) alike: the rule is right with probability h(m, b), counted as in best-value. sign(x_0) "
            "cannot be attacked.",
            (
                forall(
                    "printed",
                    "the attack adds l >= -a kappa to y t = q: right where the score less a kappa is, z the bit's part",
                    above(q + TAKEN + z, 0),
                    above(q - a * k + z, 0),
                    at_least(TAKEN, -a * k),
                    touches=(),
                ),
                identity("printed", "which has mean s kappa without it", s * k - a * k, (s - a) * k),
                safe("printed"),
            ),
            ("joint-bound", "sharp-attacked", "best-value"),
        ),
        Line(
            "invariant",
            "it is the sign of <u + r(u), x>/|u + r(u)| + b sign(x_0), invariant; for such rules both accuracies agree",
            "So no invariant rule is more robust than this one.",
            (
                identity("printed", "u + r(u) is 2 u on S_1 and 0 elsewhere", c + sign * c, 2 * c * ON),
                exact(
                    "printed",
                    "r(x) + A = r(x + r^-1 A), where f is f(x + r^-1 A): (1, ..., 6), A = (3, 1, 4, 1, 5, 2), m = 2",
                    equal(
                        count("moved_digits", (1 + 5, 2 + 2, 3 + 3, 4 + 1, 5 + 4, 6 + 1), 2, 1),
                        count("moved_digits", (1, 2, 3, 4, 5, 6), 2, 1) + 314152,
                    ),
                ),
                forall(
                    "printed",
                    "r^-1 A has the entries of A: each law has the attacks of the other, and neither is less robust",
                    equal(TAKEN, ADV),
                    at_least(TAKEN, ADV),
                    at_least(ADV, TAKEN),
                    touches={TAKEN: ONE, ADV: ONE},
                ),
                forall(
                    "printed",
                    "Adv is the accuracy on attacked r_j(X) for either j, and their mean",
                    equal(JOINT, ADV),
                    equal(JOINT, (ADV + (K - 1) * TAKEN) / K),
                    equal(TAKEN, ADV),
                    equal(K, 2),
                    touches={JOINT: ONE, ADV: ONE, TAKEN: ONE, K: TWO},
                ),
                cited("printed", "a shift of the coordinates permutes the attacks of a ball"),
            ),
            ("joint-attained", "random-invariant"),
        ),
    ),
)
THEOREMS = (JOINT_OPTIMUM,)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
