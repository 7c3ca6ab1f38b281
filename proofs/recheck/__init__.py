"""Re-check certificates with other means than they were made with: ``python -m proofs.recheck results/certificates``.

Nothing of the prover is used: these files import each other, the standard library, and cvc5.
"""
