"""The printed claims about the model, checked by machine: ``python -m proofs`` prints the ledger."""
