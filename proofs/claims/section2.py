"""Section 2 of Kamath et al.: what is said of attacks, norms and invariance."""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Integer

from proofs.checking.claim import Claim
from proofs.claims.theorem2 import STANDARD_BOUND
from proofs.language.counting import count
from proofs.language.formulas import LABEL_BLIND
from proofs.language.functions import Phi
from proofs.language.notation import RIGHT, STANDARD, WRONG, a, eps, mean, q, s, share, t
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
    unequal,
)

SOURCE = "Section 2"
QUARTER, SIZE, GAP = equal(t, ratio("1/4")), equal(eps, ratio("3/4")), equal(mean, 2)
"""A picture of two pixels (1, -1), moved by a quarter of a pixel around the rim, under attacks of size 3/4."""
SHIFTED = equal(count("moved_digits", (2, 7, 4), 1, 1), 742)

CLAIMS = [
    Claim(
        "s2-label-blind",
        "Section 2, definition of an attack, with Theorem 2",
        "an attack maps x to x + A(x); with this, Adv >= 1 - eta implies Pr(f(X) = Y) <= eta p/(1-p)",
        "repaired",
        "Section 2 defines attacks without the label; Theorem 2 needs them with it.",
        (
            numbers(
                "counterexample",
                "f* at p = 1/2, a = 4: an attack that knows z = <u, x> but not y turns the answer wherever |z| < 4, "
                "and "
                "leaves 2 Phi(-2) - Phi(-6); the accuracy Phi(2) exceeds the error under it, and p/(1-p) = 1",
                above(Phi(s), 1 - LABEL_BLIND),
                equal(s, 2),
                equal(a, 4),
                by="0.02275013096",
            ),
            replace(STANDARD_BOUND, role="repair"),
        ),
        repair="An attack is A(x, y): it sees the label.",
        picture=("normals", (("y = -1", -2), ("y = 1", 2)), (-4, 4), "answers that can be turned"),
        title="Theorem 2 needs attacks that see the label, and Section 2 defines attacks without it.",
    ),
    Claim(
        "s2-norm",
        SOURCE,
        "translations, rotations and flips preserve the l_inf norm",
        "repaired",
        "Interpolation and zero borders make norms smaller; permutations of pixels keep them.",
        (
            exact(
                "counterexample",
                "(1, -1), moved by a fifth of a pixel with linear interpolation around the rim, has norm 3/5",
                unequal(Abs((1 - t) * 1 + t * (-1)), 1),
                equal(t, ratio("1/5")),
                by="-2/5",
            ),
            cited("repair", "a permutation lists the same entries in another order"),
            exact("repair", "r_1 of (2, 7, 4) is (7, 4, 2): the same entries", SHIFTED),
        ),
        repair="Permutations of the pixels preserve it: cyclic shifts, flips, quarter turns.",
        picture=("sides", "|x_1| after the move", "|x_1| before"),
        title="A translation or rotation that interpolates can change the norm.",
    ),
    Claim(
        "s2-equal-fooling",
        SOURCE,
        "a T-invariant classifier has the same maximum fooling rate on transformed and on original data",
        "repaired",
        "It needs more than an invariant classifier: T has to map the ball of attacks onto itself.",
        (
            forall(
                "counterexample",
                "T moves two pixels by t < 1/2 with interpolation: x_1 - x_2 becomes (1 - 2t)(x_1 - x_2), of the same "
                "sign, so sign(x_1 - x_2) is T-invariant",
                at_least((1 - 2 * t) * q**2, 0),
                at_most(t, ratio("1/2")),
                touches={t: ratio("1/2"), q: Integer(1)},
            ),
            exact(
                "counterexample",
                "on x = (1, -1) an attack of size 3/4 leaves x_1 - x_2 positive: the fooling rate is 0",
                above(mean, 2 * eps),
                GAP,
                SIZE,
                by="1/2",
            ),
            exact(
                "counterexample",
                "on Tx, t = 1/4, the same size is enough: the fooling rate is 1",
                above(2 * eps, (1 - 2 * t) * mean),
                GAP,
                SIZE,
                QUARTER,
                by="1/2",
            ),
            cited("repair", "for a permutation f(Tx + delta) = f(T(x + T^-1 delta)) = f(x + T^-1 delta)"),
            exact("repair", "and T^-1 delta is as large as delta: r_1 of (2, 7, 4) is (7, 4, 2)", SHIFTED),
        ),
        repair="True where T is linear and maps the l_inf ball onto itself, as permutations of the pixels do.",
        picture=("sides", "x_1 - x_2 at x", "change by the attack", "change by the attack", "x_1 - x_2 at Tx"),
        title="An invariant classifier alone does not make the two fooling rates equal.",
    ),
    Claim(
        "s2-invariance",
        SOURCE,
        "the rate of invariance, averaged over the class, is 100% if the model is truly invariant",
        "proved",
        "The converse use is not safe: a constant has rate 100% and accuracy 1/2.",
        (
            identity(
                "printed",
                "the average of equal rates q (the identity's and the others') is q, here 1",
                share * q + (1 - share) * q,
                q,
            ),
            identity(
                "instead",
                "a constant is right for one label of two, whatever x_0 says: accuracy 1/2",
                STANDARD,
                ratio("1/2"),
                equal(RIGHT, ratio("1/2")),
                equal(WRONG, ratio("1/2")),
            ),
        ),
        title="A truly invariant model has a rate of invariance of 100%.",
    ),
    Claim(
        "s2-np-hard",
        SOURCE,
        "measuring the robustness of a model to perturbations of l_p norm at most eps is NP-hard",
        "undecidable",
        "Cited there and not proved; it speaks of networks. In the model of Section 3 linear rules have closed forms.",
        (cited("printed", "references [29] and [5] of the paper"),),
        title="That robustness is NP-hard to measure is cited and not proved.",
    ),
    Claim(
        "s2-strongest",
        SOURCE,
        "the PGD attack is among the strongest",
        "undecidable",
        "A finding of measurements, cited there; nothing in the text decides it.",
        (cited("printed", "reference [30] of the paper"),),
        title="Whether PGD is among the strongest attacks is for measurements to say.",
    ),
]
