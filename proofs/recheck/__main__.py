"""``python -m proofs.recheck DIR ...``: every certificate of a folder, against its manifest and against its claim.

``manifest.jsonl`` lists the files with their SHA-256 and what each claims; a file that is missing, not listed, altered,
no regular file of the folder itself, or that claims something else is refused. The SHA-256 of the manifest, which is
printed, stands for all of it: compare it where you do not trust the folder. A ``.boxes`` file claims the sign of an
expression on boxes that tile a range, or is a table of signs; a ``.number`` file two rationals that a number lies
between, both on one side of 0; a ``.mixture`` file a bound of Theorem 4'; a ``.smt2`` file that formulas have a
solution, that they have none ("no numbers"), or that the last one is the contrary of what the others imply ("unsat").
Where cvc5 is not installed, or does not know, the exit code is 1 unless
``--without-solver`` is given.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from proofs.recheck.inequalities import boxes, one_number, opened
from proofs.recheck.limits import RefusedError, content
from proofs.recheck.mixture import mixture
from proofs.recheck.question import OpenError, question

PROGRAM, MANIFEST = "python -m proofs.recheck", "manifest.jsonl"
MOST_SHOWN = 400
"""Characters of a line: no message of a certificate fills the page."""
CHECKS: dict[str, Callable[[str], tuple[str, str]]] = {
    ".boxes": boxes,
    ".number": one_number,
    ".mixture": mixture,
    ".smt2": question,
}


@dataclass
class Tally:
    """How many certificates were looked at, refused, and left open."""

    files: int = 0
    refused: int = 0
    open: int = 0

    @property
    def worst(self) -> int:
        """How many do not hold so far."""
        return self.refused + self.open


def folder(base: Path, count: Tally) -> Iterator[str]:
    """Check every certificate of a folder against its manifest; a line for each."""
    text = _manifest_of(base)
    listed = manifest(text)
    yield f"{base}: manifest SHA-256 {hashlib.sha256(text).hexdigest()}"
    there = {path.name for path in base.iterdir()} - {MANIFEST}
    for name in sorted(listed.keys() | there):
        count.files += 1
        try:
            if name not in listed:
                raise RefusedError("it is not in the manifest")
            yield f"{name}: {_checked(_inside(base, name), listed[name])}"
        except OpenError as error:
            count.open += 1
            yield f"{name}: OPEN, {error}"
        except Exception as error:  # whatever is wrong with one file, the others are checked
            count.refused += 1
            yield f"{name}: REFUSED, {type(error).__name__}: {error}"


def _inside(base: Path, name: str) -> Path:
    """The regular file of this plain name in the folder; a path that leads elsewhere is refused."""
    if name in (MANIFEST, "", ".", "..") or set("/\\\0") & set(name):
        raise RefusedError("a manifest lists plain names of files")
    path = base / name
    if path.is_symlink() or not path.is_file():
        raise RefusedError("it is no regular file of the folder")
    return path


def _manifest_of(base: Path) -> bytes:
    path = base / MANIFEST
    if path.is_symlink() or not path.is_file():
        raise RefusedError(f"{MANIFEST} is no regular file of the folder")
    return content(path)


def manifest(text: bytes) -> dict[str, dict[str, str]]:
    """What the manifest says of each file."""
    head, *rows = text.decode().splitlines()
    listed = [json.loads(row) for row in rows]
    if opened(head)["files"] != len({row["file"] for row in listed}) or len(rows) != opened(head)["files"]:
        raise RefusedError("the manifest does not list as many files as it says")
    return {row["file"]: row for row in listed}


def _checked(path: Path, row: dict[str, str]) -> str:
    found = content(path)
    if hashlib.sha256(found).hexdigest() != row["sha256"]:
        raise RefusedError("its content is not that of the manifest")
    if not row["shows"]:
        raise RefusedError("the manifest does not say what it is for")
    try:
        claims, seen = CHECKS[path.suffix](found.decode())
    except OpenError as error:
        _as_listed(error.claims, row)
        raise
    _as_listed(claims, row)
    return seen


def _as_listed(claims: str, row: dict[str, str]) -> None:
    if claims != row["expects"]:
        raise RefusedError(f"it claims {claims}, the manifest {row['expects']}")


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one sentence, without the usage in front of it."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{PROGRAM}: {plain(message)}; see {PROGRAM} --help\n")


def plain(text: str) -> str:
    """What a folder of somebody else holds, on one line of at most MOST_SHOWN characters that can all be printed."""
    cut = text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN // 2]}...{text[-MOST_SHOWN // 2 :]}"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut)


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:  # its name is too long
        return False


def lines(name: str, count: Tally) -> Iterator[str]:
    """What is said of a folder, whatever it holds."""
    try:
        yield from folder(Path(name), count)
    except Exception as error:
        count.refused += 1
        yield f"{name}: REFUSED, no manifest to go by, {type(error).__name__}: {error}"


def _parser() -> Parser:
    """The grammar of the other commands, as far as it goes without their code: nothing of the prover is used here."""
    parser = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} DIR ... [--FLAG ...]",
        description="Re-check certificates, folder by folder.",
        allow_abbrev=False,
        add_help=False,
    )
    group = parser.add_argument_group("input")
    group.add_argument("folders", nargs="+", metavar="DIR", help="a folder with a manifest")
    group = parser.add_argument_group("method")
    group.add_argument(
        "--without-solver", action="store_true", help="do not fail for questions that no second solver has answered"
    )
    group = parser.add_argument_group("output")
    group.add_argument("--quiet", action="store_true", help="say what does not hold, and the counts, and no more")
    group = parser.add_argument_group("general")
    group.add_argument("--version", action="version", version=_version(), help="print the version and end")
    group.add_argument("-h", "--help", action="help", help="print this and end")
    return parser


def _version() -> str:
    """As installed; the checker itself may be used as a copy that is not."""
    try:
        return f"robustness-tradeoff {importlib.metadata.version('robustness-tradeoff')}"
    except importlib.metadata.PackageNotFoundError:
        return "robustness-tradeoff, a copy that is not installed"


def main(arguments: Sequence[str]) -> int:
    """Check the certificates of the given folders; 1 if one is refused, none is there, or a question stays open.

    2 if there is no such folder.
    """
    options, count = _parser().parse_args(arguments), Tally()
    missing = [name for name in options.folders if not _is_folder(name)]
    if missing:
        said = f"{PROGRAM}: DIR={missing[0]!r} is no folder; name one that holds certificates and their {MANIFEST}"
        print(plain(said), file=sys.stderr)
        return 2
    worst = 0
    for name in options.folders:
        for line in lines(name, count):
            if not options.quiet or count.worst > worst:
                print(plain(line))
            worst = count.worst
    print(f"{count.files} certificates, {count.refused} refused, {count.open} open")
    return 1 if count.refused or not count.files or (count.open and not options.without_solver) else 0


def told(arguments: Sequence[str]) -> int:
    """The exit code of the command, also where nobody reads what it prints: 1 for a pipe, 2 for a full disk."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        try:
            return main(arguments)
        finally:
            sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return 1
        print(f"{PROGRAM}: the output cannot be written ({error.strerror}); send it somewhere else", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(told(sys.argv[1:]))
