"""``python -m proofs``: the ledger of printed claims, each checked anew; exit code 1 if a verdict has changed.

Only the flags are read at import, so that --help answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import INPUT, OUTPUT, Command, option, switch, text
from tradeoff.shared.names import shown

if TYPE_CHECKING:
    from proofs.checking.claim import Claim

PROGRAM = "python -m proofs"
DESCRIPTION = """\
Checks every claim of the ledger by machine (SymPy identities, z3 over the reals, Arb balls, exact arithmetic) and
prints its verdict: proved | repaired | refuted | vacuous | undecidable. Exit code 1 if a computed verdict differs
from the recorded one, or if a mutant survives without a reason."""
EXCLUSIVE = ("json", "mutations", "smtlib", "certificates")
"""What is done in place of the table; one of them at a time."""
PAGE, SURVIVORS = "audit.html", "mutations.txt"


@dataclass(frozen=True)
class Options:
    """What is done with the claims, and with which."""

    claim: str | None = option(
        text, "one claim only, with its evidence in full", metavar="ID", group=INPUT, default=None
    )
    mutations: bool = option(switch, "change every statement a little; list the changes that survive", default=False)
    workers: int = cli.workers_option("try changed statements, for --mutations")
    smtlib: bool = option(
        switch, "write every question to z3 as an SMT-LIB 2 file, to --out", group=OUTPUT, default=False
    )
    certificates: bool = option(
        switch,
        "write those, a file for every inequality that Arb checks, and a manifest for python -m proofs.recheck, to "
        "--out",
        group=OUTPUT,
        default=False,
    )
    out: str | None = cli.out_option(
        f"files: the audit as one page, {PAGE}; with --mutations {SURVIVORS}",
        usual="none; with --smtlib runs/smtlib, with --certificates runs/certificates",
    )
    json: bool = cli.json_option("id, source, statement, verdict, recorded, evidence and seconds of each claim")
    quiet: bool = cli.quiet_option()

    def __post_init__(self) -> None:
        chosen = [name for name in EXCLUSIVE if getattr(self, name)]
        if len(chosen) > 1:
            raise checks.InputError(f"{' and '.join(chosen)} exclude each other; give one of them")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger; 0 if every verdict is the recorded one, 1 if not, 2 for input that cannot be used."""
    lost = "; nothing was written"
    return cli.answered(PROGRAM, lambda: COMMAND(arguments), interrupted=lost, extra="proofs")


def run(options: Options) -> int:
    """Do what the options say with the claims that they choose; the exit code."""
    from proofs.ledger import CLAIMS

    chosen = CLAIMS if options.claim is None else {options.claim: _chosen(options.claim, CLAIMS)}
    if options.mutations:
        return _mutations(chosen, options)
    if options.smtlib or options.certificates:
        return _certificates(chosen, options)
    return _ledger(chosen, options)


def _chosen(name: str, claims: Mapping[str, Claim]) -> Claim:
    return claims[checks.known("claim", name, claims)]


def _ledger(claims: Mapping[str, Claim], options: Options) -> int:
    from proofs.checking.claim import examine
    from proofs.ledger import THEOREMS
    from proofs.report import text as report

    folder = None if options.out is None else storage.output_folder("out", options.out)
    if folder is not None:
        from proofs.report import page  # what it lacks is said before the claims are examined
    coloured, width = in_colour(), cli.width()
    findings = []
    for claim in claims.values():
        findings.append(examine(claim))
        if options.json:
            print(report.as_json(findings[-1]), flush=True)
        elif options.claim is not None:
            print("\n".join(report.in_full(findings[-1], width=width, coloured=coloured)))
        elif folder is None:
            print(report.row(findings[-1], width=width, coloured=coloured), flush=True)
    if folder is not None:
        path = Path(folder) / PAGE
        storage.write_atomic(path, page.page(findings, list(THEOREMS.values())))
        if not options.json:
            cli.mention(f"{shown(path)} written")
    if not options.json:
        cli.show(report.summary(findings))
    return 0 if all(finding.agrees for finding in findings) else 1


def _certificates(claims: Mapping[str, Claim], options: Options) -> int:
    from proofs.certificates import smtlib
    from proofs.certificates import write as certificates

    if options.certificates:
        folder = options.out or "runs/certificates"
        every = certificates.files(claims.values(), tables=options.claim is None)
        count = certificates.write("out", folder, certificates.with_manifest(every)) - 1
        cli.mention(f"{shown(folder)}: {count} certificates and their manifest written")
    if options.smtlib:
        folder = options.out or "runs/smtlib"
        count = certificates.write("out", folder, smtlib.questions(claims.values()))
        cli.mention(f"{shown(folder)}: {count} questions written")
    return 0


def _mutations(claims: Mapping[str, Claim], options: Options) -> int:
    from proofs.mutation import mutants
    from proofs.mutation.equivalent import REASONS
    from proofs.report import text as report

    folder = None if options.out is None else storage.output_folder("out", options.out)
    outcomes = []
    with cli.bar(len(claims), "claims") as advance:
        for of_claim in mutants.run(claims, REASONS, workers=options.workers):
            outcomes += of_claim
            advance(1)
    survivors = [outcome for outcome in outcomes if not outcome.killed]
    alive = {outcome.key for outcome in survivors}
    stale = [key for key in REASONS if key.split(".")[0] in claims and key not in alive]
    lines = [*report.survivors(outcomes), report.mutation_summary(outcomes, stale)]
    print("\n".join(lines))
    if folder is not None:
        storage.write_atomic(folder / SURVIVORS, "\n".join(lines) + "\n")
        cli.mention(f"{shown(folder / SURVIVORS)} written")
    return 1 if stale or any(not outcome.reason for outcome in survivors) else 0


def in_colour() -> bool:
    """Whether somebody looks at a terminal and has not asked for plain text (no-color.org)."""
    if sys.stdout is None:
        return False
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


COMMAND = Command(PROGRAM, DESCRIPTION, (Options,), lambda given: run(Options(**given)))

if __name__ == "__main__":
    sys.exit(main())
