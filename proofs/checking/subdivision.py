"""Inequalities on a box of letters, by balls: a box that is not settled is cut in two along its widest side.

Boxes have dyadic ends, kept as whole multiples of 1/2^bits, so that a certificate is exact and short.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sympy
from flint import arb, ctx
from sympy import Basic, Rational, Symbol

from proofs.checking.evaluate import NoValueError, ball_on

Ends = tuple[Fraction, Fraction]
MOST_BOXES, BITS = 4_000, 53


@dataclass(frozen=True)
class Box:
    """Ends of each letter, and the sign that a tree has all over it (None: not settled)."""

    ends: tuple[Ends, ...]
    sign: int | None


def sign_on(tree: Basic, letters: Sequence[Symbol], ends: Sequence[Ends]) -> int | None:
    """1 or -1 if the tree is positive or negative all over the box; None if a ball cannot tell."""
    ctx.prec = BITS
    try:
        found = ball_on(tree, {letter: between(*pair) for letter, pair in zip(letters, ends, strict=True)})
    except NoValueError:
        return None
    return 1 if found > 0 else -1 if found < 0 else None


def between(low: Fraction, high: Fraction) -> arb:
    """A ball that contains the interval."""
    return exactly(low).union(exactly(high))


def exactly(number: Fraction) -> arb:
    return arb(number.numerator) / number.denominator


def subdivide(
    tree: Basic, ranges: Mapping[Symbol, Ends], *, most: int = MOST_BOXES, wanted: int | None = None
) -> list[Box]:
    """Boxes that tile the ranges, each with its sign. With ``wanted`` it ends at the first box of the other sign.

    After ``most`` boxes what is left stays unsettled.
    """
    letters = tuple(ranges)
    waiting = deque([tuple(ranges.values())])  # the largest first, so that no corner takes all of the boxes
    done: list[Box] = []
    while waiting:
        ends = waiting.popleft()
        sign = sign_on(tree, letters, ends)
        if sign is None and len(done) + len(waiting) < most:
            waiting.extend(halves(ends, tuple(ranges.values())))
            continue
        done.append(Box(ends, sign))
        if wanted is not None and sign != wanted:
            break
    return done


def halves(ends: tuple[Ends, ...], whole: tuple[Ends, ...]) -> list[tuple[Ends, ...]]:
    """A box cut in two along the side that is the largest part of its range."""
    parts = [(high - low) / (far - near) for (low, high), (near, far) in zip(ends, whole, strict=True)]
    place = parts.index(max(parts))
    low, high = ends[place]
    middle = (low + high) / 2
    return [(*ends[:place], half, *ends[place + 1 :]) for half in ((low, middle), (middle, high))]


def ranges_of(given: Sequence[Basic]) -> dict[Symbol, Ends]:
    """The range of each letter that two of the hypotheses, letter >= number and letter <= number, give."""
    low = {one.lhs: one.rhs for one in given if isinstance(one, sympy.Ge) and _bounds(one)}
    high = {one.lhs: one.rhs for one in given if isinstance(one, sympy.Le) and _bounds(one)}
    return {
        letter: (Fraction(low[letter].p, low[letter].q), Fraction(high[letter].p, high[letter].q))
        for letter in low
        if letter in high and low[letter] < high[letter]
    }


def _bounds(one: Basic) -> bool:
    return isinstance(one.lhs, Symbol) and one.rhs.is_Rational


def corners(ranges: Mapping[Symbol, Ends]) -> Iterator[dict[Symbol, Rational]]:
    """The corners of a box of ranges."""
    for chosen in itertools.product(*ranges.values()):
        yield {letter: Rational(end.numerator, end.denominator) for letter, end in zip(ranges, chosen, strict=True)}
