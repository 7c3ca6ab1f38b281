"""Proposition 1 as it holds: the accuracy of f* on X and on moved data, and the best rule for random shifts."""

from __future__ import annotations

from sympy import Basic, exp, log, pi, sqrt

from proofs.checking.theorem import Line, Theorem
from proofs.language.counting import count
from proofs.language.formulas import H, h
from proofs.language.functions import Phi, Slope
from proofs.language.notation import (
    ONE,
    RIGHT,
    STANDARD,
    TWO,
    WRONG,
    ZERO,
    K,
    b,
    c,
    d,
    delta,
    k,
    mu,
    odds,
    p,
    q,
    real,
    rho,
    s,
    sign,
    t,
    x,
    x0,
    y,
    z,
)
from proofs.language.statements import above, at_least, at_most, cited, equal, exact, forall, identity, ratio
from proofs.theorems.theorem2_best import BEST

UP, DOWN, RISE, FALL = real("e_+ e_- phi_+ phi_-")
"""Positive numbers: exp(-mu b), exp(mu b), the normal density at mu + b and at mu - b."""
INVARIANT, MOVED, ONE_SHIFT = real("g Spat_0 Spat_j")
SUM, SHIFTED, OTHERS, LEAVES, ENTERS, BEFORE = real("sum sum' rest v v' Spat_(j-1)")
SIX = (1, 2, 3, 4, 5, 6)
"""Coordinates of an example, d = 6 and m = 2."""
WORDS = (1, -1, 1, -1, 1, -1)
"""The sum of the three shifts of +++---."""


def density(at: Basic) -> Basic:
    """The normal density."""
    return exp(-(at**2) / 2) / sqrt(2 * pi)


ACCURACY = Theorem(
    "moved",
    "Proposition 1' (i)-(iii): f* on X and on moved data",
    "f*, and f*_j on r_j(X), have accuracy h(s, L/(2s)) >= max(p, Phi(s)). On r_j(X), f* has h(s rho_j, L/(2s)), at "
    "most h(s(1 - 2 delta), L/(2s)) if rho_j <= 1 - 2 delta.",
    r"""Let $L=\log\frac p{1-p}$. Then $\Pr(f^*(X)=Y)=\Pr(f_j^*(r_j(X))=Y)=h(s,\tfrac L{2s})\ge\max\{p,\Phi(s)\}$, and
$\Pr(f^*(r_j(X))=Y)=h(s\rho_j,\tfrac L{2s})\le h(s(1-2\delta),\tfrac L{2s})$ whenever $\rho_j\le1-2\delta$.""",
    (
        Line(
            "weight",
            "h(mu, b) rises strictly in b up to b = L/(2 mu) and falls strictly after it",
            "So L/(2 mu) is the best weight on the bit.",
            (
                identity(
                    "printed",
                    "its slope in b is p phi(mu + b) - (1-p) phi(mu - b)",
                    Slope(H, b),
                    p * density(mu + b) - (1 - p) * density(mu - b),
                ),
                identity(
                    "printed",
                    "log p phi(mu + b) - log (1-p) phi(mu - b) = L - 2 mu b",
                    log(p) - (mu + b) ** 2 / 2 - log(1 - p) + (mu - b) ** 2 / 2,
                    odds - 2 * mu * b,
                    equal(odds, log(p) - log(1 - p)),
                ),
                forall(
                    "printed",
                    "which is positive for b < q = L/(2 mu)",
                    above(odds - 2 * k * b, 0),
                    equal(odds, 2 * k * q),
                    above(q, b),
                    touches=(),
                ),
                forall(
                    "printed",
                    "and negative for b > q",
                    above(0, odds - 2 * k * b),
                    equal(odds, 2 * k * q),
                    above(b, q),
                    touches=(),
                ),
            ),
        ),
        Line(
            "standard",
            "h(s, L/(2s)) >= Phi(s) and >= p",
            "f* has at least 97.7 % for s = 2, whatever p is.",
            (
                identity("printed", "at b = 0, h is Phi(s)", h(mu, ZERO), Phi(mu)),
                forall(
                    "printed",
                    "no rule has more than R*(0) = h(s, L/(2s)) on X, and sign(x_0), right where x_0 = y, has p",
                    at_least(BEST, p),
                    at_least(BEST, STANDARD),
                    equal(RIGHT, 1),
                    equal(WRONG, 0),
                    touches={BEST: ratio("7/10"), p: ratio("7/10"), RIGHT: ONE, WRONG: ZERO},
                ),
            ),
            ("moved-weight", "best-bayes", "best-value"),
        ),
        Line(
            "law",
            "y <u, r_j(X)> is N(s rho_j, 1)",
            "On r_j(X), f* has accuracy h(s rho_j, L/(2s)); f*_j has h(s, L/(2s)), its word moved along.",
            (
                identity(
                    "printed",
                    "d coordinates of mean s sign/d, (d + d rho)/2 of them with sign 1: s rho",
                    d * (1 + rho) / 2 * (s / d) - d * (1 - rho) / 2 * (s / d),
                    s * rho,
                ),
                identity(
                    "printed",
                    "one coordinate: y (c/sqrt(d)) (s y sign c/sqrt(d)) = s sign/d",
                    y * c / sqrt(d) * (s * y * sign * c / sqrt(d)),
                    s * sign / d,
                ),
                identity("printed", "d variances c^2/d", d * (c**2 / d), 1),
            ),
        ),
        Line(
            "rises",
            "h(mu, b) rises in mu",
            "So rho_j <= 1 - 2 delta bounds the accuracy on r_j(X).",
            (
                identity(
                    "printed",
                    "its slope in mu is p phi(mu + b) + (1-p) phi(mu - b)",
                    Slope(H, mu),
                    p * density(mu + b) + (1 - p) * density(mu - b),
                ),
                forall(
                    "printed",
                    "a mean of two positive numbers is at least the smaller share",
                    at_least(p * RISE + (1 - p) * FALL, p * RISE),
                    at_most(p, 1),
                    at_least(FALL, 0),
                    touches=({p: ONE, RISE: ONE, FALL: ONE}, {p: ZERO, RISE: ONE, FALL: ZERO}),
                ),
                forall(
                    "printed",
                    "s rho_j <= s (1 - 2 delta)",
                    at_most(s * rho, s * (1 - 2 * delta)),
                    at_most(rho, 1 - 2 * delta),
                    touches={s: ONE, rho: ratio("1/4"), delta: ratio("3/8")},
                ),
            ),
            ("moved-law", "moved-weight"),
        ),
    ),
)

INVARIANT_RULE = Theorem(
    "random",
    "Proposition 1' (iv): the best rule for random shifts",
    "The best accuracy on r(X) is g_K's, g_K = sign(log sum_j e^(s z_j) - log sum_j e^(-s z_j) + L x_0), z_j = "
    "<u_j, x>. g_K is invariant, and no invariant rule is better on X. It is at least h(m, L/(2m)), m = s sqrt(mean of "
    "rho_j), and p if the orbit of c contains -c.",
    r"""Let $z_j=\langle u_j,x\rangle$. The largest spatial accuracy $B_K$ is attained by
$g_K(x)=\operatorname{sign}\bigl(\log\sum_je^{sz_j}-\log\sum_je^{-sz_j}+L\,x_0\bigr)$, which satisfies
$g_K\circ r_1=g_K$; and $B_K$ is the largest accuracy on $X$ of any $f$ with $f\circ r_1=f$. If
$\bar\rho=\frac1K\sum_j\rho_j>0$, then $B_K\ge h(m,\tfrac L{2m})$ with $m=s\sqrt{\bar\rho}$. If $r_j(c)=-c$ for
some $j$, then $B_K=p$.""",
    (
        Line(
            "ratio",
            "the density of r(X) given y is a common factor times sum_j exp(s y z_j)",
            "The larger of the two densities is the answer of g_K; best-bayes says that nothing beats it.",
            (
                identity(
                    "printed",
                    "one coordinate with mean q y: log density -(x - q y)^2/2 = q y x - q^2/2 - x^2/2",
                    -((x - q * y) ** 2) / 2,
                    q * y * x - q**2 / 2 - x**2 / 2,
                ),
                identity(
                    "printed",
                    "d squares (s c/sqrt(d))^2 add up to s^2 for every shift: the factor is common",
                    d * (s * c * sign / sqrt(d)) ** 2,
                    s**2,
                ),
            ),
            ("best-bayes",),
        ),
        Line(
            "invariant",
            "g_K is invariant, and an invariant rule has the same accuracy on r(X) as on X",
            "z_j at r_1(x) is <u_(j-1), x>: a shift moves to the other side, and permutes the orbit. So B_K bounds "
            "both, and g_K attains both.",
            (
                exact(
                    "printed",
                    "d = 6, m = 2: the product of (3, 1, 4, 1, 5, 9) and r_1(1, ..., 6) is that of its shift back and "
                    "(1, ..., 6)",
                    equal(
                        count("response", ((3, 1, 4, 1, 5, 9),), ((3, 4, 5, 6, 1, 2),)),
                        count("response", ((5, 9, 3, 1, 4, 1),), (SIX,)),
                    ),
                ),
                forall(
                    "printed",
                    "a sum over the orbit, shifted, loses the term of K - 1 and gains that of -1, which is the same",
                    equal(SHIFTED, SUM),
                    equal(SUM, OTHERS + LEAVES),
                    equal(SHIFTED, ENTERS + OTHERS),
                    equal(ENTERS, LEAVES),
                    touches={SUM: TWO, SHIFTED: TWO, OTHERS: ONE, LEAVES: ONE, ENTERS: ONE},
                ),
                forall(
                    "printed",
                    "f = f r_1: the accuracy on r_j(X) is that on r_(j-1)(X), and so, by induction on j, that on X",
                    equal(ONE_SHIFT, MOVED),
                    equal(BEFORE, ONE_SHIFT),
                    equal(BEFORE, MOVED),
                    touches={MOVED: ONE, BEFORE: ONE, ONE_SHIFT: ONE},
                ),
                forall(
                    "printed",
                    "K accuracies, each equal to the one on X, have it as their mean",
                    equal((MOVED + (K - 1) * ONE_SHIFT) / K, MOVED),
                    equal(ONE_SHIFT, MOVED),
                    touches={K: TWO, MOVED: ONE, ONE_SHIFT: ONE},
                ),
                cited(
                    "printed",
                    "a finite sum may be taken in any order: a shift moves to the other side of an inner product",
                ),
            ),
            ("random-ratio",),
        ),
        Line(
            "linear",
            "sign(<w, x> + ...) with w = sum_j u_j has signal s sqrt(mean of rho_j) on every r_j(X)",
            "Some rule for r(X) has h(m, L/(2m)), so the best one has no less.",
            (
                identity(
                    "printed",
                    "q = <w, u_j> is the sum of <u_i, u_j> = rho_(i-j), K k for every j, k the mean; |w|^2 is K q, the "
                    "sum of these products",
                    s * q / sqrt(K * q),
                    s * sqrt(k),
                    equal(q, K * k),
                ),
                exact(
                    "printed",
                    "d = 6, m = 2, c = +++---: the three words add up to (1, -1, 1, -1, 1, -1), whose square is 3 "
                    "times the sum of the overlaps",
                    equal(
                        count("response", (WORDS,), (WORDS,)),
                        3 * (6 + count("overlap", "+++---", 2) + count("overlap", "+++---", 4)),
                    ),
                ),
                exact(
                    "printed",
                    "and whose product with the word itself is that sum",
                    equal(
                        count("response", (WORDS,), ((1, 1, 1, -1, -1, -1),)),
                        6 + count("overlap", "+++---", 2) + count("overlap", "+++---", 4),
                    ),
                ),
                cited(
                    "printed",
                    "a finite sum may be taken in any order: a shift moves to the other side of an inner product",
                ),
            ),
            ("random-ratio", "random-invariant"),
        ),
        Line(
            "antiperiodic",
            "if r_j(c) = -c for some j, the two densities are as p to 1 - p or as 1 - p to p, and B_K = p",
            "Non-trivial solutions need more than distance.",
            (
                identity(
                    "printed",
                    "z_j and -z_j = t both appear: the sums for y = 1 and y = -1 agree, pair by pair of terms",
                    exp(s * z) + exp(s * t),
                    exp(-s * z) + exp(-s * t),
                    equal(t, -z),
                ),
                forall(
                    "printed",
                    "the larger of p and 1 - p is p",
                    at_most(1 - p, p),
                    at_least(p, ratio("1/2")),
                    touches={p: ratio("1/2")},
                ),
            ),
            ("random-ratio",),
        ),
        Line(
            "two",
            "two shifts: g_2 looks at <u + r(u), x> alone, and B_2 = h(s_1, L/(2 s_1)), s_1 = s sqrt((1 + rho)/2)",
            "The sums factor: e^(s z_0) + e^(s z_1) = 2 e^(s (z_0 + z_1)/2) cosh(s (z_0 - z_1)/2).",
            (
                identity(
                    "printed",
                    "the quotient of the two sums is exp(s (z_0 + z_1))",
                    exp(s * z) + exp(s * t),
                    exp(s * (z + t)) * (exp(-s * z) + exp(-s * t)),
                ),
                identity(
                    "printed",
                    "u + r(u) has length sqrt(2 + 2 rho) and <u, u + r(u)> = 1 + rho",
                    s * (1 + rho) / sqrt(2 + 2 * rho),
                    s * sqrt((1 + rho) / 2),
                ),
                identity(
                    "printed",
                    "log p + log g_+ - log(1-p) - log g_-, divided by 2 s_1: the weight on x_0 is L/(2 s_1)",
                    2 * mu * (t + b * x0),
                    2 * mu * t + odds * x0,
                    equal(b, odds / (2 * mu)),
                ),
            ),
            ("random-ratio", "best-value"),
        ),
    ),
)
THEOREMS = (ACCURACY, INVARIANT_RULE)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
