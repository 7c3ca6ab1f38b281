"""The ledger: every claim by its id, in the order of the paper, then what replaces it, then other papers."""

from proofs.checking.claim import Claim
from proofs.claims import (
    local_responses,
    proposition1,
    proposition1_bayes,
    proposition1_shifted,
    section2,
    section3_model,
    section4_metrics,
    theorem2,
    theorem2_proof,
    theorem2_remarks,
    tsipras,
)
from proofs.theorems import (
    corrected,
    lemma0_normal,
    lemma1_two_laws,
    progress,
    radii,
    ranges,
    theorem2_best,
    theorem2_interval,
    theorem3_4_frontier,
    theorem5_attained,
    theorem6_joint,
)
from proofs.theorems import proposition1 as proposition1_shifted_law

MODULES = (
    section2,
    section3_model,
    proposition1,
    proposition1_bayes,
    proposition1_shifted,
    theorem2,
    theorem2_proof,
    theorem2_remarks,
    section4_metrics,
    corrected,
    radii,
    lemma0_normal,
    theorem2_best,
    lemma1_two_laws,
    theorem2_interval,
    proposition1_shifted_law,
    theorem3_4_frontier,
    theorem5_attained,
    theorem6_joint,
    progress,
    ranges,
    local_responses,
    tsipras,
)
PROOFS = (
    lemma0_normal,
    theorem2_best,
    lemma1_two_laws,
    theorem2_interval,
    proposition1_shifted_law,
    theorem3_4_frontier,
    theorem5_attained,
    theorem6_joint,
    progress,
    ranges,
)
THEOREMS = {theorem.id: theorem for module in PROOFS for theorem in module.THEOREMS}
CLAIMS: dict[str, Claim] = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
