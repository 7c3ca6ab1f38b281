"""Theorem 2 of Kamath et al. (Section 3): its statement, and the part of its proof that ends in the upper bound."""

from __future__ import annotations

from sympy import Abs, Integer, sqrt

from proofs.claims import Claim
from proofs.formulas import PRINTED_LOWER, PRINTED_UPPER
from proofs.notation import (
    ADV,
    LAW,
    RIGHT,
    ROBUST,
    SPAT,
    STANDARD,
    STD,
    SWAPPED,
    WRONG,
    K,
    attack,
    c,
    d,
    eps,
    eta,
    mean,
    p,
    q,
    real,
    s,
    share,
    sign,
    t,
    x0,
    y,
)
from proofs.statements import Role, Statement, at_least, at_most, cited, equal, exact, forall, identity, ratio, solvable

SOURCE = "Section 3, Theorem 2"
PROOF = "Section 3, proof of Theorem 2"
HALF, ONE, ZERO = ratio("1/2"), Integer(1), Integer(0)
SIGN_X0 = {RIGHT: ONE, WRONG: ZERO, p: ratio("7/10"), eta: ratio("3/10")}
"""sign(x_0) is right given x_0 = y and wrong given x_0 = -y; its eta is 1 - p."""
(REST,) = real("rest")
"""Mean accuracy over the shifts other than the identity."""
AGREE, DIFFER = real("u v")
"""Pr(f((y, G_{-y})) = -y) and Pr(f((-y, G_{-y})) = -y), added over both y."""

STANDARD_BOUND = forall(
    "printed",
    "1 - eta <= Pr(f(X + A) = Y) for the attack that swaps the classes implies Pr(f(X) = Y) <= eta p/(1-p)",
    at_most(STANDARD, eta * p / (1 - p)),
    *LAW,
    at_least(WRONG, 0),
    ROBUST[1],
    touches=SIGN_X0,
)


def point(role: Role) -> tuple[Statement, ...]:
    """sign(x_0) satisfies the hypothesis at eta = 1 - p: no attack of size eps < 1 turns its answer."""
    where = [equal(letter, number) for letter, number in SIGN_X0.items()]
    return (
        exact(role, "sign(x_0), p = 7/10, eta = 3/10: accuracy 1 - eta", equal(STANDARD, 1 - eta), *where),
        exact(role, "and 1 - eta when the classes are swapped", equal(SWAPPED, 1 - eta), *where),
        safe(role),
    )


def safe(role: Role) -> Statement:
    """An attack of size eps leaves x_0 = +-1 on its side of 0."""
    return forall(
        role,
        "an attack of size eps leaves x_0 (x_0 + A_0) >= 1 - eps, which is positive for eps < 1",
        at_least(x0 * (x0 + attack), 1 - eps),
        equal(x0**2, 1),
        at_most(attack, eps),
        at_least(attack, -eps),
        touches=({x0: ONE, attack: -HALF, eps: HALF}, {x0: -ONE, attack: HALF, eps: HALF}),
    )


STATED = [
    Claim(
        "thm2-hypothesis",
        SOURCE,
        "suppose Pr(f(X + A(X)) = Y) >= 1 - eta for all attacks, with eta < 1 - p",
        "vacuous",
        "A = 0 is an attack: the hypothesis forces eta >= 1 - p, and the theorem is empty below.",
        (solvable("hypothesis", "some rule, p and eta < 1 - p satisfy it for A = 0 and for the swap of the classes", *LAW, at_least(WRONG, 0), *ROBUST, eta < 1 - p),),
        picture=("feasible",),
    ),
    Claim(
        "thm2-upper",
        SOURCE,
        "Pr(f(r(X)) = Y) <= 1 - (m/d)(1 - eta p/(1-p))",
        "proved",
        "True where the hypothesis can be met, but it bounds every shift but one by 1; see corrected-upper.",
        (
            *point("hypothesis"),
            STANDARD_BOUND,
            forall(
                "printed",
                "the other shifts count as 1",
                at_most(share * STD + (1 - share) * REST, PRINTED_UPPER),
                at_most(STD, eta * p / (1 - p)),
                at_most(REST, 1),
                at_least(share, 0),
                at_most(share, 1),
                touches={share: HALF, REST: ONE, STD: ratio("7/10"), p: ratio("7/10"), eta: ratio("3/10")},
            ),
        ),
    ),
    Claim(
        "thm2-lower",
        SOURCE,
        "(1 - m/d)(1 - eta) <= Pr(f(r(X)) = Y)",
        "proved",
        "True, and weaker than 1 - eta, which holds too; see corrected-lower.",
        (
            *point("hypothesis"),
            cited("printed", "an attack of this size gives X the law of r_j(X), see corrected-reach; so Adv <= Spat_j"),
            forall(
                "printed",
                "the identity counts as 0",
                at_least(share * STD + (1 - share) * REST, PRINTED_LOWER),
                at_least(STD, 0),
                at_least(REST, ADV),
                at_least(ADV, 1 - eta),
                at_least(share, 0),
                at_most(share, 1),
                touches={share: HALF, STD: ZERO, REST: HALF, ADV: HALF, eta: HALF},
            ),
        ),
    ),
    Claim(
        "thm2-limit",
        SOURCE,
        "as p -> 1/2 and eta -> 0, both bounds approach 1 - m/d, which decreases as m increases",
        "vacuous",
        "No rule satisfies the hypothesis there: at p = 1/2 eta is at least 1/2.",
        (
            identity("printed", "the lower bound is 1 - m/d less a multiple of eta", PRINTED_LOWER, 1 - share - eta * (1 - share)),
            identity("printed", "the upper bound is 1 - m/d and a multiple of eta", PRINTED_UPPER, 1 - share + eta * share * p / (1 - p)),
            solvable("hypothesis", "some rule satisfies it at p = 1/2 with eta < 1/2", at_least(STANDARD, 1 - eta), at_least(SWAPPED, 1 - eta), equal(p, HALF), eta < HALF),
        ),
        picture=("feasible",),
    ),
    Claim(
        "thm2-random",
        SOURCE,
        "for m = d/2 this accuracy is as bad as that of a random classifier",
        "vacuous",
        "The limit 1 - m/d = 1/2 belongs to no rule. At p = 1/2 the rules that there are have eta >= 1/2.",
        (
            identity("printed", "1 - m/d at m = d/2 is 1/2", 1 - share, HALF, equal(share, HALF)),
            solvable("hypothesis", "some rule satisfies the hypothesis at p = 1/2, eta = 0", at_least(STANDARD, 1 - eta), at_least(SWAPPED, 1 - eta), equal(p, HALF), equal(eta, 0)),
        ),
        picture=("feasible",),
    ),
]

STEPS = [
    Claim(
        "thm2-attack",
        PROOF,
        "A_0 = 0, A_t = -4 c_t y/sqrt(d) turns G_y into G_{-y}",
        "proved",
        "The attack has to see the label y.",
        (
            identity("printed", "mean 2 c_t y/sqrt(d) plus A_t is the mean for -y", mean + attack, 2 * c * (-y) / sqrt(d), equal(mean, 2 * c * y / sqrt(d)), equal(attack, -4 * c * y / sqrt(d))),
        ),
    ),
    Claim(
        "thm2-attack-norm",
        PROOF,
        "the l_inf norm of A(x) is 4/sqrt(d), for all x",
        "proved",
        "Twice the mean: a = 2s in units of 1/sqrt(d). It is below 1 for d > 16 only; from d = 16 down x_0 can be turned.",
        (
            identity("printed", "|4 c_t y/sqrt(d)| = 4/sqrt(d)", Abs(attack), 4 / sqrt(d), equal(attack, -4 * c * y / sqrt(d))),
            exact("instead", "at d = 16 it is 1 (its square, 16/d)", equal(16 / d, 1), equal(d, 16)),
        ),
    ),
    Claim(
        "thm2-chain-condition",
        PROOF,
        "first two lines: Pr(f(X + A) != Y) = 1/2 sum_y {p Pr(f((y, G_-y)) = -y) + (1-p) Pr(f((-y, G_-y)) = -y)}",
        "proved",
        "X_0 is y with probability p, and not touched.",
        (
            identity("printed", "errors: 1 - accuracy, given x_0 = y and given x_0 = -y", 1 - SWAPPED, p * WRONG + (1 - p) * RIGHT),
            identity("printed", "half the sum over the two labels is the average", (p * (q + t) + (1 - p) * (q + t)) / 2, (q + t) / 2),
        ),
    ),
    Claim(
        "thm2-chain-weights",
        PROOF,
        "third line: p u + (1-p) v >= ((1-p)/p) {(1-p) u + p v}",
        "proved",
        "Equality in v, and p >= (1-p)^2/p in u.",
        (
            forall("printed", "for u >= 0 and p >= 1/2", at_least(p * AGREE + (1 - p) * DIFFER, (1 - p) / p * ((1 - p) * AGREE + p * DIFFER)), LAW[0], at_least(AGREE, 0), touches={p: ratio("7/10"), AGREE: ZERO, DIFFER: ONE}),
        ),
    ),
    Claim(
        "thm2-chain-relabel",
        PROOF,
        "fourth line: the sum over y of Pr(f((y, G_-y)) = -y) is that of Pr(f((-y, G_y)) = y)",
        "proved",
        "y and -y exchange their names.",
        (
            identity("printed", "a sum over both labels is the same sum, begun with the other", q * (1 + sign) + t * (1 - sign), q * (1 - x0) + t * (1 + x0), equal(x0, -sign)),
        ),
    ),
    Claim(
        "thm2-chain",
        PROOF,
        "whole display: Pr(f(X + A(X)) != Y) >= ((1-p)/p) Pr(f(X) = Y)",
        "proved",
        "Holds for an attack that sees y, and for every rule; sign(x_0) attains it.",
        (
            forall("printed", "an attack that swaps the classes", at_least(1 - SWAPPED, (1 - p) / p * STANDARD), LAW[0], at_least(WRONG, 0), touches=({RIGHT: ONE, WRONG: ZERO, p: ratio("7/10")}, {RIGHT: ONE, WRONG: ONE, p: HALF})),
        ),
    ),
    Claim(
        "thm2-standard",
        PROOF,
        "adversarial accuracy >= 1 - eta implies Pr(f(X) = Y) <= eta p/(1-p)",
        "proved",
        "The key inequality of the proof; attained by sign(x_0).",
        (STANDARD_BOUND,),
    ),
    Claim(
        "thm2-average",
        PROOF,
        "Pr(f(r(X)) = Y) = (m/d) sum over j = 1..d/m, and the term of the identity is Pr(f(X) = Y)",
        "proved",
        "The identity is j = d/m, so the second sum ends at d/m - 1.",
        (
            identity("printed", "d/m terms of weight m/d: one of Pr(f(X) = Y), d/m - 1 others", (STD + (K - 1) * REST) / K, share * STD + (1 - share) * REST, equal(share, 1 / K)),
        ),
    ),
    Claim(
        "thm2-sum",
        PROOF,
        "(m/d) eta p/(1-p) + (m/d)(d/m - 1) = 1 - (m/d)(1 - eta p/(1-p))",
        "proved",
        "The last line of the display.",
        (identity("printed", "with m/d = share", share * eta * p / (1 - p) + share * (1 / share - 1), PRINTED_UPPER),),
    ),
]

CLAIMS = [*STATED, *STEPS]
