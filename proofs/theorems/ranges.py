"""Inequalities between normal probabilities for all p, rho or a in a range, each proved box by box."""

from __future__ import annotations

from sympy import Basic, Integer

from proofs.checking.theorem import Line, Theorem
from proofs.language.formulas import AVERAGED, BAYES_WEIGHT, INVARIANT_ATTACKED, INVARIANT_BEST, h
from proofs.language.notation import K, a, k, odds, p, rho, s, t
from proofs.language.statements import above, at_least, at_most, equal, forall, numbers, ratio

SIGNAL, QUARTER = equal(s, 2), equal(rho, ratio("1/4"))


def between(letter: Basic, low: str, high: str) -> tuple[Basic, Basic]:
    """The two hypotheses of a range."""
    return at_least(letter, ratio(low)), at_most(letter, ratio(high))


RANGES = Theorem(
    "ranges",
    "Numbers for whole ranges (s = 2)",
    "For s = 2: f* has at most 85 % on r(X) for two shifts and p <= 45/64 and for four shifts and p <= 7/8 (rho_j = "
    "1/4). The invariant rule g_2 has more than f* on r(X) for every p <= 15/16 and |rho| <= 3/4. At rho = 1/4, f* "
    "has more adversarial accuracy than g_2 for every p <= 7/8 and a <= 5/4, and less for these p and 5/2 <= a <= 4.",
    r"""Let $s=2$ and $\rho_j=\frac14$ for $j\ne0$. Then $\mathrm{Spat}(f^*)<0.85$ for $K=2$, $\frac12\le p\le
\frac{45}{64}$ and for $K=4$, $\frac12\le p\le\frac78$. For $K=2$ and $\frac12\le p\le\frac78$: $\mathrm{Adv}_a(g_2)<
\mathrm{Adv}_a(f^*)$ if $0\le a\le\frac54$, and $\mathrm{Adv}_a(g_2)>\mathrm{Adv}_a(f^*)$ if $\frac52\le a\le4$.""",
    (
        Line(
            "two-shifts",
            "K = 2: f* has at most 85 % on r(X) for p <= 45/64",
            "The 85 % of Proposition 1 hold for random shifts too, in this range.",
            (
                numbers(
                    "printed",
                    "the mean over the two shifts",
                    at_most(AVERAGED, ratio("0.85")),
                    SIGNAL,
                    QUARTER,
                    equal(K, 2),
                    *between(p, "1/2", "45/64"),
                    by="-0.01564 -0.00118",
                ),
            ),
            ("moved-law",),
        ),
        Line(
            "four-shifts",
            "K = 4: f* has at most 85 % on r(X) for p <= 7/8",
            "The larger the group, the larger this range.",
            (
                numbers(
                    "printed",
                    "the mean over the four shifts",
                    at_most(AVERAGED, ratio("0.85")),
                    SIGNAL,
                    QUARTER,
                    equal(K, 4),
                    *between(p, "1/2", "7/8"),
                    by="-0.08709 -0.00609",
                ),
            ),
            ("moved-law",),
        ),
        Line(
            "invariance",
            "K = 2: g_2 has more accuracy on r(X) than f* for p <= 15/16 and |rho| <= 3/4",
            "Non-trivial solutions exist wherever the word is not nearly periodic or antiperiodic.",
            (
                numbers(
                    "printed",
                    "B_2 against the mean over the two shifts",
                    above(INVARIANT_BEST, AVERAGED),
                    SIGNAL,
                    equal(K, 2),
                    *between(p, "1/2", "15/16"),
                    *between(rho, "-3/4", "3/4"),
                    by="0.23822 0.01409 0.34847 0.00567",
                ),
            ),
            ("random-two", "moved-law"),
        ),
        Line(
            "costs",
            "K = 2: g_2 has less adversarial accuracy than f* for p <= 7/8 and a <= 5/4",
            "The paper's first direction, in this range.",
            (
                numbers(
                    "printed",
                    "h(s - a, L/(2s)) against that of g_2",
                    above(h(s - a, BAYES_WEIGHT), INVARIANT_ATTACKED),
                    SIGNAL,
                    QUARTER,
                    *between(p, "1/2", "7/8"),
                    *between(a, "0", "5/4"),
                    by="0.03417 0.04999 0.01938 0.01877",
                ),
            ),
            ("random-two",),
        ),
        Line(
            "gains",
            "K = 2: g_2 has more adversarial accuracy than f* for p <= 7/8 and 5/2 <= a <= 4",
            "The paper's first direction is reversed in this range, which has its own radius a = 4.",
            (
                numbers(
                    "printed",
                    "h(s - a, L/(2s)) against that of g_2",
                    at_most(h(s - a, BAYES_WEIGHT), INVARIANT_ATTACKED),
                    SIGNAL,
                    QUARTER,
                    *between(p, "1/2", "7/8"),
                    *between(a, "5/2", "4"),
                    by="-0.03778 -0.03417 -0.08019 -0.09020",
                ),
            ),
            ("random-two",),
        ),
    ),
)

AUGMENTED = Theorem(
    "both",
    "Robust training of the augmented rule costs (two shifts)",
    "For K = 2, 1/2 < p < 1 and 0 < a < s: g_2 made for the signal s - a that the attack -a y u leaves, the rule of "
    "Theorem 6', has less spatial accuracy than g_2, and less the larger a is: the paper's second direction holds.",
    r"""Let $K=2$, $\frac12<p<1$, $\kappa=\sqrt{(1+\rho)/2}>0$. The rule with scores $\langle u+r(u),x\rangle/|u+r(u)|$
and weight $L/(2(s-a)\kappa)$ on $\operatorname{sign}x_0$ has spatial accuracy $h(s\kappa,\tfrac L{2(s-a)\kappa})$,
strictly decreasing in $a\in[0,s)$.""",
    (
        Line(
            "odds",
            "L > 0 for p > 1/2",
            "The bit says something. exp(L) = p/(1-p) is above 1 = exp(0), and exp rises.",
            (
                forall(
                    "printed",
                    "p/(1-p) > 1: were it at most 1, so would be 2 p",
                    at_most(2 * p, 1),
                    at_most(p / (1 - p), 1),
                    above(1, p),
                    touches={p: ratio("1/2")},
                ),
            ),
            ("normal-rises",),
        ),
        Line(
            "weight",
            "its weight L/(2(s - a) kappa) rises strictly in a, from L/(2 s kappa) at a = 0",
            "The bit is robust; training for larger attacks leans on it.",
            (
                forall(
                    "printed",
                    "only a radius t up to a has a weight up to that of a",
                    at_most(t, a),
                    at_most(odds / (2 * (s - t) * k), odds / (2 * (s - a) * k)),
                    above(odds, 0),
                    above(s, t),
                    above(s, a),
                    touches={t: Integer(1), a: Integer(1), s: Integer(2), k: Integer(1), odds: Integer(1)},
                ),
            ),
            ("random-two", "joint-attained", "both-odds"),
        ),
        Line(
            "falls",
            "h(s kappa, b) falls strictly in b above L/(2 s kappa)",
            "So spatial accuracy falls strictly in a.",
            (
                forall(
                    "printed",
                    "the sign of its slope is that of L - 2 s kappa b (moved-weight), negative for a > 0",
                    above(0, odds - 2 * s * k * (odds / (2 * (s - a) * k))),
                    above(odds, 0),
                    above(a, 0),
                    above(s, a),
                    touches=(),
                ),
            ),
            ("both-weight", "moved-weight"),
        ),
    ),
)
THEOREMS = (RANGES, AUGMENTED)
CLAIMS = [claim for theorem in THEOREMS for claim in theorem.claims]
