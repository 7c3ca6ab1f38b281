"""For which p and a the paper's two directions hold, on tables of boxes: s = 2, two laws for each direction.

Each box of a table is cut into up to 256 parts. It holds, is reversed, has parts of either kind, or is undecided.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal

from sympy import Basic, Rational, exp, log, sqrt

from proofs.checking.subdivision import Box, Ends, subdivide
from proofs.language.formulas import h
from proofs.language.notation import a, p

Answer = Literal["holds", "reversed", "undecided", "both"]
SIGNAL = Rational(2)
MOST_PARTS = 256
LETTERS = (p, a)
ODDS = log(p) - log(1 - p)
BAYES = ODDS / (2 * SIGNAL)
ROBUST = ODDS / (2 * (SIGNAL - a))


@dataclass(frozen=True)
class Direction:
    """A statement of order as an expression that is positive where it holds, and the ranges that the table covers."""

    id: str
    says: str
    law: str
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


def augmentation(name: str, correlation: Rational) -> Direction:
    """Augmentation with the other of two shifts, at every p and a."""
    kappa = sqrt((1 + correlation) / 2)
    invariant = ODDS / (2 * SIGNAL * kappa)
    return Direction(
        name,
        "augmentation costs: g_2 has less adversarial accuracy than f*",
        f"2 shifts, s = 2, rho = {correlation}",
        h(SIGNAL - a, BAYES) - h((SIGNAL - a) * kappa, invariant),
        (HALF_UP, NEAR_ONE),
        (Fraction(0), Fraction(4)),
        7,
        16,
    )


def robust_training(name: str, shifts: int, correlation: Rational) -> Direction:
    """Robust training without augmentation, where all other shifts have one correlation; the slope times K."""
    return Direction(
        name,
        "robust training costs: the spatial accuracy of f_a falls in a",
        f"{shifts} shifts, s = 2, rho = {correlation}",
        -_slope(SIGNAL, ROBUST) - (shifts - 1) * _slope(SIGNAL * correlation, ROBUST),
        (Fraction(9, 16), NEAR_ONE),
        (Fraction(0), Fraction(15, 8)),
        6,
        15,
    )


DIRECTIONS = (
    augmentation("augmentation", Rational(1, 4)),
    augmentation("augmentation-uncorrelated", Rational(0)),
    robust_training("robust-training", 2, Rational(1, 4)),
    robust_training("robust-training-four-shifts", 4, Rational(1, 4)),
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
