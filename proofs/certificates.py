"""What others need to re-check the proofs by themselves: questions to z3 as files, and boxes with the signs claimed.

A ``.boxes`` file has one line of JSON (version, what is said, the expression as a nested list, letters, ranges, and
the sign claimed all over, if one is) and then one line for each box: +, - or ?, and the ends of each letter's range.
All ends are whole multiples of 2^-bits. `proofs.recheck` reads them, and shares no code with what made them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy import Basic, Symbol

from proofs import boxes, regions
from proofs.boxes import Box, Ends
from proofs.claims import Claim
from proofs.evidence import WANTED, put_in
from proofs.finite import Phi
from proofs.smtlib import questions
from proofs.statements import Statement
from tradeoff.storage import output_folder, write_atomic

VERSION = 1
SIGNS = {1: "+", -1: "-", None: "?"}
HEADS: dict[Any, str] = {sympy.Add: "+", sympy.Mul: "*", Phi: "Phi", sympy.exp: "exp", sympy.log: "log"}


def files(claims: Collection[Claim], *, tables: bool = True) -> Iterator[tuple[str, str]]:
    """Name and text of all certificates of these claims, and of the tables of regions."""
    yield from questions(claims)
    yield from inequalities(claims)
    if tables:
        yield from regions_as_files()


def write(name: str, folder: str, wanted: Iterable[tuple[str, str]]) -> int:
    """Write files into a folder, which the argument ``name`` gave; how many."""
    base, count = output_folder(name, folder), 0
    for count, (file, text) in enumerate(wanted, 1):  # noqa: B007
        write_atomic(base / file, text)
    return count


def inequalities(claims: Iterable[Claim]) -> Iterator[tuple[str, str]]:
    """A file for every inequality between normal probabilities that was proved on a box."""
    for claim in claims:
        for place, statement in enumerate(claim.evidence):
            if on_a_box(statement):
                relation = put_in(statement.relation, statement.given)
                tree, ranges = relation.lhs - relation.rhs, boxes.ranges_of(statement.given)
                wanted = WANTED[relation.func]
                found = boxes.subdivide(tree, ranges, wanted=wanted)
                yield f"{claim.id}.{place}.boxes", document(statement.says, tree, ranges, found, sign=SIGNS[wanted])


def on_a_box(statement: Statement) -> bool:
    """Whether a statement is about all values of letters in a range, and was proved by boxes."""
    return statement.checker == "arb" and bool(boxes.ranges_of(statement.given))


def regions_as_files() -> Iterator[tuple[str, str]]:
    """A file for each table of regions; a box of the table that is undecided is kept whole."""
    for direction in regions.DIRECTIONS:
        found = [
            part
            for cell, cut in regions.tiled(direction)
            for part in (cut if regions.answer(cut) != "undecided" else (Box(cell, None),))
        ]
        letters = dict(zip(regions.LETTERS, (direction.reliabilities, direction.radii), strict=True))
        yield f"direction-{direction.id}.boxes", document(direction.says, direction.tree, letters, found)


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
    if isinstance(tree, sympy.Rational):
        return str(tree)
    if isinstance(tree, Symbol):
        return tree.name
    if isinstance(tree, sympy.Pow):
        return ["^", nested(tree.base), str(tree.exp)]
    return [HEADS[tree.func], *map(nested, tree.args)]
