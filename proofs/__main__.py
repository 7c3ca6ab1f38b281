"""``python -m proofs``: the ledger of printed claims, each checked anew; exit code 1 if a verdict has changed."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs.claims import Finding

DESCRIPTION = """\
Checks every claim of the ledger by machine (SymPy identities, z3 over the reals, Arb balls, exact arithmetic) and
prints its verdict: proved | repaired | refuted | vacuous | undecidable. Exit code 1 if a computed verdict differs
from the recorded one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger; 0 if every verdict is the recorded one, 1 if not, 2 for input that cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m proofs", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="one object a line: id, source, statement, verdict, recorded, evidence, seconds",
    )
    parser.add_argument("--claim", metavar="ID", help="one claim only, with its evidence in full")
    options = parser.parse_args(arguments)
    try:
        from proofs.ledger import CLAIMS
    except ModuleNotFoundError as error:
        print(
            f"python -m proofs: the package {error.name!r} is missing; install it with pip install -e '.[proofs]'",
            file=sys.stderr,
        )
        return 2
    if options.claim is not None and options.claim not in CLAIMS:
        print(f"python -m proofs: claim={options.claim!r} is unknown; use one of {', '.join(CLAIMS)}", file=sys.stderr)
        return 2
    chosen = list(CLAIMS.values()) if options.claim is None else [CLAIMS[options.claim]]
    findings = []
    from proofs.claims import examine

    for claim in chosen:
        findings.append(examine(claim))
        print(
            as_json(findings[-1]) if options.json else "\n".join(as_text(findings[-1], full=options.claim is not None)),
            flush=True,
        )
    if not options.json:
        print(summary(findings))
    return 0 if all(finding.agrees for finding in findings) else 1


def as_text(finding: Finding, *, full: bool) -> Iterator[str]:
    """A claim for the terminal: verdict, place, statement, evidence, and what follows."""
    claim = finding.claim
    changed = "" if finding.agrees else f"   << recorded as {claim.recorded}"
    yield f"{finding.verdict:<12}{claim.id}   ({claim.source}){changed}"
    yield from wrapped("says", claim.statement)
    for step in finding.steps:
        outcome = {True: "holds", False: "fails", None: "open"}[step.holds]
        detail = f" [{step.detail}]" if step.detail and (full or step.role in ("counterexample", "hypothesis")) else ""
        yield from wrapped(f"{step.checker}, {step.role}", f"{outcome}: {step.statement}{detail}")
    yield from wrapped("so", claim.consequence)
    yield ""


def wrapped(label: str, text: str) -> list[str]:
    indent = " " * 12
    return textwrap.wrap(f"{label}: {text}", width=118, initial_indent=indent, subsequent_indent=indent + "  ")


def as_json(finding: Finding) -> str:
    """A claim as one JSON object."""
    claim = finding.claim
    evidence = [
        {
            "role": step.role,
            "checker": step.checker,
            "statement": step.statement,
            "holds": step.holds,
            "detail": step.detail,
        }
        for step in finding.steps
    ]
    return json.dumps(
        {
            "id": claim.id,
            "source": claim.source,
            "statement": claim.statement,
            "verdict": finding.verdict,
            "recorded": claim.recorded,
            "consequence": claim.consequence,
            "evidence": evidence,
            "seconds": round(finding.seconds, 4),
        }
    )


def summary(findings: Sequence[Finding]) -> str:
    """How many of each verdict, and how many changed."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
    changed = [finding.claim.id for finding in findings if not finding.agrees]
    text = f"{len(findings)} claims: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    return (
        text
        + (f"; changed: {', '.join(changed)}" if changed else "; all as recorded")
        + f" ({sum(f.seconds for f in findings):.1f} s)"
    )


if __name__ == "__main__":
    sys.exit(main())
