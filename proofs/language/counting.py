"""Finite facts that a claim counts by program: words, turns, responses, digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import (
    Function,
    Tuple,
)
from sympy.core.symbol import Str

from tradeoff.codes import groups

Number = Fraction


class Count(Function):  # type: ignore[misc]
    """``Count(name, arguments...)``: the finite quantity of that name, computed by counting."""

    def _sympystr(self, printer: Any) -> str:
        name, *arguments = map(printer.doprint, self.args)
        return f"{name}({', '.join(arguments)})"

    def _latex(self, printer: Any) -> str:
        name, *arguments = (_in_latex(one, printer) for one in self.args)
        return f"{name}({', '.join(arguments)})"


def count(name: str, *arguments: object) -> Count:
    """A quantity out of `COUNTS` as data: words are texts of + and -, tables are rows of numbers.

    >>> count("overlap", "++-", 1)
    overlap(++-, 1)
    """
    if name not in COUNTS:
        raise KeyError(f"{name!r} is no quantity; use one of {', '.join(COUNTS)}")
    return Count(Str(name), *map(_data, arguments))


def _data(argument: object) -> Any:
    if isinstance(argument, str):
        return Str(argument)
    return Tuple(*map(_data, argument)) if isinstance(argument, (tuple, list)) else argument


def _in_latex(argument: Any, printer: Any) -> str:
    """A word or a name upright, rows of numbers as a matrix."""
    if isinstance(argument, Str):
        return rf"\text{{{argument.name.replace('_', ' ')}}}"
    if not isinstance(argument, Tuple):
        return str(printer.doprint(argument))
    if all(isinstance(row, Tuple) for row in argument):
        rows = r" \\ ".join(" & ".join(_in_latex(entry, printer) for entry in row) for row in argument)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return f"({', '.join(_in_latex(entry, printer) for entry in argument)})"


def overlap(word: str, lag: Number) -> Number:
    """<c, r(c)> for the shift by ``lag`` coordinates."""
    letters = _letters(word)
    return Number(int(letters @ groups.shift(letters, _whole(lag))))


def same(word: str, lag: Number) -> Number:
    """Coordinates where the word and its shift agree, |S|."""
    letters = _letters(word)
    return Number(int((letters == groups.shift(letters, _whole(lag))).sum()))


def distinct(word: str, step: Number) -> Number:
    """Different words among the shifts by multiples of ``step``."""
    letters, by = _letters(word), _whole(step)
    return Number(len({groups.shift(letters, by, j).tobytes() for j in range(len(word) // by)}))


def least_peak(length: Number) -> Number:
    """Over all words of this length the least of their largest overlaps with their own shifts, by going through all."""
    size = _whole(length)
    words = np.array(list(itertools.product([1, -1], repeat=size)))
    peaks = [np.sum(words * np.roll(words, -lag, axis=1), axis=1) for lag in range(1, size)]
    return Number(int(np.max(peaks, axis=0).min()))


def even_words(length: Number) -> Number:
    """Words with an even number of -1: a linear cyclic code, closed under shifts."""
    return Number(sum(word.count(-1) % 2 == 0 for word in itertools.product([1, -1], repeat=_whole(length))))


def turns(parts: Number) -> tuple[Number, ...]:
    """The angles in degrees of the shifts by d/parts: 0, 360/parts, ..."""
    return tuple(Number(360 * j, _whole(parts)) for j in range(_whole(parts)))


def common_turns(first: Number, second: Number) -> Number:
    """Angles that both groups have."""
    return Number(len(set(turns(first)) & set(turns(second))))


def fixed_pixels(width: Number) -> Number:
    """Pixels of a square picture that a quarter turn leaves in their place."""
    picture = np.arange(_whole(width) ** 2).reshape(_whole(width), -1)
    return Number(int((np.rot90(picture) == picture).sum()))


def quarter_orbits(width: Number) -> Number:
    """Sets of four pixels that a quarter turn moves in a circle: written side by side they make a shift by d/4."""
    picture = np.arange(_whole(width) ** 2).reshape(_whole(width), -1)
    turned = [np.rot90(picture, j).ravel() for j in range(4)]
    return Number(len({circle for circle in map(frozenset, zip(*turned, strict=True)) if len(circle) == 4}))


def turn_is_shift(width: Number) -> Number:
    """1 if pixels can be numbered so that turning the picture is r_1 with m = d/4, the centre apart; else 0."""
    size = _whole(width)
    half, picture = size // 2, np.arange(size * size).reshape(size, size)
    corner = picture[: size - half, :half].ravel()
    order = np.concatenate([np.rot90(picture, j)[: size - half, :half].ravel() for j in range(4)])
    if len(set(order.tolist())) != size * size - 1:
        return Number(0)
    return Number(int((np.rot90(picture).ravel()[order] == groups.shift(order, len(corner))).all()))


def moved_digits(entries: Sequence[Number], step: Number, j: Number) -> Number:
    """r_j(x) for x with entries 0 to 9, read as one decimal number: 3, 4, 1, 2 is 3412."""
    moved = groups.shift(np.array([_whole(one) for one in entries]), _whole(step), _whole(j))
    return Number(sum(int(one) * 10**place for place, one in enumerate(reversed(moved))))


def response(difference: Sequence[Sequence[Number]], kernel: Sequence[Sequence[Number]]) -> Number:
    """A kernel applied to a local difference: the sum of products."""
    return sum((a * b for a, b in _pairs(difference, kernel)), Number(0))


def worst_response(amplitude: Number, kernel: Sequence[Sequence[Number]]) -> Number:
    """The largest response to any difference of this amplitude: amplitude |kernel|_1."""
    return amplitude * sum((abs(one) for row in kernel for one in row), Number(0))


def average(table: Sequence[Sequence[Number]]) -> Number:
    entries = [one for row in table for one in row]
    return sum(entries, Number(0)) / len(entries)


def variance(table: Sequence[Sequence[Number]]) -> Number:
    middle = average(table)
    return average([[(one - middle) ** 2 for one in row] for row in table])


def size_digits(table: Sequence[Sequence[Number]]) -> Number:
    """The sizes |entry| of a table, each below 10, read as one decimal number."""
    sizes = [_whole(abs(one)) for row in table for one in row]
    return Number(sum(size * 10**place for place, size in enumerate(reversed(sizes))))


def cells_within(width: Number, radius: Number) -> Number:
    """Cells of a centred spectrum nearer to its middle than ``radius`` cells."""
    axis = range(_whole(width))
    middle = Number(_whole(width), 2)
    return Number(sum((i - middle) ** 2 + (j - middle) ** 2 < radius * radius for i in axis for j in axis))


def farthest_squared(width: Number) -> Number:
    """The squared distance of the farthest cell from the middle, in units of half the width."""
    middle = Number(_whole(width), 2)
    return max(2 * (i - middle) ** 2 for i in range(_whole(width))) / middle**2


COUNTS: dict[str, Callable[..., Number]] = {
    one.__name__: one
    for one in (
        overlap,
        same,
        distinct,
        least_peak,
        even_words,
        common_turns,
        fixed_pixels,
        quarter_orbits,
        turn_is_shift,
        moved_digits,
        response,
        worst_response,
        average,
        variance,
        size_digits,
        cells_within,
        farthest_squared,
    )
}


def _letters(word: str) -> np.ndarray:
    return np.array([1 if letter == "+" else -1 for letter in word])


def _whole(number: Number) -> int:
    if number.denominator != 1:
        raise ValueError(f"{number} is not a whole number")
    return int(number)


def _pairs(first: Sequence[Sequence[Number]], second: Sequence[Sequence[Number]]) -> list[tuple[Number, Number]]:
    return [(a, b) for one, two in zip(first, second, strict=True) for a, b in zip(one, two, strict=True)]
