r"""What the papers print, in their own words: every line of Kamath et al. up to "Evaluation Metrics" that claims,
and the lines of the paper on local responses that the ledger checks.

A quote is verbatim, with formulas between dollars; " ... " stands for what is left out. A definition is listed with
the claim that tests it. Sentences that only announce, motivate or report measurements are not listed. Tests hold the
list and the ledger to each other, and the quotes to the papers where their texts are at hand.
"""

from __future__ import annotations

from proofs.claims.entry import Entry, Rows
from proofs.claims.printed_section3 import PROPOSITION_1, SECTION_3_END, SECTION_3_MODEL, THEOREM_2

ABSTRACT: Rows = (
    (
        "claim",
        "the spatial robustness of equivariant models improves when their training is augmented with progressively "
        "larger transformations but while doing so, it progressively worsens their adversarial robustness",
        ("radius-direction-1",),
    ),
)
SECTION_2: Rows = (
    ("definition", r"The accuracy of $f$ is given by $\Pr(f(X) = Y)$", ("metrics-proxy-invariance",)),
    (
        "definition",
        r"an $ℓ_∞$ adversarial attack $\mathcal{A}$ maps each input $x$ to $x + \mathcal{A}(x)$",
        ("s2-label-blind",),
    ),
    (
        "definition",
        r"The fooling rate of $\mathcal{A}$ is given by $\Pr(f(X + \mathcal{A}(X)) \neq f(X))$",
        ("metrics-fooling",),
    ),
    (
        "definition",
        r"$f$ is said to be $T$-invariant if ... $f(Tx) = f(x)$, for all $x \in \mathcal{X}$",
        ("s2-equal-fooling",),
    ),
    (
        "claim",
        r"spatial transformations such as translation, rotation and flip preserve the $ℓ_∞$ norm",
        ("s2-norm",),
    ),
    (
        "claim",
        r"$T\mathcal{A}(x)$ is an adversarial perturbation of small $ℓ_∞$ norm for the input $Tx$",
        ("s2-norm", "s2-equal-fooling"),
    ),
    (
        "claim",
        r"the maximum fooling rate for any $T$-invariant classifier $f$ on the transformed data "
        r"$\{Tx : x \in \mathcal{X}\}$ must be equal to the maximum fooling rate for $f$ on the original data",
        ("s2-equal-fooling",),
    ),
    (
        "definition",
        r"the rate of invariance of a classifier $f$ to a transformation $T$ as $\Pr(f(TX) = f(X))$",
        ("s2-invariance",),
    ),
    (
        "definition",
        r"the average rate of invariance over transformations $T$ in this class, i.e., $\Pr(f(r(X)) = f(X))$",
        ("s2-invariance",),
    ),
    ("claim", r"The rate of invariance is 100% if the model $f$ is truly invariant", ("s2-invariance",)),
    (
        "claim",
        r"Measuring the robustness of a model to adversarial perturbations of $ℓ_p$ norm at most $ϵ$ is NP-hard",
        ("s2-np-hard",),
    ),
    ("claim", "the Projected Gradient Descent (PGD) attack to be among the strongest", ("s2-strongest",)),
    (
        "claim",
        "we prove a quantitative trade-off between spatial and adversarial robustness",
        ("thm2-upper", "thm2-hypothesis", "corrected-upper"),
    ),
    ("claim", "it is not possible to have both in a given model", ("end-both-high",)),
)
METRICS: Rows = (
    ("claim", r"for CIFAR10 with $i = 0.1$ is $32 * 0.1 \approx \pm 3px$", ("metrics-pixels",)),
    ("claim", r"for CIFAR10 with $i = 0.1$ is $0.1 * 180^\circ = \pm 18^\circ$ rotation", ("metrics-degrees",)),
    (
        "definition",
        "(1 - fooling rate), i.e., the fraction of test inputs for which their predicted label does not change",
        ("metrics-fooling",),
    ),
    (
        "display",
        r"the experiments show the fooling rate $\Pr(f(X + \mathcal{A}(X)) = f(X))$",
        ("metrics-fooling",),
    ),
    (
        "claim",
        r"they are reasonably proxies for each other, respectively, when the standard accuracy $\Pr(f(X) = Y)$ is high",
        ("metrics-proxy-invariance", "metrics-proxy-fooling"),
    ),
    (
        "claim",
        "Our results about the trade-off continue to hold qualitatively",
        ("metrics-tradeoff-same",),
    ),
    ("claim", "that ensures the same starting point for all the curves", ("metrics-same-start",)),
)
LOCAL_RESPONSES: dict[str, Rows] = {
    "Local responses paper, Figure 4": (
        (
            "claim",
            "adversarial perturbations with same amplitude (single channel) act on kernels with different smoothness",
            ("fig4-same-amplitude", "fig4-rough", "fig4-rough-consistent", "fig4-smooth", "fig4-smooth-consistent"),
        ),
    ),
    "Local responses paper, Section 4.2": (
        (
            "claim",
            "suppose convolution kernels with the same mean but greater variance, these locally-disordered "
            "perturbations are more likely to yield large enough absolute response differences",
            ("fig4-same-mean", "fig4-worst"),
        ),
    ),
    "Local responses paper, Section 4.3": (
        (
            "claim",
            "the standard model exhibits significantly larger differences in local responses layer by layer, "
            "especially from the perspective of total differences yielded by per pairs",
            ("table1-layers",),
        ),
    ),
    "Local responses paper, Table 1": (
        (
            "definition",
            "The absolute difference of local responses (per image) between test set images and their potentially "
            "adversarial examples on different layers",
            ("table1-means", "table1-layers"),
        ),
    ),
    "Local responses paper, Figure 1": (
        (
            "definition",
            "The destructiveness of high-frequency components from natural and adversarial examples",
            ("frequency-corner",),
        ),
    ),
}
PARTS: dict[str, Rows] = {
    "Abstract": ABSTRACT,
    "Section 2": SECTION_2,
    "Section 3, the model": SECTION_3_MODEL,
    "Section 3, Proposition 1": PROPOSITION_1,
    "Section 3, Theorem 2": THEOREM_2,
    "Section 3, end": SECTION_3_END,
    "Section 4, Evaluation Metrics": METRICS,
    **LOCAL_RESPONSES,
}
ENTRIES = tuple(Entry(section, *row) for section, rows in PARTS.items() for row in rows)
