"""The ledger: every claim by its id, in the order of the paper."""

from proofs import corrected, proposition1, theorem2
from proofs.claims import Claim

CLAIMS: dict[str, Claim] = {
    claim.id: claim for module in (proposition1, theorem2, corrected) for claim in module.CLAIMS
}
