"""Theorem 2' (i): the most adversarial accuracy at radius a, who has it, and which eta are possible."""

from __future__ import annotations

from sympy import Abs, Integer, Max, Min, log, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.claims.theorem2 import safe
from proofs.language.formulas import h
from proofs.language.functions import Phi
from proofs.language.notation import (
    ADV,
    HALF,
    LAW,
    ONE,
    TWO,
    ZERO,
    a,
    attack,
    b,
    c,
    d,
    eps,
    eta,
    k,
    mean,
    mu,
    odds,
    p,
    q,
    real,
    s,
    t,
    x,
    x0,
    y,
)
from proofs.language.statements import above, at_least, at_most, equal, forall, identity

CHANCE, PLUS, MINUS, BEST = real("f g_+ g_- R")
"""Chance that a rule says 1; the two joint densities at a point; the most accuracy any rule can have."""
(REACH,) = real("a'")
"""min(a, s)."""

OPTIMUM = Theorem(
    "best",
    "Theorem 2' (i): adversarial accuracy from above",
    "Let eps < 1, s' = (s - a)_+. No rule has adversarial accuracy above R*(a) = h(s', L/(2s')) (p if a >= s), and "
    "f_a = sign(2 s' <u, x> + L sign(x_0)), sign(x_0) if a >= s, attains it. So eta is possible at radius a exactly in "
    "[1 - R*(a), 1]; from a = s on in [1 - p, 1].",
    r"""Let $a=\varepsilon\sqrt d$, $\varepsilon<1$, $s'=(s-a)_+$, $L=\log\frac{p}{1-p}$ and
$h(\mu,b)=p\,\Phi(\mu+b)+(1-p)\,\Phi(\mu-b)$. Every (randomised) classifier $f$ has
\[\mathrm{Adv}_a(f)\ \le\ R^*(a)=\begin{cases}h\bigl(s',\tfrac{L}{2s'}\bigr)&a<s\\ p&a\ge s,\end{cases}\]
with equality for $f_a(x)=\operatorname{sign}(2s'\langle u,x\rangle+L\operatorname{sign}x_0)$ if $a<s$, for
$\operatorname{sign}x_0$ if $a\ge s$. Hence
$\mathrm{Adv}_a(f)\ge1-\eta$ for some $f$ if and only if $\eta\ge1-R^*(a)$.""",
    (
        Line(
            "attack",
            "the attack -a' y u, a' = min(a, s), is legal and leaves the law (x_0, N(y s' u, I)), s' = (s - a)_+",
            "Any rule's adversarial accuracy is at most its accuracy on this law.",
            (
                identity(
                    "printed",
                    "each coordinate's mean becomes (s - a') y c_t/sqrt(d)",
                    mean + attack,
                    (s - REACH) * y * c / sqrt(d),
                    equal(mean, s * y * c / sqrt(d)),
                    equal(attack, -REACH * y * c / sqrt(d)),
                ),
                forall(
                    "printed",
                    "the attack's square a'^2/d is at most a^2/d",
                    at_most(REACH**2 / d, a**2 / d),
                    at_least(REACH, 0),
                    at_most(REACH, a),
                    touches={a: ONE, REACH: ONE, d: ONE},
                ),
                forall(
                    "printed",
                    "s - a' is the positive part of s - a",
                    equal(s - Min(a, s), Max(s - a, 0)),
                    touches=({a: ONE, s: ONE}, {a: Integer(3), s: ONE}),
                ),
            ),
        ),
        Line(
            "bayes",
            "at each point f g_+ + (1 - f) g_- <= max(g_+, g_-): no rule beats the one that takes the larger density",
            "Summed and integrated with weight 1/2 this is the accuracy.",
            (
                forall(
                    "printed",
                    "for a chance f in [0, 1]",
                    at_most(CHANCE * PLUS + (1 - CHANCE) * MINUS, Max(PLUS, MINUS)),
                    at_least(CHANCE, 0),
                    at_most(CHANCE, 1),
                    touches=(
                        {CHANCE: ONE, PLUS: TWO, MINUS: ONE},
                        {CHANCE: ZERO, PLUS: ONE, MINUS: TWO},
                    ),
                ),
            ),
        ),
        Line(
            "rule",
            "g_+ > g_- where 2 s' <u, x> + L x_0 > 0",
            "The best rule on that law is f_a; at s' = 0 it is sign(x_0).",
            (
                identity(
                    "printed",
                    "one coordinate with mean q given y = 1: log g_+/g_- = 2 q x",
                    -((x - q) ** 2) / 2 + (x + q) ** 2 / 2,
                    2 * q * x,
                ),
                identity(
                    "printed",
                    "the bit adds x_0 L",
                    (1 + x0) / 2 * log(p)
                    + (1 - x0) / 2 * log(1 - p)
                    - (1 + x0) / 2 * log(1 - p)
                    - (1 - x0) / 2 * log(p),
                    x0 * odds,
                    equal(odds, log(p) - log(1 - p)),
                ),
            ),
            ("best-attack",),
        ),
        Line(
            "value",
            "its accuracy there is p Phi(s' + b) + (1-p) Phi(s' - b), b = L/(2s'); at s' = 0 it is p",
            "y <u, x> has to be above -b where x_0 = y, and above b where not. R*(a) is a value of h.",
            (
                identity(
                    "printed",
                    "y <u, x> has mean s': d coordinates of mean y (c/sqrt(d)) (s' y c/sqrt(d))",
                    d * (y * (c / sqrt(d)) * (s * y * c / sqrt(d))),
                    s,
                ),
                identity("printed", "and variance 1, that of d coordinates c/sqrt(d) x_t", d * (c / sqrt(d)) ** 2, 1),
                identity(
                    "printed",
                    "2 s' (<u, x> + b sign(x_0)) is the score of the line before",
                    2 * s * (t + b * x0),
                    2 * s * t + odds * x0,
                    equal(b, odds / (2 * s)),
                ),
                forall(
                    "printed",
                    "at s' = 0 the densities are as p to 1 - p, and the larger one is p",
                    at_most(1 - p, p),
                    LAW[0],
                    touches={p: HALF},
                ),
            ),
            ("best-rule", "normal-moved"),
        ),
        Line(
            "attained",
            "every attack of radius a leaves y (<u, x + A> + b sign(x_0 + A_0)) >= y <u, x> - a + b y x_0",
            "For a < s that score is right with probability R*(a); sign(x_0) cannot be attacked.",
            (
                forall(
                    "printed",
                    "one coordinate: y c_t A_t/sqrt(d) >= -a/d, q = y c_t",
                    at_least(q * attack * k, -a * k**2),
                    equal(q**2, 1),
                    at_most(attack, a * k),
                    at_least(attack, -a * k),
                    touches=tuple({q: one, attack: -one, a: ONE, k: ONE} for one in (ONE, -ONE)),
                ),
                identity("printed", "d coordinates: -a altogether", d * (-a * k**2), -a, equal(k, 1 / sqrt(d))),
                safe("printed"),
            ),
            ("best-value",),
        ),
        Line(
            "below-one",
            "R*(a) < 1",
            "So Phi^-1(Adv) is finite in (ii) and (iii) unless Adv = 0.",
            (
                forall(
                    "printed",
                    "a mean of q = Phi(s' + b) and t = Phi(s' - b) is at most the larger one",
                    at_most(p * q + (1 - p) * t, Max(q, t)),
                    at_least(p, 0),
                    at_most(p, 1),
                    touches=({p: ONE, q: ONE, t: ZERO}, {p: ZERO, q: ZERO, t: ONE}),
                ),
                forall(
                    "printed",
                    "and that is below 1, as both are",
                    above(1, BEST),
                    at_most(BEST, Max(q, t)),
                    above(1, q),
                    above(1, t),
                    touches=(),
                ),
                forall(
                    "printed",
                    "at s' = 0 it is the larger of p and 1 - p, for p in [1/2, 1)",
                    above(1, BEST),
                    at_most(BEST, Max(p, 1 - p)),
                    *LAW,
                    touches=(),
                ),
            ),
            ("best-value", "normal-ends"),
        ),
        Line(
            "possible",
            "some rule has Adv >= 1 - eta exactly if eta >= 1 - R*(a)",
            "The interval of possible eta is [1 - R*(a), 1].",
            (
                forall(
                    "printed",
                    "only if: Adv <= R*",
                    at_least(eta, 1 - BEST),
                    at_most(ADV, BEST),
                    at_least(ADV, 1 - eta),
                    touches={eta: HALF, ADV: HALF, BEST: HALF},
                ),
                forall(
                    "printed",
                    "if: f_a has Adv = R*",
                    at_least(ADV, 1 - eta),
                    equal(ADV, BEST),
                    at_least(eta, 1 - BEST),
                    touches={eta: HALF, ADV: HALF, BEST: HALF},
                ),
            ),
            ("best-attained", "best-bayes"),
        ),
    ),
)

REACHABLE = Theorem(
    "bitless",
    "Theorem 2' (i) for eps >= 1: the bit can be attacked",
    "For eps >= 1 no rule has adversarial accuracy above Phi((s - a)_+); sign(<u, x>) attains it for a < s and a "
    "constant for a >= s. So eta is possible exactly in [1 - Phi((s - a)_+), 1], from a = s on in [1/2, 1].",
    r"""If $\varepsilon\ge1$, then every (randomised) classifier $f$ has
$\mathrm{Adv}_a(f)\le\Phi((s-a)_+)$, with equality for
$\operatorname{sign}\langle u,x\rangle$ if $a<s$ and for constants if $a\ge s$. Hence $\mathrm{Adv}_a(f)\ge1-\eta$ for
some $f$ if and only if $\eta\ge1-\Phi((s-a)_+)$.""",
    (
        Line(
            "attack",
            "A_0 = -x_0 is an attack of size 1 <= eps, and leaves a bit 0 under both labels",
            "With the attack of best-attack the law is (0, N(y s' u, I)): the two labels differ in <u, x> alone.",
            (
                forall(
                    "printed",
                    "|A_0| <= eps where x_0 + A_0 = 0",
                    at_most(Abs(attack), eps),
                    equal(x0 + attack, 0),
                    equal(x0**2, 1),
                    at_least(eps, 1),
                    touches=tuple({x0: one, attack: -one, eps: ONE} for one in (ONE, -ONE)),
                ),
            ),
            ("best-attack",),
        ),
        Line(
            "value",
            "the best accuracy on that law is h(s', 0) = Phi(s'), at s' = 0 it is Phi(0) = 1/2",
            "Half of what best-value counts, twice: both values of the bit are alike.",
            (identity("printed", "without a bit the score has weight 0 on it", h(mu, ZERO), Phi(mu)),),
            ("bitless-attack", "best-bayes", "best-rule", "best-value", "normal-mirror"),
        ),
        Line(
            "attained",
            "sign(<u, x>) has accuracy Phi(s - a) under the worst attack; a constant has 1/2",
            "Its score is best-attained's without the bit. Which eta are possible follows as in best-possible.",
            (
                identity("printed", "the worst attack leaves N(s - a, 1)", h(s - a, ZERO), Phi(s - a)),
                forall(
                    "printed",
                    "a constant is right with chance q given y = 1 and t = 1 - q given y = -1",
                    equal((q + t) / 2, HALF),
                    equal(t, 1 - q),
                    touches={q: ONE, t: ZERO},
                ),
            ),
            ("bitless-value", "best-attained", "best-possible"),
        ),
    ),
)
THEOREMS = (OPTIMUM, REACHABLE)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
