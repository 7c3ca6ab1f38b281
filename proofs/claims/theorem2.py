"""Theorem 2 of Kamath et al. (Section 3): its statement, and the part of its proof that ends in the upper bound."""

from __future__ import annotations

from proofs.checking.claim import Claim
from proofs.language.formulas import PRINTED_LOWER, PRINTED_UPPER
from proofs.language.notation import (
    ADV,
    HALF,
    LAW,
    ONE,
    RIGHT,
    ROBUST,
    STANDARD,
    STD,
    SWAPPED,
    WRONG,
    ZERO,
    attack,
    eps,
    eta,
    p,
    real,
    share,
    x0,
)
from proofs.language.statements import (
    Role,
    Statement,
    at_least,
    at_most,
    cited,
    equal,
    forall,
    identity,
    ratio,
    solvable,
)

SOURCE = "Section 3, Theorem 2"
SIGN_X0 = {RIGHT: ONE, WRONG: ZERO, p: ratio("7/10"), eta: ratio("3/10")}
"""sign(x_0) is right given x_0 = y and wrong given x_0 = -y; its eta is 1 - p."""
(REST,) = real("rest")
"""Mean accuracy over the shifts other than the identity."""
(HIGHEST,) = real("B")
"""eta p/(1-p), as one letter: cvc5 does not settle the upper bound with the quotient multiplied out."""

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
    return (*accuracies(role), safe(role))


def accuracies(role: Role) -> tuple[Statement, ...]:
    """The accuracy p of sign(x_0), as that of a rule which is right where x_0 = y and wrong where x_0 = -y."""
    return (
        identity(
            role,
            "Pr(f(X) = Y) differs from p by terms in 1 - right and wrong, both 0 for sign(x_0)",
            STANDARD,
            p - p * (1 - RIGHT) + (1 - p) * WRONG,
        ),
        identity(
            role,
            "so does Pr(f(X + A) = Y) where A swaps the classes",
            SWAPPED,
            p - p * WRONG + (1 - p) * (1 - RIGHT),
        ),
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


CLAIMS = [
    Claim(
        "thm2-hypothesis",
        SOURCE,
        "suppose Pr(f(X + A(X)) = Y) >= 1 - eta for all attacks, with eta < 1 - p",
        "vacuous",
        "A = 0 is an attack: the hypothesis forces eta >= 1 - p, and the theorem is empty below.",
        (
            solvable(
                "hypothesis",
                "some rule, p and eta < 1 - p satisfy it for A = 0 and for the swap of the classes",
                LAW[0],
                at_most(p, 1),
                at_least(WRONG, 0),
                *ROBUST,
                eta < 1 - p,
            ),
        ),
        picture=("feasible",),
        title=r"Theorem 2 as printed is empty where it matters: no rule has $\eta<1-p$.",
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
                "Std is at most B, and the other shifts count as 1",
                at_most(share * STD + (1 - share) * REST, 1 - share * (1 - HIGHEST)),
                at_most(STD, HIGHEST),
                at_most(REST, 1),
                at_least(share, 0),
                at_most(share, 1),
                touches={share: HALF, REST: ONE, STD: ratio("7/10"), HIGHEST: ratio("7/10")},
            ),
            identity(
                "printed",
                "for B = eta p/(1-p) that is the printed bound",
                1 - share * (1 - HIGHEST),
                PRINTED_UPPER,
                equal(HIGHEST, eta * p / (1 - p)),
            ),
            identity(
                "instead",
                "at the least possible eta = 1 - p it reads 1 - (m/d)(1 - p), where the truth is p",
                PRINTED_UPPER,
                1 - share * (1 - p),
                equal(eta, 1 - p),
            ),
        ),
        title="The upper bound of Theorem 2 is true wherever its hypothesis can be met.",
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
        title=r"The lower bound of Theorem 2 is true, and weaker than $1-\eta$.",
    ),
    Claim(
        "thm2-limit",
        SOURCE,
        "as p -> 1/2 and eta -> 0, both bounds approach 1 - m/d, which decreases as m increases",
        "vacuous",
        "No rule satisfies the hypothesis there: at p = 1/2 eta is at least 1/2.",
        (
            identity(
                "printed",
                "the lower bound is 1 - m/d less a multiple of eta",
                PRINTED_LOWER,
                1 - share - eta * (1 - share),
            ),
            identity(
                "printed",
                "the upper bound is 1 - m/d and a multiple of eta",
                PRINTED_UPPER,
                1 - share + eta * share * p / (1 - p),
            ),
            solvable(
                "hypothesis",
                "some rule satisfies it at p = 1/2 with eta < 1/2",
                at_least(STANDARD, 1 - eta),
                at_least(SWAPPED, 1 - eta),
                equal(p, HALF),
                eta < HALF,
            ),
        ),
        picture=("feasible",),
        title="No rule is where both bounds approach $1-m/d$.",
    ),
    Claim(
        "thm2-random",
        SOURCE,
        "for m = d/2 this accuracy is as bad as that of a random classifier",
        "vacuous",
        "The limit 1 - m/d = 1/2 belongs to no rule. At p = 1/2 the rules that there are have eta >= 1/2.",
        (
            identity("printed", "1 - m/d at m = d/2 is 1/2", 1 - share, HALF, equal(share, HALF)),
            solvable(
                "hypothesis",
                "some rule satisfies the hypothesis at p = 1/2, eta = 0",
                at_least(STANDARD, 1 - eta),
                at_least(SWAPPED, 1 - eta),
                equal(p, HALF),
                equal(eta, 0),
            ),
        ),
        picture=("feasible",),
        title='The accuracy "as bad as random" belongs to no rule.',
    ),
]
