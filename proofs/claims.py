"""A claim, its evidence by step, and the verdict that follows from the evidence. Verdicts are computed, never typed.

proved       the statement holds as printed
repaired     a counterexample stands against it, and it holds after the stated change
refuted      a counterexample stands against it
vacuous      nothing satisfies its hypothesis
undecidable  the evidence does not settle it (a solver gave up, a check failed, or the text is ambiguous)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["proved", "repaired", "refuted", "vacuous", "undecidable"]
Role = Literal["printed", "hypothesis", "counterexample", "repair", "instead"]
Checker = Literal["sympy", "z3", "arb", "exact", "lemma"]


@dataclass(frozen=True)
class Step:
    """One machine check: what it shows, who checked it, and whether it came out (None: the checker gave up).

    Roles: ``printed`` shows the statement, ``hypothesis`` shows that something satisfies its hypothesis,
    ``counterexample`` shows that it fails, ``repair`` shows it after the change, ``instead`` shows what else is true
    (in its place, or about its limits) without saving it. A ``lemma`` is cited, not checked; a claim whose evidence is
    lemmas only is undecidable.
    """

    role: Role
    checker: Checker
    statement: str
    holds: bool | None
    detail: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement with its place, the verdict on record, and how to find the evidence again."""

    id: str
    source: str
    statement: str
    recorded: Verdict
    consequence: str
    check: Callable[[], list[Step]]


@dataclass(frozen=True)
class Finding:
    """A claim after its evidence was computed."""

    claim: Claim
    steps: tuple[Step, ...]
    verdict: Verdict
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether the computed verdict is the recorded one."""
        return self.verdict == self.claim.recorded


def verdict(steps: Sequence[Step]) -> Verdict:
    """The verdict that the evidence supports.

    >>> verdict([Step("counterexample", "exact", "16 is not 4", True), Step("instead", "sympy", "it is d", True)])
    'refuted'
    """
    steps = [step for step in steps if step.checker != "lemma"]
    found = {
        role: [step.holds for step in steps if step.role == role]
        for role in ("printed", "hypothesis", "counterexample", "repair", "instead")
    }
    if any(step.holds is None for step in steps) or not all(found["instead"]):
        return "undecidable"
    if False in found["hypothesis"]:
        return "vacuous"
    if found["counterexample"] and all(found["counterexample"]):
        if not found["repair"]:
            return "refuted"
        return "repaired" if all(found["repair"]) else "undecidable"
    if found["printed"] and all(found["printed"]) and not found["counterexample"]:
        return "proved"
    return "undecidable"


def examine(claim: Claim) -> Finding:
    """Compute a claim's evidence and verdict."""
    started = time.perf_counter()
    steps = tuple(claim.check())
    return Finding(claim, steps, verdict(steps), time.perf_counter() - started)
