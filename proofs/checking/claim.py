"""A claim, its evidence by step, and the verdict that follows from the evidence. Verdicts are computed, never typed.

proved       the statement holds as printed
repaired     a counterexample stands against it, and it holds after the stated change
refuted      a counterexample stands against it
vacuous      nothing satisfies its hypothesis
undecidable  the evidence does not settle it (a solver gave up, a check failed, or the text is ambiguous)
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from proofs.checking.check import Step, check
from proofs.language.statements import Role, Statement

Verdict = Literal["proved", "repaired", "refuted", "vacuous", "undecidable"]
VERDICTS: tuple[Verdict, ...] = ("proved", "repaired", "refuted", "vacuous", "undecidable")
ROLES: tuple[Role, ...] = ("printed", "hypothesis", "counterexample", "repair", "instead")


@dataclass(frozen=True)
class Claim:
    """A printed statement with its place, the verdict on record, what follows, and the evidence to be checked.

    ``title`` is the finding as one sentence, with formulas between dollars; steps of a theorem go without. ``repair``
    says what holds in its place; a repaired claim has one. ``picture`` names a drawing of
    `proofs.report.drawings` and its arguments; "sides" draws both sides of each counterexample in numbers, under the
    given labels or as printed.
    """

    id: str
    source: str
    statement: str
    recorded: Verdict
    consequence: str
    evidence: tuple[Statement, ...]
    title: str = ""
    repair: str = ""
    picture: tuple[object, ...] = ()


@dataclass(frozen=True)
class Finding:
    """A claim after its evidence was checked."""

    claim: Claim
    steps: tuple[Step, ...]
    verdict: Verdict
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the computed verdict is the recorded one."""
        return self.verdict == self.claim.recorded


def verdict(steps: Sequence[Step]) -> Verdict:
    """The verdict that the evidence supports. A claim whose evidence is cited only is undecidable.

    >>> from sympy import Integer
    >>> from proofs.checking.check import check
    >>> from proofs.language.statements import above, exact
    >>> verdict([check(exact("counterexample", "16 is above 4", above(Integer(16), Integer(4))))])
    'refuted'
    """
    steps = [step for step in steps if step.statement.checker != "lemma"]
    found = {role: [step.holds for step in steps if step.statement.role == role] for role in ROLES}
    if any(step.holds is None for step in steps) or not all(found["instead"]):
        return "undecidable"
    if False in found["hypothesis"]:
        return "vacuous" if all(found["printed"]) else "undecidable"
    if found["counterexample"] and all(found["counterexample"]):
        if not found["repair"]:
            return "refuted"
        return "repaired" if all(found["repair"]) else "undecidable"
    if found["printed"] and all(found["printed"]) and not found["counterexample"]:
        return "proved"
    return "undecidable"


def examine(claim: Claim) -> Finding:
    """Check a claim's evidence and compute its verdict."""
    started = time.perf_counter()
    steps = tuple(map(check, claim.evidence))
    return Finding(claim, steps, verdict(steps), time.perf_counter() - started)
