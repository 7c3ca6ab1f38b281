"""``python -m proofs``: the ledger of printed claims, each checked anew; exit code 1 if a verdict has changed."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tradeoff.shared import checks

if TYPE_CHECKING:
    from proofs.checking.claim import Claim

DESCRIPTION = """\
Checks every claim of the ledger by machine (SymPy identities, z3 over the reals, Arb balls, exact arithmetic) and
prints its verdict: proved | repaired | refuted | vacuous | undecidable. Exit code 1 if a computed verdict differs
from the recorded one, or if a mutant survives without a reason."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ledger; 0 if every verdict is the recorded one, 1 if not, 2 for input that cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        from proofs.ledger import CLAIMS
    except ModuleNotFoundError as error:
        print(
            f"python -m proofs: the package {error.name!r} is missing; install it with pip install -e '.[proofs]'",
            file=sys.stderr,
        )
        return 2
    try:
        chosen = CLAIMS if options.claim is None else {options.claim: _chosen(options.claim, CLAIMS)}
        if options.mutations:
            return _mutations(chosen, options.workers)
        if options.smtlib is not None or options.certificates is not None:
            return _certificates(chosen, options)
        return _ledger(chosen, options)
    except checks.InputError as error:
        print(f"python -m proofs: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        print("python -m proofs: interrupted; nothing was written", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m proofs", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--json",
        action="store_true",
        help="one object a line: id, source, statement, verdict, recorded, evidence, seconds",
    )
    what.add_argument("--write", metavar="DIR", help="write the audit as one page, DIR/audit.html")
    what.add_argument(
        "--mutations", action="store_true", help="change every statement a little; list the changes that survive"
    )
    what.add_argument("--smtlib", metavar="DIR", help="write every question to z3 as an SMT-LIB 2 file")
    what.add_argument(
        "--certificates",
        metavar="DIR",
        help="write those, a file for every inequality that Arb checks, and a manifest for python -m proofs.recheck",
    )
    parser.add_argument("--claim", metavar="ID", help="one claim only, with its evidence in full")
    parser.add_argument("--workers", metavar="N", default=2, help="processes for --mutations (default: 2)")
    return parser


def _chosen(name: str, claims: Mapping[str, Claim]) -> Claim:
    return claims[checks.known("claim", name, claims)]


def _ledger(claims: Mapping[str, Claim], options: argparse.Namespace) -> int:
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
        print(f"{path} written")
    if not options.json:
        print(report.summary(findings))
    return 0 if all(finding.agrees for finding in findings) else 1


def _certificates(claims: Mapping[str, Claim], options: argparse.Namespace) -> int:
    from proofs.certificates import smtlib
    from proofs.certificates import write as certificates

    if options.certificates is not None:
        every = certificates.files(claims.values(), tables=options.claim is None)
        count = certificates.write("certificates", options.certificates, certificates.with_manifest(every)) - 1
        print(f"{options.certificates}: {count} certificates and their manifest written")
    else:
        count = certificates.write("smtlib", options.smtlib, smtlib.questions(claims.values()))
        print(f"{options.smtlib}: {count} questions written")
    return 0


def _mutations(claims: Mapping[str, Claim], workers: object) -> int:
    from tqdm import tqdm

    from proofs.mutation.equivalent import REASONS
    from proofs.mutation.mutants import run
    from proofs.report import text as report

    count = checks.at_least("workers", checks.integer("workers", workers), 1, what="a number of processes")
    outcomes = []
    for found in tqdm(
        run(claims, REASONS, workers=count), total=len(claims), unit="claim", disable=not sys.stderr.isatty()
    ):
        outcomes += found
    print("\n".join(report.survivors(outcomes)))
    alive = {one.key for one in outcomes if not one.killed}
    stale = [key for key in REASONS if key.split(".")[0] in claims and key not in alive]
    print(report.mutation_summary(outcomes, stale))
    return 1 if stale or any(not one.killed and not one.reason for one in outcomes) else 0


def in_colour() -> bool:
    """Whether somebody looks at a terminal and has not asked for plain text (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


if __name__ == "__main__":
    sys.exit(main())
