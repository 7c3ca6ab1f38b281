"""For which p and a the paper's two directions hold, on a table of boxes: two shifts, s = 2, rho = 1/4.

Each box of a table is cut into up to 256 parts. It holds, is reversed, has parts of either kind, or is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from sympy import Basic, Rational, exp, log, sqrt

from proofs.boxes import Box, Ends, subdivide
from proofs.formulas import h
from proofs.notation import a, p

Answer = Literal["holds", "reversed", "undecided", "both"]
SIGNAL, CORRELATION = Rational(2), Rational(1, 4)
MOST_PARTS = 256
LETTERS = (p, a)
ODDS = log(p) - log(1 - p)
KAPPA = sqrt((1 + CORRELATION) / 2)
BAYES = ODDS / (2 * SIGNAL)
ROBUST = ODDS / (2 * (SIGNAL - a))
INVARIANT = ODDS / (2 * SIGNAL * KAPPA)


@dataclass(frozen=True)
class Direction:
    """A statement of order as an expression that is positive where it holds, and the ranges that the table covers."""

    id: str
    says: str
    tree: Basic
    reliabilities: Ends
    radii: Ends
    rows: int
    columns: int

    def cells(self) -> Iterator[tuple[Ends, Ends]]:
        """The boxes of the table, row by row of p."""
        for row in parts(self.reliabilities, self.rows):
            for column in parts(self.radii, self.columns):
                yield row, column


def parts(whole: Ends, count: int) -> list[Ends]:
    """A range cut into equal parts."""
    width = (whole[1] - whole[0]) / count
    return [(whole[0] + i * width, whole[0] + (i + 1) * width) for i in range(count)]


def _slope(mean: Basic, weight: Basic) -> Basic:
    """d/db h(mean, b), without the factor 1/sqrt(2 pi)."""
    return p * exp(-((mean + weight) ** 2) / 2) - (1 - p) * exp(-((mean - weight) ** 2) / 2)


HALF_UP, NEAR_ONE = Fraction(1, 2), Fraction(15, 16)
DIRECTIONS = (
    Direction(
        "augmentation",
        "augmentation costs: g_2 has less adversarial accuracy than f*",
        h(SIGNAL - a, BAYES) - h((SIGNAL - a) * KAPPA, INVARIANT),
        (HALF_UP, NEAR_ONE),
        (Fraction(0), Fraction(4)),
        7,
        16,
    ),
    Direction(
        "robust-training",
        "robust training costs: the spatial accuracy of f_a falls in a",
        -_slope(SIGNAL, ROBUST) - _slope(SIGNAL * CORRELATION, ROBUST),
        (Fraction(9, 16), NEAR_ONE),
        (Fraction(0), Fraction(15, 8)),
        6,
        15,
    ),
)


@cache
def tiled(direction: Direction) -> tuple[tuple[tuple[Ends, Ends], tuple[Box, ...]], ...]:
    """Every box of the table with the parts it was cut into."""
    return tuple(
        (cell, tuple(subdivide(direction.tree, dict(zip(LETTERS, cell, strict=True)), most=MOST_PARTS)))
        for cell in direction.cells()
    )


def answer(found: tuple[Box, ...]) -> Answer:
    """What the parts of a box say together; "both" if some hold and some are reversed."""
    signs = {box.sign for box in found}
    if {1, -1} <= signs:
        return "both"
    if None in signs:
        return "undecided"
    return "holds" if 1 in signs else "reversed"


def table(direction: Direction) -> list[list[Answer]]:
    """The answers, row by row of p."""
    answers = [answer(found) for _, found in tiled(direction)]
    return [answers[i : i + direction.columns] for i in range(0, len(answers), direction.columns)]
