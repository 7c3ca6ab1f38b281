"""A theorem with its proof in lines: each line is a claim of the ledger, and says which earlier lines it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from proofs.checking.claim import Claim, Finding
from proofs.language.statements import Statement

Support = Literal["checked", "cites a lemma", "not checked"]


@dataclass(frozen=True)
class Line:
    """One step of a proof: what it says, why it is needed, what is checked, and the ids of the lines it rests on."""

    name: str
    says: str
    so: str
    evidence: tuple[Statement, ...]
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Theorem:
    """A statement for a reader, the same as LaTeX, and its proof. ``title`` has no comma: it heads a section."""

    id: str
    title: str
    statement: str
    latex: str
    proof: tuple[Line, ...]

    def name(self, line: Line) -> str:
        """The id of a line in the ledger."""
        return f"{self.id}-{line.name}"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The lines as claims: a line that is not proved is not what the theorem has on record."""
        return tuple(
            Claim(self.name(line), f"{self.title}, step {place}", line.says, "proved", line.so, line.evidence)
            for place, line in enumerate(self.proof, 1)
        )


def support(finding: Finding) -> Support:
    """What stands behind a line: machines alone, a cited lemma beside them, or no machine."""
    if finding.verdict != "proved":
        return "not checked"
    return "cites a lemma" if any(step.statement.checker == "lemma" for step in finding.steps) else "checked"


def supports(theorem: Theorem, findings: Mapping[str, Finding]) -> dict[Support, int]:
    """How many lines of a proof have which support."""
    counts: dict[Support, int] = {"checked": 0, "cites a lemma": 0, "not checked": 0}
    for line in theorem.proof:
        counts[support(findings[theorem.name(line)])] += 1
    return counts
