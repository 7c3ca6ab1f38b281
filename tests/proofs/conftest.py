"""The whole ledger is examined once in a process, and pages show small tables."""

from dataclasses import replace

import pytest


@pytest.fixture(scope="session")
def findings():
    """What was found of every claim, in the order of the ledger."""
    from proofs.checking.claim import examine
    from proofs.ledger import CLAIMS

    return [examine(claim) for claim in CLAIMS.values()]


@pytest.fixture
def examined(findings, monkeypatch):
    """A command then takes what was found before, for claims that are those of the ledger."""
    from proofs.checking import claim as checking

    known, examine = {one.claim.id: one for one in findings}, checking.examine

    def remembered(claim):
        found = known.get(claim.id)
        return found if found is not None and found.claim == claim else examine(claim)

    monkeypatch.setattr(checking, "examine", remembered)


@pytest.fixture(scope="module")
def coarse_tables():
    """Tables of the paper's directions with few boxes; the whole ones are those of the certificates."""
    from proofs.checking import direction_tables

    with pytest.MonkeyPatch.context() as patch:
        few = tuple(replace(one, rows=2, columns=4) for one in direction_tables.DIRECTIONS)
        patch.setattr(direction_tables, "DIRECTIONS", few)
        yield
