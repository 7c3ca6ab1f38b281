"""Exactly checkable numbers of the paper on local responses: Figure 4, Table 1, the frequency scale."""

from __future__ import annotations

from sympy import Rational, sqrt

from proofs.checking.claim import Claim
from proofs.language.counting import count
from proofs.language.notation import q, t
from proofs.language.statements import Role, Statement, above, equal, exact, numbers, ratio

FIGURE = "local responses paper, Figure 4"
TABLE = "local responses paper, Table 1"
DISORDERED = ((-1, 8, 0), (-8, 8, -2), (-4, 4, -4))
"""The locally disordered perturbation, in units of 1/255."""
CONSISTENT = ((8, 8, 8),) * 3
ROUGH = ((-1, -1, -1), (-1, 9, -1), (-1, -1, -1))
SMOOTH = ((Rational(1, 9),) * 3,) * 3

TOTALS = {
    "Conv 1": ("370", "556"),
    "Layer 0": ("443", "489"),
    "Layer 1": ("4276", "1246"),
    "Layer 2": ("2093", "430"),
    "Layer 3": ("581", "164"),
    "Layer 4": ("2624", "526"),
}
"""Table 1: total difference, standard and robust model."""
LARGEST = {
    "Conv 1": ("0.12", "0.05"),
    "Layer 0": ("0.30", "0.15"),
    "Layer 1": ("1.92", "0.52"),
    "Layer 2": ("1.46", "0.36"),
    "Layer 3": ("1.45", "0.41"),
    "Layer 4": ("3.72", "1.02"),
}
"""Table 1: largest difference, standard and robust model."""
SIZES = {"Conv 1": 65536, "Layer 0": 65536, "Layer 1": 65536, "Layer 2": 32768, "Layer 3": 16384, "Layer 4": 8192}
"""Values of a feature map, from the footnote: 64 x 32 x 32, 128 x 16 x 16, 256 x 8 x 8, 512 x 4 x 4."""


def exceeds(role: Role, larger: str, smaller: str, first: str, second: str) -> Statement:
    """Of two printed numbers the first is the larger one."""
    left, right = ratio(first), ratio(second)
    says = f"{larger}: {first}, above {smaller}: {second}"
    return exact(role, says, above(q, t), equal(q, left), equal(t, right), by=str(left - right))


CLAIMS = [
    Claim(
        "fig4-rough",
        FIGURE,
        "the disordered kernel responds to the disordered perturbation with 79/255",
        "proved",
        "Not the worst case: an attack of the same amplitude reaches 136/255, see fig4-worst.",
        (
            exact("printed", "the sum of products is 79", equal(count("response", DISORDERED, ROUGH), 79)),
            exact(
                "instead",
                "the largest response at amplitude 8 is 8 |k|_1",
                equal(count("worst_response", 8, ROUGH), 136),
            ),
        ),
        picture=("kernels", (("disordered perturbation", DISORDERED), ("disordered kernel", ROUGH))),
        title="The disordered kernel responds to the disordered perturbation as printed.",
    ),
    Claim(
        "fig4-rough-consistent",
        FIGURE,
        "the disordered kernel responds to the consistent perturbation with 8/255",
        "proved",
        "Its entries add up to 1.",
        (exact("printed", "the sum of products is 8", equal(count("response", CONSISTENT, ROUGH), 8)),),
        title="The disordered kernel responds to the consistent perturbation as printed.",
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
        title="The smooth kernel responds to the disordered perturbation as printed.",
    ),
    Claim(
        "fig4-smooth-consistent",
        FIGURE,
        "the smooth kernel responds to the consistent perturbation with 8/255",
        "proved",
        "For this kernel it is the worst case.",
        (
            exact("printed", "the sum of products is 8", equal(count("response", CONSISTENT, SMOOTH), 8)),
            exact("instead", "the largest response at amplitude 8", equal(count("worst_response", 8, SMOOTH), 8)),
        ),
        title="The smooth kernel responds to the consistent perturbation as printed.",
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
        title="The two kernels have the same mean and different variances.",
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
        title="The two perturbations have the same amplitude.",
    ),
    Claim(
        "fig4-worst",
        "local responses paper, what Figure 4 does not say",
        "79/255 is the most that a perturbation of amplitude 8/255 does to the disordered kernel",
        "refuted",
        "The figure shows which perturbation suits which kernel; an attack on the kernel reaches 136/255.",
        (
            exact(
                "counterexample",
                "the largest response at amplitude 8 exceeds 79 by 57",
                above(count("worst_response", 8, ROUGH), count("response", DISORDERED, ROUGH)),
                by="57",
            ),
            exact(
                "instead",
                "79 is more than the consistent perturbation gives, by 71",
                above(count("response", DISORDERED, ROUGH), count("response", CONSISTENT, ROUGH)),
                by="71",
            ),
        ),
        picture=("sides", "worst case", "Figure 4"),
        title="The disordered perturbation is not the worst for the disordered kernel.",
    ),
    Claim(
        "table1-layers",
        TABLE + " and Section 4.3",
        "the standard model has significantly larger differences layer by layer, especially in the totals",
        "repaired",
        "In the totals of the first two places the robust model has the larger ones.",
        (
            exceeds("counterexample", "Conv 1, total, robust", "Conv 1, total, standard", "556", "370"),
            exceeds("counterexample", "Layer 0, total, robust", "Layer 0, total, standard", "489", "443"),
            *(
                exceeds("repair", f"{place}, total, standard", "robust", TOTALS[place][0], TOTALS[place][1])
                for place in list(TOTALS)[2:]
            ),
            *(
                exceeds("repair", f"{place}, largest, standard", "robust", standard, robust)
                for place, (standard, robust) in LARGEST.items()
            ),
        ),
        repair="True of the totals from Layer 1 on, and of the largest differences in every place.",
        picture=("sides", "Conv 1, robust", "Conv 1, standard", "Layer 0, robust", "Layer 0, standard"),
        title="In two of six places the robust model has the larger total.",
    ),
    Claim(
        "table1-means",
        TABLE,
        "largest and total difference of each place, with the sizes of the feature maps in the footnote",
        "proved",
        "The numbers fit together: no mean difference, total over size, exceeds the largest one.",
        tuple(
            exceeds("printed", f"{place}, {SIZES[place]} values: largest", "mean", largest, f"{total}/{SIZES[place]}")
            for place in TOTALS
            for largest, total in zip(LARGEST[place], TOTALS[place], strict=True)
        ),
        title="The numbers of Table 1 fit together.",
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
        title="The frequency scale ends at the corner of the spectrum.",
    ),
]
