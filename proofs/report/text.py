"""Findings as text for a terminal, and as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from proofs.checking.check import Step
from proofs.checking.claim import VERDICTS, Finding
from proofs.mutation.mutants import Outcome
from tradeoff.shared import storage
from tradeoff.shared.cli.fitting import PAGE

COLOURS = {"proved": "32", "repaired": "33", "refuted": "31", "vacuous": "35", "undecidable": "36"}
OUTCOMES = {True: "holds", False: "fails", None: "open"}


def row(finding: Finding, *, width: int, coloured: bool) -> str:
    """A claim as one line of the table: verdict, id, what is said (as much as fits)."""
    claim = finding.claim
    changed = "" if finding.agrees else f"  << recorded as {claim.recorded}"
    room = max(20, width - 13 - 25 - len(changed))
    said = textwrap.shorten(claim.statement, room, placeholder=" ...")
    return f"{paint(finding.verdict, coloured)}{claim.id:<25}{said}{changed}"


def paint(verdict: str, coloured: bool) -> str:
    """A verdict in its column, coloured where somebody can see it."""
    text = f"{verdict:<13}"
    return f"\x1b[{COLOURS[verdict]}m{text}\x1b[0m" if coloured else text


def in_full(finding: Finding, *, width: int, coloured: bool = False) -> Iterator[str]:
    """A claim with its place, statement, evidence in full, and what follows."""
    claim = finding.claim
    changed = "" if finding.agrees else f"   << recorded as {claim.recorded}"
    yield f"{paint(finding.verdict, coloured)}{claim.id}   ({claim.source}){changed}"
    yield from _wrapped("says", claim.statement, width)
    for step in finding.steps:
        yield from _step(step, width)
    if claim.repair:
        yield from _wrapped("repaired", claim.repair, width)
    yield from _wrapped("so", claim.consequence, width)


def _step(step: Step, width: int) -> Iterator[str]:
    statement = step.statement
    yield from _wrapped(f"{statement.role}, {statement.checker}", f"{OUTCOMES[step.holds]}: {statement.says}", width)
    if statement.formula:
        yield from _wrapped("   formula", statement.formula, width)
    if step.detail:
        yield from _wrapped("   seen", step.detail, width)


def _wrapped(label: str, text: str, width: int) -> list[str]:
    indent = " " * 13
    return textwrap.wrap(f"{label}: {text}", width=width, initial_indent=indent, subsequent_indent=indent + "      ")


def as_json(finding: Finding) -> str:
    """A claim as one JSON object."""
    claim = finding.claim
    return storage.json_line(
        {
            "id": claim.id,
            "source": claim.source,
            "statement": claim.statement,
            "verdict": finding.verdict,
            "recorded": claim.recorded,
            "repair": claim.repair,
            "consequence": claim.consequence,
            "evidence": [_evidence(step) for step in finding.steps],
            "seconds": round(finding.seconds, 4),
        }
    )


def _evidence(step: Step) -> dict[str, object]:
    statement = step.statement
    return {
        "role": statement.role,
        "checker": statement.checker,
        "statement": statement.says,
        "formula": statement.formula,
        "holds": step.holds,
        "detail": step.detail,
    }


def summary(findings: Sequence[Finding]) -> str:
    """How many of each verdict, and how many changed."""
    counts = Counter(finding.verdict for finding in findings)
    changed = [finding.claim.id for finding in findings if not finding.agrees]
    text = f"{len(findings)} claims: " + ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])
    return (
        text
        + (f"; changed: {', '.join(changed)}" if changed else "; all as recorded")
        + f" ({sum(one.seconds for one in findings):.1f} s)"
    )


def survivors(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The surviving mutants, grouped by the reason why."""
    groups: dict[str, list[str]] = {}
    for one in outcomes:
        if not one.killed:
            groups.setdefault(one.reason or "NO REASON", []).append(one.key)
    for reason, keys in groups.items():
        yield f"{len(keys)} survived because: {reason}"
        for key in keys:
            yield from textwrap.wrap(key, PAGE, initial_indent="    ", subsequent_indent="        ")


def mutation_summary(outcomes: Sequence[Outcome], stale: Sequence[str]) -> str:
    """How many mutants there were, how many were killed and by which operator, and what is wrong with the rest."""
    operators = Counter(one.operator for one in outcomes)
    alive = [one for one in outcomes if not one.killed]
    unexplained = sum(not one.reason for one in alive)
    by_machine = sum(one.reason.startswith("it follows") for one in alive)
    text = (
        f"{len(outcomes)} mutants ({', '.join(f'{count} {name}' for name, count in operators.items())}): "
        f"{len(outcomes) - len(alive)} killed, {len(alive)} survived "
        f"({by_machine} follow by machine, {len(alive) - by_machine - unexplained} explained, "
        f"{unexplained} unexplained)"
    )
    undecided = sum(one.killed and one.open for one in outcomes)
    if undecided:
        text += f"; {undecided} of the killed were left open by their checker"
    return text + (f"; reasons for mutants that do not survive: {', '.join(stale)}" if stale else "")
