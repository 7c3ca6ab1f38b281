"""What the paper of Kamath et al. prints in Sections 2 and 3 and in "Evaluation Metrics": every display, every claim.

Each entry has a place, a few identifying words, what kind of sentence it is, and the claims of the ledger about it. A
definition is listed with the claim that tests it. Sentences that only announce, motivate or report measurements are
not listed. Tests hold the list and the ledger to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["display", "claim", "definition"]
Rows = tuple[tuple[Kind, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Entry:
    """One printed formula or sentence."""

    section: str
    kind: Kind
    words: str
    claims: tuple[str, ...]


SECTION_2: Rows = (
    ("definition", "accuracy of f is given by Pr(f(X) = Y)", ("metrics-proxy-invariance",)),
    ("definition", "attack maps each input x to x + A(x)", ("s2-label-blind",)),
    ("definition", "fooling rate: Pr(f(X + A(X)) != f(X))", ("metrics-fooling",)),
    ("definition", "T-invariant: f(Tx) = f(x)", ("s2-equal-fooling",)),
    ("claim", "translation, rotation and flip preserve the norm", ("s2-norm",)),
    ("claim", "TA(x) is an adversarial perturbation for Tx", ("s2-norm", "s2-equal-fooling")),
    ("claim", "maximum fooling rate ... must be equal", ("s2-equal-fooling",)),
    ("definition", "rate of invariance Pr(f(TX) = f(X))", ("s2-invariance",)),
    ("definition", "average rate, Pr(f(r(X)) = f(X))", ("s2-invariance",)),
    ("claim", "rate of invariance is 100% if truly invariant", ("s2-invariance",)),
    ("claim", "measuring the robustness is NP-hard", ("s2-np-hard",)),
    ("claim", "PGD attack to be among the strongest", ("s2-strongest",)),
    ("claim", "we prove a quantitative trade-off", ("thm2-upper", "thm2-hypothesis", "corrected-upper")),
    ("claim", "not possible to have both in a given model", ("end-both-high",)),
)
SECTION_3_MODEL: Rows = (
    ("claim", "a cyclic group that can model a rotation group", ("model-rotation-group",)),
    ("claim", "horizontal translations by multiples of 4 pixels", ("model-translations",)),
    ("definition", "codewords obtained by successive cyclic shift", ("model-code-orbit",)),
    ("definition", "differ in at least delta d coordinates", ("model-distance",)),
    ("definition", "with probability p ... for some p >= 1/2", ("model-p-one",)),
    ("display", "N(2 c_t y/sqrt(d), 1)", ("model-signal",)),
    ("display", "r_j(x) = (x_0, x_{mj+1}, ..., x_{mj})", ("model-shift",)),
    ("claim", "a 90 degree rotation, m = d/4, center pixel x_0 fixed", ("model-quarter-turn",)),
    ("definition", "r(x) uniform over j in {1, ..., d/m}", ("model-shift", "thm2-average")),
    ("claim", "r(x) can model a random multiple of 90 degrees", ("model-random-turn",)),
)
PROPOSITION_1: Rows = (
    ("claim", "genuinely requires non-trivial solutions", ("prop1-genuine",)),
    ("claim", "a cyclic code with relative distance delta >= 3/8", ("prop1-existence",)),
    ("claim", "maximum accuracy on (X, Y): at least 97%", ("prop1-accuracy",)),
    ("claim", "on the transformed input also at least 97%", ("prop1-moved-accuracy",)),
    ("claim", "applied to (r_j(X), Y), for any j, at most 85%", ("prop1-any-shift",)),
    ("display", "rho(x_0) equal to p/(1-p) or (1-p)/p", ("prop1-rho", "model-p-one")),
    ("display", "f* = sign(Pr(Y=1, X=x)/Pr(Y=-1, X=x) - 1)", ("prop1-display-1",)),
    ("display", "sign(rho(x_0) prod exp / prod exp - 1)", ("prop1-display-2",)),
    ("display", "sign(prod exp / prod exp - 1/rho(x_0))", ("prop1-display-3",)),
    ("display", "sign(sum c_t x_t + sqrt(d)/4 log rho(x_0))", ("prop1-bayes-rule",)),
    ("claim", "quadratic terms and the constants cancel", ("prop1-bayes-rule",)),
    ("claim", "a single decision tree node at x_0", ("prop1-tree",)),
    ("display", "Z_y = N(2y sqrt(d), sqrt(d))", ("prop1-sum-law",)),
    ("claim", "as p -> 1/2, log rho(x_0) -> 0", ("prop1-limit",)),
    ("display", "Pr(Z >= mu - 2 sigma) = ... 0.977", ("prop1-two-sigma",)),
    ("claim", "sign(Z_y) matches y with probability at least 97%", ("prop1-accuracy",)),
    ("display", "f*_j = sign(sum (r_j(c))_t x_t + ...)", ("prop1-moved-rule", "prop1-moved-accuracy")),
    ("claim", "(r_j(c))_t = -c_t for t not in S_j", ("prop1-split",)),
    ("display", "f*_j = sign(sum over S_j - sum over the rest + ...)", ("prop1-split",)),
    ("claim", "c_t X_t is N(2y/sqrt(d), 1)", ("prop1-letter-law",)),
    ("display", "N(2y(2|S_j| - d)/sqrt(d), sqrt(2|S_j| - d))", ("prop1-difference-mean", "prop1-deviation")),
    ("claim", "|S_j| <= (1 - delta) d", ("prop1-agreements",)),
    ("display", "|2y(2|S_j| - d)|/sqrt(2|S_j| - d) <= 2 sqrt(1 - 2 delta)", ("prop1-ratio",)),
    ("display", "2 sqrt(1 - 2 delta) = 1", ("prop1-right-end",)),
    ("claim", "for the existence ... see Chapter 8", ("prop1-existence", "model-code-orbit")),
    ("display", "Pr(Z >= mu - sigma) = ... 0.841", ("prop1-one-sigma",)),
    ("claim", "p close to 1/2: Pr(f*_j(X) = Y) at most 85%", ("prop1-near-half", "prop1-direction")),
    ("claim", "the same bound holds ... using r(x)", ("prop1-random-shift",)),
    ("claim", "since ... j is picked uniformly at random", ("prop1-carries-over",)),
)
THEOREM_2: Rows = (
    ("claim", "high adversarial ... must have low spatial robustness", ("thm2-low-spatial",)),
    ("claim", "degrades for larger range of transformations", ("thm2-degrades",)),
    ("claim", "m signifies the range of spatial transformations", ("thm2-larger-step",)),
    ("display", "suppose Pr(f(X + A(X)) = Y) >= 1 - eta", ("thm2-hypothesis",)),
    ("display", "(1 - m/d)(1 - eta) <= Pr(f(r(X)) = Y)", ("thm2-lower",)),
    ("display", "Pr(f(r(X)) = Y) <= 1 - (m/d)(1 - eta p/(1-p))", ("thm2-upper",)),
    ("claim", "both the bounds approach 1 - m/d", ("thm2-limit",)),
    ("claim", "as bad as that of a random classifier", ("thm2-random",)),
    ("display", "(A(x))_t = -4 c_t y/sqrt(d)", ("thm2-attack",)),
    ("claim", "norm of A(x) is 4/sqrt(d), for all x", ("thm2-attack-norm",)),
    ("claim", "turns G_y into G_{-y}", ("thm2-attack",)),
    ("display", "chain, first and second line", ("thm2-chain-condition",)),
    ("display", "chain, third line, >=", ("thm2-chain-weights",)),
    ("display", "chain, fourth line", ("thm2-chain-relabel",)),
    ("display", "chain, last line", ("thm2-chain",)),
    ("claim", "standard accuracy <= eta p/(1-p)", ("thm2-standard",)),
    ("display", "(m/d) sum over j of Pr(f(r_j(X)) = Y)", ("thm2-average",)),
    ("display", "... + (m/d)(d/m - 1) = 1 - (m/d)(...)", ("thm2-sum", "thm2-upper")),
    ("claim", "the above upper bound decreases as m increases", ("thm2-bound-decreases",)),
    ("claim", "larger rotations mean larger m", ("thm2-larger-step",)),
    ("claim", "this bound tends to 1/2 + eta/2", ("thm2-half-upper",)),
    ("claim", "only slightly better than a random", ("thm2-slightly-better",)),
    ("display", "(r_j(x))_t - x_t in {-4y/sqrt(d), 0, 4y/sqrt(d)}", ("thm2-pointwise", "corrected-reach")),
    ("display", ">= (m/d) sum Pr(f(X + A_j(X)) = Y)", ("thm2-lower", "corrected-lower")),
    ("display", ">= (1 - m/d)(1 - eta)", ("thm2-lower-sum",)),
    ("claim", "this bound becomes (1 - eta)/2", ("thm2-half-lower",)),
    ("claim", "only slightly worse than a random", ("thm2-slightly-worse",)),
)
SECTION_3_END: Rows = (
    ("claim", "as a reasonable proxy, the increase in adversarial accuracy", ("end-proxy",)),
    ("claim", "the other direction ... follows directly", ("end-other-direction",)),
    ("claim", "invariant to any permutation of the coordinates", ("end-permutations",)),
    ("claim", "can not just be high simultaneously", ("end-both-high",)),
    ("claim", "increasing one progressively declines the other", ("end-progressive",)),
)
METRICS: Rows = (
    ("claim", "32 * 0.1 = 3 px", ("metrics-pixels",)),
    ("claim", "0.1 * 180 = 18 degrees", ("metrics-degrees",)),
    ("definition", "(1 - fooling rate): label does not change", ("metrics-fooling",)),
    ("display", "the fooling rate Pr(f(X + A(X)) = f(X))", ("metrics-fooling",)),
    ("claim", "proxies ... when the standard accuracy is high", ("metrics-proxy-invariance", "metrics-proxy-fooling")),
    ("claim", "trade-off continue to hold qualitatively", ("metrics-tradeoff-same",)),
    ("claim", "the same starting point for all the curves", ("metrics-same-start",)),
)
PARTS: dict[str, Rows] = {
    "Section 2": SECTION_2,
    "Section 3, the model": SECTION_3_MODEL,
    "Section 3, Proposition 1": PROPOSITION_1,
    "Section 3, Theorem 2": THEOREM_2,
    "Section 3, end": SECTION_3_END,
    "Section 4, Evaluation Metrics": METRICS,
}
ENTRIES = tuple(Entry(section, *row) for section, rows in PARTS.items() for row in rows)
