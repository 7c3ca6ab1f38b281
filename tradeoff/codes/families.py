"""Recipes of words for a length and a step. A new family is one function and one entry in `tradeoff.codes.FAMILIES`."""

from __future__ import annotations

from collections.abc import Callable

from tradeoff.shared import checks
from tradeoff.shared.names import quoted, shown

MOST_COLUMNS = 1 << 20


def golay_pair(length: int) -> tuple[str, str]:
    """Two +-1 sequences whose aperiodic autocorrelations add up to zero at every lag; length a power of two.

    Golay 1961: from a pair (g, h) the pair (gh, g(-h)) of twice the length.

    >>> golay_pair(4)
    ('+++-', '++-+')
    """
    first, second = "+", "+"
    while len(first) < length:
        first, second = first + second, first + negative(second)
    return first, second


def negative(text: str) -> str:
    """The word with every sign turned."""
    return text.translate(str.maketrans("+-", "-+"))


def from_columns(columns: list[str]) -> str:
    """The word whose coordinate t = i + m l is letter l of column i: the columns are what a shift by m turns."""
    if len({len(column) for column in columns}) != 1:
        raise checks.InputError("columns must be at least one, and all of the same length; fill up the shorter ones")
    return "".join("".join(letters) for letters in zip(*map(checks.word, columns), strict=True))


def parse_patterns(text: str) -> list[str]:
    """Columns from patterns of equal length with their counts.

    >>> parse_patterns("+++-:2,++++")
    ['+++-', '+++-', '++++']
    """
    columns: list[str] = []
    for spec in text.split(","):
        pattern, colon, count = spec.partition(":")
        if not pattern or set(pattern) - set("+-"):
            raise checks.InputError(
                f"patterns={quoted(text)} has no signs in {quoted(spec)}; write patterns like +++-:12,++++:4"
            )
        number = checks.integer("patterns", count) if colon else 1
        checks.at_least("patterns", number, 1, what=f"how often {shown(pattern)} occurs")
        columns += [pattern] * checks.at_most("patterns", number, MOST_COLUMNS)
        if len(pattern) != len(columns[0]):
            raise checks.InputError(
                f"patterns={quoted(spec)} has {len(pattern)} signs and {shown(columns[0])} has {len(columns[0])}; "
                "make them equal"
            )
    return columns


def golay_quarter(length: int, step: int) -> str:
    """A word whose K - 1 nontrivial shift correlations are all exactly 1/4, the largest that Proposition 1 allows.

    A quarter of the columns is constant; the others are halved between a Golay pair, whose periodic
    autocorrelations cancel. For K = 4 the pair is one perfect column and its own rotation, so step need only be
    a multiple of 4.
    """
    shifts = column_length("golay_quarter", length, step, unit=lambda shifts: 4 if shifts == 4 else 8, exact="1/4")
    quarter = step // 4
    return from_columns(["+" * shifts] * quarter + halved(golay_pair(shifts), step - quarter))


def golay_zero(length: int, step: int) -> str:
    """A word orthogonal to its K - 1 nontrivial shifts: half the columns each of a Golay pair."""
    shifts = column_length("golay_zero", length, step, unit=lambda shifts: 1 if shifts == 4 else 2, exact="0")
    return from_columns(halved(golay_pair(shifts), step))


def antiperiodic(length: int, step: int) -> str:
    """A word with r_{K/2}(c) = -c: no rule does better on shifted data than x_0 alone. The negative control.

    A column is a Golay sequence followed by its negative; the other nontrivial correlations are 0.
    """
    shifts = column_length("antiperiodic", length, step, unit=lambda shifts: 1 if shifts in (2, 4) else 2)
    first, second = golay_pair(shifts // 2)
    return from_columns(halved((first + negative(first), second + negative(second)), step))


def halved(pair: tuple[str, str], count: int) -> list[str]:
    """``count`` columns, half of each kind; the first kind gets the odd one."""
    return [pair[0]] * (count - count // 2) + [pair[1]] * (count // 2)


def column_length(family: str, length: int, step: int, *, unit: Callable[[int], int], exact: str | None = None) -> int:
    """K = length/step, which must be a power of two above 1, with step a multiple of ``unit(K)``.

    ``exact`` is the correlation that every shift is to have: for K = 2 and 4 the unit is what congruence demands, for
    more it is what the construction takes.
    """
    shifts = checks.integer("length", length) // checks.divisor(step, length)
    if shifts == 1 or shifts & (shifts - 1):
        raise checks.InputError(
            f"family={family} needs length/step to be 2, 4, 8, ..., got {length}/{step} = {shifts}; "
            f"try length={4 * unit(4)}, step={unit(4)}"
        )
    if step % unit(shifts):
        reason = "its columns come in fixed ratios; other words may exist: see family=search"
        if exact is not None and shifts <= 4:
            reason = f"length times correlation is congruent to the length modulo 4, and no word has {exact} otherwise"
        raise checks.InputError(
            f"family={family} with {shifts} shifts needs step to be a multiple of {unit(shifts)} ({reason}), "
            f"got step={step}; try length={unit(shifts) * shifts}, step={unit(shifts)}"
        )
    return shifts


def legendre(length: int, step: int) -> str:
    """Quadratic residues modulo an odd prime (x = 0 counts as +): every correlation at most 1/length."""
    prime = length > 2 and all(length % q for q in range(2, int(length**0.5) + 1))
    if not prime:
        raise checks.InputError(f"family=legendre needs an odd prime length, got length={length}; try 7, 31 or 61")
    checks.divisor(step, length)
    squares = {x * x % length for x in range(length)}
    return "".join("+" if t in squares else "-" for t in range(length))
