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
    proposition1_moved,
    ranges,
    theorem2_best,
    theorem2_interval,
    theorem3_4_frontier,
    theorem5_attained,
    theorem6_joint,
)

PRINTED = (
    section2,
    section3_model,
    proposition1,
    proposition1_bayes,
    proposition1_shifted,
    theorem2,
    theorem2_proof,
    theorem2_remarks,
    section4_metrics,
)
"""What the paper says."""
PROOFS = (
    lemma0_normal,
    theorem2_best,
    lemma1_two_laws,
    theorem2_interval,
    proposition1_moved,
    theorem3_4_frontier,
    theorem5_attained,
    theorem6_joint,
    progress,
    ranges,
)
"""What is true instead, proved in steps; a later one uses earlier ones."""
MODULES = (*PRINTED, corrected, *PROOFS, local_responses, tsipras)
THEOREMS = {theorem.id: theorem for module in PROOFS for theorem in module.THEOREMS}
CLAIMS: dict[str, Claim] = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
