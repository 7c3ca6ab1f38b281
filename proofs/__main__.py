"""``python -m proofs``: the ledger of printed claims, each checked anew; exit code 1 if a verdict has changed.

Only the flags are read at import, so that --help answers at once.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradeoff.shared import checks, cli
from tradeoff.shared.cli import option, place, switch, text
from tradeoff.shared.names import shown

if TYPE_CHECKING:
    from proofs.checking.claim import Claim

PROGRAM = "python -m proofs"
DESCRIPTION = """\
Checks every claim of the ledger by machine (SymPy identities, z3 over the reals, Arb balls, exact arithmetic) and
prints its verdict: proved | repaired | refuted | vacuous | undecidable. Exit code 1 if a computed verdict differs
from the recorded one, or if a mutant survives without a reason."""
EXCLUSIVE = ("json", "write", "mutations", "smtlib", "certificates")
"""What is done in place of the table; one of them at a time."""


@dataclass(frozen=True)
class Options:
    """What is done with the claims, and with which."""

    json: bool = option(
        switch, "one object a line: id, source, statement, verdict, recorded, evidence, seconds", default=False
    )
    write: str | None = option(place, "write the audit as one page, DIR/audit.html", metavar="DIR", default=None)
    mutations: bool = option(switch, "change every statement a little; list the changes that survive", default=False)
    smtlib: str | None = option(place, "write every question to z3 as an SMT-LIB 2 file", metavar="DIR", default=None)
    certificates: str | None = option(
        place,
        "write those, a file for every inequality that Arb checks, and a manifest for python -m proofs.recheck",
        metavar="DIR",
        default=None,
    )
    claim: str | None = option(text, "one claim only, with its evidence in full", metavar="ID", default=None)
    workers: int = option(checks.integer, "processes for --mutations (default: 2)", metavar="N", default=2)

    def __post_init__(self) -> None:
        chosen = [name for name in EXCLUSIVE if getattr(self, name) not in (None, False)]
        if len(chosen) > 1:
            raise checks.InputError(f"{' and '.join(chosen)} exclude each other; give one of them")
        checks.processes("workers", self.workers)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger; 0 if every verdict is the recorded one, 1 if not, 2 for input that cannot be used."""

    def check_claims() -> int:
        (given,) = cli.read(cli.parser(PROGRAM, DESCRIPTION, Options), arguments, Options)
        return run(Options(**given))

    return cli.answered(PROGRAM, check_claims, interrupted="; nothing was written", extra="proofs")


def run(options: Options) -> int:
    """Do what the options say with the claims that they choose; the exit code."""
    from proofs.ledger import CLAIMS

    chosen = CLAIMS if options.claim is None else {options.claim: _chosen(options.claim, CLAIMS)}
    if options.mutations:
        return _mutations(chosen, options.workers)
    if options.smtlib is not None or options.certificates is not None:
        return _certificates(chosen, options)
    return _ledger(chosen, options)


def _chosen(name: str, claims: Mapping[str, Claim]) -> Claim:
    return claims[checks.known("claim", name, claims)]


def _ledger(claims: Mapping[str, Claim], options: Options) -> int:
    from proofs.checking.claim import examine
    from proofs.ledger import THEOREMS
    from proofs.report import page
    from proofs.report import text as report
    from tradeoff.shared.storage import output_folder, write_atomic

    folder = None if options.write is None else output_folder("write", options.write)
    coloured, width = in_colour(), shutil.get_terminal_size((120, 24)).columns
    findings = []
    for claim in claims.values():
        findings.append(examine(claim))
        if options.json:
            print(report.as_json(findings[-1]), flush=True)
        elif options.claim is not None:
            print("\n".join(report.in_full(findings[-1], coloured=coloured)))
        elif folder is None:
            print(report.row(findings[-1], width=width, coloured=coloured), flush=True)
    if folder is not None:
        path = Path(folder) / "audit.html"
        write_atomic(path, page.page(findings, list(THEOREMS.values())))
        print(f"{shown(path)} written")
    if not options.json:
        print(report.summary(findings))
    return 0 if all(finding.agrees for finding in findings) else 1


def _certificates(claims: Mapping[str, Claim], options: Options) -> int:
    from proofs.certificates import smtlib
    from proofs.certificates import write as certificates

    if options.certificates is not None:
        every = certificates.files(claims.values(), tables=options.claim is None)
        count = certificates.write("certificates", options.certificates, certificates.with_manifest(every)) - 1
        print(f"{shown(options.certificates)}: {count} certificates and their manifest written")
    if options.smtlib is not None:
        count = certificates.write("smtlib", options.smtlib, smtlib.questions(claims.values()))
        print(f"{shown(options.smtlib)}: {count} questions written")
    return 0


def _mutations(claims: Mapping[str, Claim], workers: int) -> int:
    from proofs.mutation import mutants
    from proofs.mutation.equivalent import REASONS
    from proofs.report import text as report

    outcomes = []
    with cli.bar(len(claims), "claims") as advance:
        for of_claim in mutants.run(claims, REASONS, workers=workers):
            outcomes += of_claim
            advance(1)
    print("\n".join(report.survivors(outcomes)))
    survivors = [outcome for outcome in outcomes if not outcome.killed]
    alive = {outcome.key for outcome in survivors}
    stale = [key for key in REASONS if key.split(".")[0] in claims and key not in alive]
    print(report.mutation_summary(outcomes, stale))
    return 1 if stale or any(not outcome.reason for outcome in survivors) else 0


def in_colour() -> bool:
    """Whether somebody looks at a terminal and has not asked for plain text (no-color.org)."""
    if sys.stdout is None:
        return False
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


if __name__ == "__main__":
    sys.exit(main())
