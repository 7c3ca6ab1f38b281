"""What others need to re-check the proofs by themselves, as plain files, with a manifest of what each of them shows::

    .smt2     a question to z3, with the status that makes its statement true.
    .boxes    an inequality on a range, or a table: one line of JSON (version, what is said, the expression as a nested
                  list, letters, ranges, and the sign claimed all over, if one is), and one line for each box: +, -
                  or ?, and the ends of each letter's range, whole multiples of 2^-bits.
    .number   an inequality between two numbers: their difference as a nested list, and two rationals it lies between.
    .mixture  a bound of Theorem 4': the law, a rational bound, what lies above it, two rationals that the difference
                  lies between, and the slabs that show the bound: ends, t_0 and the reach around it, multiples of
                  2^-bits.

``manifest.jsonl`` lists the files with their SHA-256, what each claims (of a table, how many boxes have which sign) and
what that is for; where it refutes that there are numbers of some kind it says so. `proofs.recheck` reads all
of them, and shares no code with what made them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy
from sympy import Basic, Rational, Symbol

from proofs.certificates import smtlib
from proofs.checking import direction_tables, mixture_bound, subdivision
from proofs.checking.check import WANTED, put_in
from proofs.checking.claim import Claim
from proofs.checking.evaluate import ball
from proofs.checking.subdivision import Box, Ends
from proofs.language.functions import MixtureBound, Phi
from proofs.language.statements import Statement
from tradeoff.shared.storage import output_folder, write_atomic

VERSION = 1
MANIFEST = "manifest.jsonl"
SIGNS = {1: "+", -1: "-", None: "?"}
HEADS: dict[Any, str] = {sympy.Add: "+", sympy.Mul: "*", Phi: "Phi", sympy.exp: "exp", sympy.log: "log"}
BOUND_DIGITS = 7
"""A bound of a mixture is rounded up to so many decimals."""


@dataclass(frozen=True)
class Certificate:
    """A file, what it claims (sat, unsat, no numbers, a sign, or a table of signs), and what that shows."""

    name: str
    text: str
    expects: str
    shows: str


def files(claims: Collection[Claim], *, tables: bool = True) -> Iterator[Certificate]:
    """The certificates of these claims, and of the tables of regions."""
    for claim in claims:
        for place, statement in enumerate(claim.evidence):
            yield from of_statement(claim, place, statement)
    if tables:
        yield from regions_as_files()


def write(name: str, folder: str, wanted: Iterable[tuple[str, str]]) -> int:
    """Write files into a folder, which the argument ``name`` gave; how many."""
    base, count = output_folder(name, folder), 0
    for count, (file, text) in enumerate(wanted, 1):  # noqa: B007
        write_atomic(base / file, text)
    return count


def with_manifest(certificates: Iterable[Certificate]) -> Iterator[tuple[str, str]]:
    """Names and texts of certificates, and at the end of their manifest: one line of JSON for each, and one before."""
    listed = []
    for one in certificates:
        yield one.name, one.text
        digest = hashlib.sha256(one.text.encode()).hexdigest()
        listed.append({"file": one.name, "sha256": digest, "expects": one.expects, "shows": one.shows})
    rows = sorted(listed, key=lambda row: row["file"])
    yield MANIFEST, "".join(json.dumps(row) + "\n" for row in ({"version": VERSION, "files": len(rows)}, *rows))


def of_statement(claim: Claim, place: int, statement: Statement) -> Iterator[Certificate]:
    """The certificate of a statement that z3 or Arb checks; none of what SymPy, counting or nobody checks."""
    name, shows = f"{claim.id}.{place}", f"{claim.id}, statement {place}: {statement.says}"
    if statement.checker == "z3":
        text = smtlib.script(claim, place, statement)
        status = smtlib.status(claim, statement)
        refuted = statement.exists and status == "unsat"
        claims, shows = ("no numbers", f"no numbers: {shows}") if refuted else (status, shows)
        yield Certificate(f"{name}.smt2", text, claims, shows)
    if statement.checker == "arb":
        relation = put_in(statement.relation, statement.given)
        kind, text = _inequality(statement, relation.lhs - relation.rhs)
        yield Certificate(f"{name}.{kind}", text, SIGNS[WANTED[relation.func]], shows)


def _inequality(statement: Statement, difference: Basic) -> tuple[str, str]:
    """Kind and text of the file for an inequality: on a range, with a bound of Theorem 4', or between numbers."""
    if subdivision.ranges_of(statement.given):
        ranges, wanted = subdivision.ranges_of(statement.given), WANTED[statement.relation.func]
        found = subdivision.subdivide(difference, ranges, wanted=wanted)
        return "boxes", document(statement.says, difference, ranges, found, sign=SIGNS[wanted])
    if difference.has(MixtureBound):
        return "mixture", bounded(statement, difference)
    return "number", json.dumps({"version": VERSION, "says": statement.says, **_between(statement, difference)}) + "\n"


def _between(statement: Statement, tree: Basic) -> dict[str, Any]:
    """A tree, and the two rationals between which the distance of both sides lies: those that round to ``by``."""
    shown = Rational(str(statement.by))
    half = Rational(1, 2 * 10 ** len(str(statement.by).partition(".")[2]))
    return {"tree": nested(tree), "low": str(shown - half), "high": str(shown + half)}


def bounded(statement: Statement, difference: Basic) -> str:
    """A number that lies above a bound of Theorem 4', and the slabs that show the bound."""
    (term,) = difference.atoms(MixtureBound)
    total, slabs = mixture_bound.strips(*map(ball, term.args))
    scaled = (total * 10**BOUND_DIGITS).ceil().unique_fmpz()
    ends = [end for one in slabs for end in (one.low, one.high, one.start, one.reach)]
    bits = max(end.denominator.bit_length() - 1 for end in ends)
    head = {
        "version": VERSION,
        "says": statement.says,
        "law": dict(zip(("weight", "signal", "radius", "correlation", "share"), map(str, term.args), strict=False)),
        "bound": str(Rational(int(scaled), 10**BOUND_DIGITS)),
        **_between(statement, difference + term),
        "bits": bits,
    }
    rows = (" ".join(str(_whole(end, bits)) for end in (one.low, one.high, one.start, one.reach)) for one in slabs)
    return "\n".join([json.dumps(head), *rows]) + "\n"


def regions_as_files() -> Iterator[Certificate]:
    """A file for each table of regions; a box of the table that is undecided is kept whole."""
    for direction in direction_tables.DIRECTIONS:
        found = [
            part
            for cell, cut in direction_tables.tiled(direction)
            for part in (cut if direction_tables.answer(cut) != "undecided" else (Box(cell, None),))
        ]
        letters = dict(zip(direction_tables.LETTERS, (direction.reliabilities, direction.radii), strict=True))
        says = f"{direction.says}; {direction.law}"
        text = document(says, direction.tree, letters, found)
        signs = Counter(SIGNS[box.sign] for box in found)
        counted = ", ".join(f"{count} {sign}" for sign, count in sorted(signs.items()))
        yield Certificate(f"direction-{direction.id}.boxes", text, f"table: {counted}", says)


def document(says: str, tree: Basic, ranges: Mapping[Symbol, Ends], found: Sequence[Box], *, sign: str = "") -> str:
    """One file of boxes as text."""
    numbers = [end for box in found for pair in box.ends for end in pair] + [
        e for pair in ranges.values() for e in pair
    ]
    bits = max(number.denominator.bit_length() - 1 for number in numbers)
    head = {
        "version": VERSION,
        "says": says,
        "tree": nested(tree),
        "letters": [letter.name for letter in ranges],
        "ranges": [[_whole(low, bits), _whole(high, bits)] for low, high in ranges.values()],
        "bits": bits,
        "sign": sign,
    }
    rows = (
        " ".join([SIGNS[box.sign], *(str(_whole(end, bits)) for pair in box.ends for end in pair)]) for box in found
    )
    return "\n".join([json.dumps(head), *rows]) + "\n"


def _whole(number: Fraction, bits: int) -> int:
    scaled = number * 2**bits
    if scaled.denominator != 1:
        raise ValueError(f"{number} is no multiple of 2^-{bits}: ranges have dyadic ends")
    return int(scaled)


def nested(tree: Basic) -> Any:
    """A tree as nested lists: a letter or a number as text, [name, parts...], powers with a rational exponent."""
    if tree is sympy.pi:
        return ["pi"]
    if isinstance(tree, Rational):
        return str(tree)
    if isinstance(tree, Symbol):
        return tree.name
    if isinstance(tree, sympy.Pow):
        return ["^", nested(tree.base), str(tree.exp)]
    return [HEADS[tree.func], *map(nested, tree.args)]
