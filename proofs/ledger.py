"""The ledger: every claim by its id, in the order of the paper, then what replaces it, then other papers."""

from proofs import corrected, kernels, metrics, model, proposition1, remarks, section2, shifted, svm, theorem2
from proofs.claims import Claim

MODULES = (section2, model, proposition1, shifted, theorem2, remarks, metrics, corrected, kernels, svm)
CLAIMS: dict[str, Claim] = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
