"""The ledger: every claim by its id, in the order of the paper, then what replaces it, then other papers."""

from proofs import (
    bayes,
    certified,
    chain,
    corrected,
    kernels,
    metrics,
    model,
    proof_frontier,
    proof_optimum,
    proof_progress,
    proof_radius,
    proof_shifted,
    proposition1,
    radii,
    remarks,
    section2,
    shifted,
    svm,
    theorem2,
)
from proofs.claims import Claim

MODULES = (
    section2,
    model,
    proposition1,
    bayes,
    shifted,
    theorem2,
    chain,
    remarks,
    metrics,
    corrected,
    radii,
    proof_optimum,
    proof_radius,
    proof_shifted,
    proof_frontier,
    proof_progress,
    certified,
    kernels,
    svm,
)
PROOFS = (proof_optimum, proof_radius, proof_shifted, proof_frontier, proof_progress, certified)
THEOREMS = {theorem.id: theorem for module in PROOFS for theorem in module.THEOREMS}
CLAIMS: dict[str, Claim] = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
