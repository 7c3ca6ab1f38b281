"""The ledger: every claim by its id, in the order of the paper, then what replaces it, then other papers."""

from proofs import (
    bayes,
    chain,
    corrected,
    kernels,
    metrics,
    model,
    proof_optimum,
    proof_radius,
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
    kernels,
    svm,
)
THEOREMS = {theorem.id: theorem for module in (proof_optimum, proof_radius) for theorem in module.THEOREMS}
CLAIMS: dict[str, Claim] = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
