"""Exactly checkable numbers of the paper on local responses: Figure 4, Table 1, the frequency scale."""

from __future__ import annotations

from sympy import Rational, sqrt

from proofs.claims import Claim
from proofs.finite import count
from proofs.notation import q, t
from proofs.statements import above, equal, exact, numbers, ratio

FIGURE = "local responses paper, Figure 4"
TABLE = "local responses paper, Table 1"
DISORDERED = ((-1, 8, 0), (-8, 8, -2), (-4, 4, -4))
"""The locally disordered perturbation, in units of 1/255."""
CONSISTENT = ((8, 8, 8),) * 3
ROUGH = ((-1, -1, -1), (-1, 9, -1), (-1, -1, -1))
SMOOTH = ((Rational(1, 9),) * 3,) * 3

CLAIMS = [
    Claim(
        "fig4-rough",
        FIGURE,
        "the disordered kernel responds to the disordered perturbation with 79/255",
        "proved",
        "Not the worst case: an attack of the same amplitude reaches 136/255, see fig4-worst.",
        (
            exact("printed", "the sum of products", equal(count("response", DISORDERED, ROUGH), 79)),
            exact(
                "instead",
                "the largest response at amplitude 8 is 8 |k|_1",
                equal(count("worst_response", 8, ROUGH), 136),
            ),
        ),
        picture=("kernels", (("disordered perturbation", DISORDERED), ("disordered kernel", ROUGH))),
    ),
    Claim(
        "fig4-rough-consistent",
        FIGURE,
        "the disordered kernel responds to the consistent perturbation with 8/255",
        "proved",
        "Its entries add up to 1.",
        (exact("printed", "the sum of products", equal(count("response", CONSISTENT, ROUGH), 8)),),
    ),
    Claim(
        "fig4-smooth",
        FIGURE,
        "the smooth kernel responds to the disordered perturbation with 0.11/255",
        "proved",
        "1/9, rounded.",
        (
            exact("printed", "the sum of products is 1/9", equal(count("response", DISORDERED, SMOOTH), ratio("1/9"))),
            numbers(
                "printed",
                "1/9 rounds to 0.11",
                above(q, t),
                equal(q, ratio("1/9")),
                equal(t, ratio("0.11")),
                by="0.001",
            ),
        ),
    ),
    Claim(
        "fig4-smooth-consistent",
        FIGURE,
        "the smooth kernel responds to the consistent perturbation with 8/255",
        "proved",
        "For this kernel it is the worst case.",
        (
            exact("printed", "the sum of products", equal(count("response", CONSISTENT, SMOOTH), 8)),
            exact("instead", "the largest response at amplitude 8", equal(count("worst_response", 8, SMOOTH), 8)),
        ),
    ),
    Claim(
        "fig4-same-mean",
        FIGURE,
        "two kernels with the same mean and different variances",
        "proved",
        "Means 1/9; variances 800/81 and 0.",
        (
            exact("printed", "mean of the disordered kernel", equal(count("average", ROUGH), ratio("1/9"))),
            exact("printed", "mean of the smooth kernel", equal(count("average", SMOOTH), ratio("1/9"))),
            exact(
                "printed",
                "the variances differ",
                above(count("variance", ROUGH), count("variance", SMOOTH)),
                by="800/81",
            ),
        ),
    ),
    Claim(
        "fig4-same-amplitude",
        FIGURE,
        "adversarial perturbations with the same amplitude",
        "proved",
        "The largest entry is 8/255 in both.",
        (
            exact(
                "printed",
                "disordered: sizes 1, 8, 0, 8, 8, 2, 4, 4, 4",
                equal(count("size_digits", DISORDERED), 180882444),
            ),
            exact("printed", "consistent: all 8", equal(count("size_digits", CONSISTENT), 888888888)),
        ),
    ),
    Claim(
        "fig4-worst",
        FIGURE + " and Section 4.2",
        "perturbations that are searched for a kernel are the ones that give it large responses: 79/255",
        "repaired",
        "The figure shows which perturbation suits which kernel; it does not show what an attack can do.",
        (
            exact(
                "counterexample",
                "an attack of amplitude 8 on the disordered kernel reaches more than 79",
                above(count("worst_response", 8, ROUGH), count("response", DISORDERED, ROUGH)),
                by="57",
            ),
            exact(
                "repair",
                "79 is more than the consistent one gives",
                above(count("response", DISORDERED, ROUGH), count("response", CONSISTENT, ROUGH)),
                by="71",
            ),
        ),
        repair="79/255 is larger than the response to the consistent perturbation, and below the largest, 136/255.",
        picture=("sides", "worst case", "as printed"),
    ),
    Claim(
        "table1-layers",
        TABLE + " and Section 4.3",
        "the standard model has significantly larger differences layer by layer, especially in the totals",
        "repaired",
        "In the totals of the first two places the robust model has the larger ones.",
        (
            exact(
                "counterexample",
                "Conv 1, total: 556 (robust) exceeds 370 (standard)",
                above(q, t),
                equal(q, 556),
                equal(t, 370),
                by="186",
            ),
            exact(
                "counterexample", "Layer 0, total: 489 exceeds 443", above(q, t), equal(q, 489), equal(t, 443), by="46"
            ),
            exact("repair", "Layer 1: 4276 exceeds 1246", above(q, t), equal(q, 4276), equal(t, 1246), by="3030"),
            exact("repair", "Layer 2: 2093 exceeds 430", above(q, t), equal(q, 2093), equal(t, 430), by="1663"),
            exact("repair", "Layer 3: 581 exceeds 164", above(q, t), equal(q, 581), equal(t, 164), by="417"),
            exact("repair", "Layer 4: 2624 exceeds 526", above(q, t), equal(q, 2624), equal(t, 526), by="2098"),
        ),
        repair="True of the totals from Layer 1 on, and of the largest differences in every place.",
        picture=("sides", "Conv 1, robust", "Conv 1, standard", "Layer 0, robust", "Layer 0, standard"),
    ),
    Claim(
        "frequency-corner",
        "local responses paper, Figure 1",
        "the frequency scale ends at 1.4",
        "proved",
        "If 1 is the highest frequency of an axis, the corner of the spectrum lies at sqrt(2) = 1.414.",
        (
            exact(
                "printed",
                "the farthest of 32 x 32 cells has squared distance 2",
                equal(count("farthest_squared", 32), 2),
            ),
            numbers("printed", "sqrt(2) rounds to 1.4", above(sqrt(q), ratio("1.4")), equal(q, 2), by="0.0142"),
            exact(
                "instead", "at scale 1 a low pass keeps 793 of 1024 cells", equal(count("cells_within", 32, 16), 793)
            ),
        ),
    ),
]
