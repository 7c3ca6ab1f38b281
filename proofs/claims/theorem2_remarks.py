"""The sentences around Theorem 2 of Kamath et al. (Section 3), and the end of that section."""

from __future__ import annotations

from proofs.checking.claim import Claim
from proofs.claims.theorem2 import accuracies, safe
from proofs.language.counting import count
from proofs.language.formulas import LOG_ODDS, PRINTED_LOWER, PRINTED_UPPER, ROBUST_BEST, ROBUST_MOVED, h
from proofs.language.notation import (
    HALF,
    LAW,
    ONE,
    RIGHT,
    STANDARD,
    SWAPPED,
    WRONG,
    ZERO,
    K,
    a,
    c,
    d,
    delta,
    eta,
    p,
    q,
    rho,
    s,
    share,
    sign,
    t,
)
from proofs.language.statements import (
    above,
    at_least,
    at_most,
    cited,
    equal,
    exact,
    forall,
    identity,
    numbers,
    ratio,
    solvable,
    unequal,
)

SOURCE = "Section 3, after Theorem 2"
SEVEN = equal(p, ratio("7/10"))
NEAR_ONE = equal(p, ratio("99/100"))
BOTH_HIGH = (
    exact("counterexample", "d = 64: 4/sqrt(d) squared is 1/4, below 1", above(1, 16 / d), equal(d, 64), by="3/4"),
    safe("counterexample"),
    accuracies("counterexample")[0],
    cited(
        "counterexample",
        "neither an attack of this size nor a shift turns sign(x_0): Adv = Spat = p, which may be 0.99",
    ),
)

CLAIMS = [
    Claim(
        "thm2-low-spatial",
        "Section 3, before Theorem 2",
        "a classifier of high adversarial robustness on this law must have low spatial robustness",
        "refuted",
        "sign(x_0) has both equal to p. At the theorem's radius robustness forces spatial accuracy, see "
        "corrected-lower.",
        BOTH_HIGH,
        picture=("plane", (("sign(x_0), p = 0.99", 0.99, 0.99),)),
        title="Adversarial robustness does not force low spatial robustness.",
    ),
    Claim(
        "thm2-degrades",
        "Section 3, before Theorem 2",
        "the spatial robustness degrades for a larger range of transformations",
        "refuted",
        "Not for a given robust rule: sign(x_0) has spatial accuracy p for every step, and the corrected interval "
        "has no m.",
        (
            safe("counterexample"),
            identity(
                "counterexample",
                "sign(x_0): K shifts of accuracy p average to p, whatever K is",
                (p + (K - 1) * q) / K,
                p,
                equal(q, p),
            ),
        ),
        picture=("plane", (("sign(x_0), p = 0.7, every step", 0.7, 0.7),)),
        title="More transformations need not make a robust rule worse.",
    ),
    Claim(
        "thm2-larger-step",
        "Section 3, around Theorem 2",
        "m signifies the range of transformations: larger rotations mean larger m (90 degrees m = d/4, 180 degrees m "
        "= d/2)",
        "refuted",
        "m is the step. The range is d/m: m = d/4 has all turns of m = d/2 and two more, m = d has none.",
        (
            exact(
                "counterexample",
                "m = d/4 and m = d/2 have 2 turns in common, all that m = d/2 has",
                equal(count("common_turns", 4, 2), 2),
            ),
            exact(
                "counterexample",
                "m = d/4 has four",
                above(count("common_turns", 4, 4), count("common_turns", 2, 2)),
                by="2",
            ),
            exact("instead", "m = d turns by 0 degrees only", equal(count("common_turns", 1, 4), 1)),
        ),
        picture=("turns",),
        title="Larger rotations do not mean larger $m$, which is the step.",
    ),
    Claim(
        "thm2-bound-decreases",
        SOURCE,
        "the upper bound 1 - (m/d)(1 - eta p/(1-p)) decreases as m increases",
        "repaired",
        "Only for eta < (1-p)/p. Above, where most possible eta lie for p near 1, it grows with m and exceeds 1.",
        (
            exact(
                "counterexample",
                "p = 3/4, eta = 1/2: at m = d/2 it exceeds that at m = d/4",
                above(PRINTED_UPPER.subs(share, HALF), PRINTED_UPPER.subs(share, ratio("1/4"))),
                equal(p, ratio("3/4")),
                equal(eta, HALF),
                by="1/8",
            ),
            forall(
                "repair",
                "for eta p/(1-p) <= 1 the bound at the larger share is the smaller one",
                at_least(1 - q * (1 - t), 1 - share * (1 - t)),
                at_least(share, q),
                at_most(t, 1),
                touches=({share: HALF, q: HALF, t: ZERO}, {share: HALF, q: ZERO, t: ONE}),
            ),
        ),
        repair="For eta <= (1-p)/p.",
        picture=("sides", "bound at m = d/2", "bound at m = d/4"),
        title=r"The upper bound grows with $m$ where $\eta$ exceeds $(1-p)/p$.",
    ),
    Claim(
        "thm2-half-upper",
        SOURCE,
        "for m = d/2 and p -> 1/2 the upper bound tends to 1/2 + eta/2",
        "proved",
        "The algebra is right; what is said about small eta is not, see thm2-slightly-better.",
        (
            identity(
                "printed",
                "the bound at m/d = 1/2, p = 1/2",
                PRINTED_UPPER,
                HALF + eta / 2,
                equal(share, HALF),
                equal(p, HALF),
            ),
        ),
        title=r"For two shifts the upper bound tends to $1/2+\eta/2$.",
    ),
    Claim(
        "thm2-slightly-better",
        SOURCE,
        "when eta is small, 1/2 + eta/2 is only slightly better than a random classifier",
        "vacuous",
        "At p = 1/2 no eta below 1/2 is possible; the bound is 3/4 or more for every rule.",
        (
            solvable(
                "hypothesis",
                "some rule satisfies the hypothesis at p = 1/2, eta < 1/2",
                at_least(STANDARD, 1 - eta),
                at_least(SWAPPED, 1 - eta),
                equal(p, HALF),
                eta < HALF,
            ),
            forall(
                "instead",
                "where eta is possible the bound is at least 3/4",
                at_least(HALF + eta / 2, ratio("3/4")),
                at_least(eta, HALF),
                touches={eta: HALF},
            ),
        ),
        picture=("feasible",),
        title=r"At $p=1/2$ no rule has a small $\eta$.",
    ),
    Claim(
        "thm2-pointwise",
        "Section 3, proof of Theorem 2",
        "(A_j(x))_t = (r_j(x))_t - x_t is in {-4y/sqrt(d), 0, 4y/sqrt(d)}",
        "repaired",
        "True of the means only; the noise of two coordinates differs without bound. In law it suffices.",
        (
            exact(
                "counterexample",
                "d = 4, m = 1, x = (0, 3, 0, 0): r_1(x) is (3, 0, 0, 0), with a first entry 3 larger; 4/sqrt(4) is 2",
                equal(count("moved_digits", (0, 3, 0, 0), 1, 1), 3000),
            ),
            exact("counterexample", "3 is none of -2, 0, 2", unequal(q * (q - 2) * (q + 2), 0), equal(q, 3), by="15"),
            identity(
                "repair",
                "the means 2 c_t y/sqrt(d) of two letters differ by 0 or 4 (times y/sqrt(d)): their difference q has "
                "q(q - 4)(q + 4) = 0",
                q * (q - 4) * (q + 4),
                0,
                equal(q, 2 * sign * c - 2 * c),
            ),
        ),
        repair="The attack s y (u_j - u), with these values, gives X the law of r_j(X).",
        picture=("kernels", (("x", ((0, 3, 0, 0),)), ("r_1(x) - x", ((3, -3, 0, 0),)))),
        title="A shift moves the noise, too, by more than the printed values.",
    ),
    Claim(
        "thm2-lower-sum",
        "Section 3, proof of Theorem 2",
        "(m/d) times d/m - 1 terms of at least 1 - eta is (1 - m/d)(1 - eta)",
        "proved",
        "The identity, left out here, is itself an attack (none): with it the bound is 1 - eta.",
        (
            identity(
                "printed",
                "with share for m/d, both are (1 - share)(1 - eta)",
                share * (1 / share - 1) * (1 - eta),
                PRINTED_LOWER,
            ),
            identity(
                "instead",
                "with the identity: share (1 - eta) more, 1 - eta in all",
                PRINTED_LOWER + share * (1 - eta),
                1 - eta,
            ),
        ),
        title="The last line of the lower bound is right.",
    ),
    Claim(
        "thm2-half-lower",
        SOURCE,
        "for m = d/2 the lower bound becomes (1 - eta)/2",
        "proved",
        "The algebra is right; 1 - eta holds as well.",
        (identity("printed", "the bound at m/d = 1/2", PRINTED_LOWER, (1 - eta) / 2, equal(share, HALF)),),
        title=r"For two shifts the lower bound is $(1-\eta)/2$.",
    ),
    Claim(
        "thm2-slightly-worse",
        SOURCE,
        "when eta is small, the accuracy is only slightly worse than that of a random classifier",
        "refuted",
        "A lower bound near 1/2 does not show accuracy near 1/2.",
        (
            safe("counterexample"),
            exact(
                "counterexample",
                "sign(x_0), p = 0.99, eta = 0.01, m = d/2: the bound is 0.495, the accuracy 0.99",
                above(p, PRINTED_LOWER),
                NEAR_ONE,
                equal(eta, ratio("0.01")),
                equal(share, HALF),
                by="0.495",
            ),
        ),
        picture=("sides", "sign(x_0)", "printed lower bound"),
        title="A lower bound near 1/2 does not show an accuracy near 1/2.",
    ),
    Claim(
        "end-proxy",
        "Section 3, end",
        "adversarial accuracy at a fixed bound is a reasonable proxy for adversarial training with larger "
        "perturbations",
        "refuted",
        "Training beyond the fixed bound lowers the accuracy at that bound: one goes up as the other goes down.",
        (
            numbers(
                "counterexample",
                "p = 0.7: at a = 1/2 the most robust rule for a = 1/2 has R*(1/2), the most robust one for a = 5/4 "
                "has less",
                above(ROBUST_BEST, h(s - a, LOG_ODDS / (2 * (s - t)))),
                SEVEN,
                equal(s, 2),
                equal(a, HALF),
                equal(t, ratio("5/4")),
                by="0.0064",
            ),
        ),
        picture=("sides", "trained for a = 1/2", "trained for a = 5/4"),
        title="Accuracy at a fixed radius is no proxy for training at larger ones.",
    ),
    Claim(
        "end-other-direction",
        "Section 3, end",
        "that high spatial robustness implies low adversarial robustness follows directly from Tsipras et al.",
        "repaired",
        "Their law is that of the word ++...+, which is no code word of Theorem 2 and has nothing to shift.",
        (
            exact(
                "counterexample",
                "++++++++ and its shift agree in all 8 places, more than 5/8 of them",
                above(count("same", "++++++++", 2), (1 - delta) * 8),
                equal(delta, ratio("3/8")),
                by="3",
            ),
            forall(
                "repair",
                "in the cyclic model, a = 2s: Adv <= (p/(1-p))(1 - Spat_j), from the swap of the classes on S_j",
                at_most(SWAPPED, p / (1 - p) * (1 - STANDARD)),
                *LAW,
                at_most(RIGHT, 1),
                touches=({RIGHT: ONE, WRONG: ZERO, p: ratio("7/10")}, {RIGHT: ZERO, WRONG: ZERO, p: HALF}),
            ),
        ),
        repair="Adv <= (p/(1-p))(1 - Spat_j) for every j at eps = 4/sqrt(d), d > 16; it says something for p near 1/2.",
        picture=("shifts", "++++++++", 2),
        title="The other direction does not follow directly from the earlier result.",
    ),
    Claim(
        "end-permutations",
        "Section 3, end",
        "their distribution is invariant under permutations of x_1, ..., x_d, so accuracy and spatial accuracy are "
        "equal",
        "proved",
        "True, and empty: every spatial question about that law is a question about no shift at all.",
        (
            exact("printed", "the word ++++++++ has one shift: itself", equal(count("distinct", "++++++++", 1), 1)),
            identity("printed", "K equal accuracies have the average Std", (t + (K - 1) * q) / K, t, equal(q, t)),
        ),
        picture=("shifts", "++++++++", 1),
        title="In the earlier model spatial accuracy is accuracy, because nothing moves.",
    ),
    Claim(
        "end-both-high",
        "Section 3, last sentence; Section 2",
        "adversarial and spatial robustness can not both be high in one model",
        "refuted",
        "sign(x_0) has both equal to p, for every p < 1, when d > 16.",
        BOTH_HIGH,
        picture=("plane", (("sign(x_0), p = 0.99", 0.99, 0.99),)),
        title="Adversarial and spatial robustness can both be high in one model.",
    ),
    Claim(
        "end-progressive",
        "Section 3, last sentence",
        "increasing one progressively declines the other",
        "refuted",
        "From a constant to sign(x_0) both grow. Robust training raises spatial accuracy at first, for p between 1/2 "
        "and 1.",
        (
            safe("counterexample"),
            exact(
                "counterexample",
                "a constant has Adv = Spat = 1/2, sign(x_0) has p in both: 0.4 more at p = 0.9",
                above(p, HALF),
                equal(p, ratio("0.9")),
                by="0.4",
            ),
            numbers(
                "counterexample",
                "p = 0.9, correlation 1/4: the most robust rule for a = 5/4 has more accuracy on r_j(X) than f* (a = "
                "0)",
                above(ROBUST_MOVED, ROBUST_MOVED.subs(a, 0)),
                equal(p, ratio("0.9")),
                equal(s, 2),
                equal(rho, ratio("1/4")),
                equal(a, ratio("5/4")),
                by="0.0788",
            ),
        ),
        picture=("plane", (("constant", 0.5, 0.5), ("sign(x_0), p = 0.9", 0.9, 0.9))),
        title="One robustness can grow together with the other.",
    ),
]
