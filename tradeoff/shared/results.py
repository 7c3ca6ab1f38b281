"""Frozen values that every room speaks in: counts, intervals, quadrature results, brackets, and profiles of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of real numbers.

    >>> 0.5 in Interval(0.4, 0.6)
    True
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"an interval needs low <= high, got low={self.low}, high={self.high}")

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often an event happened in independent trials; ``+`` merges two runs.

    Raises
    ------
    ValueError
        Unless ``trials >= 1`` and ``0 <= hits <= trials``.

    Examples
    --------
    >>> seen = Frequency(8_000, 18_000) + Frequency(940, 2_000)
    >>> seen.rate, seen.trials
    (0.447, 20000)
    >>> interval = seen.interval(0.95)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.4401, 0.4539)
    """

    hits: int
    trials: int

    def __post_init__(self) -> None:
        if not (self.trials >= 1 and 0 <= self.hits <= self.trials):
            raise ValueError(
                f"a frequency needs trials >= 1 and 0 <= hits <= trials, got hits={self.hits}, trials={self.trials}"
            )

    def __add__(self, other: Frequency) -> Frequency:
        return Frequency(self.hits + other.hits, self.trials + other.trials)

    @property
    def rate(self) -> float:
        return self.hits / self.trials

    def interval(self, level: float = 0.99) -> Interval:
        """Clopper-Pearson interval: covers the true rate with probability at least ``level``.

        Source: Clopper & Pearson 1934; the end points are quantiles of beta distributions.
        """
        if not 0 < level < 1:
            raise ValueError(f"level={level} must lie strictly between 0 and 1; 0.99 is usual")
        from scipy.special import betaincinv

        tail, misses = (1 - level) / 2, self.trials - self.hits
        low = betaincinv(self.hits, misses + 1, tail) if self.hits else 0.0
        high = betaincinv(self.hits + 1, misses, 1 - tail) if misses else 1.0
        return Interval(float(low), float(high))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number from deterministic or quasi-random quadrature, with an estimate of its error."""

    value: float
    error: float

    @property
    def interval(self) -> Interval:
        return Interval(self.value - self.error, self.value + self.error)


@dataclass(frozen=True, slots=True)
class Band:
    """A proved or computed bracket: the truth lies between ``lower`` and ``upper``.

    The printed interval of Theorem 2 can be empty or leave [0, 1]; it is kept as printed, so the ends are
    not ordered by force.
    """

    lower: float
    upper: float

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper


Answer = float | Estimate | Band
"""What `accuracy` returns: a float is a closed form, exact up to rounding."""
Value = TypeVar("Value", bound=Answer | Frequency, covariant=True)


@dataclass(frozen=True, slots=True)
class Profile(Generic[Value]):
    """A quantity along a grid: what theory answers or what was counted at each grid value.

    Rates and intervals are derived. ``+`` merges two profiles of counts on the same grid.

    Raises
    ------
    ValueError
        Unless there is one value for each grid value, and at least one; for a sum, unless quantity and grid are equal.

    Examples
    --------
    >>> seen = Profile("invariance", (0.0, 90.0), (Frequency(10, 10), Frequency(6, 10)))
    >>> (seen + seen).rates
    (1.0, 0.6)
    >>> Profile("invariance", (0.0, 90.0), (1.0, Band(0.5, 0.75))).rates
    (1.0, 0.75)
    """

    quantity: str
    grid: tuple[float, ...]  # scaled radii or eps, or ranges of moves
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        if len(self.grid) != len(self.values) or not self.grid:
            raise ValueError(
                f"a profile needs one value for each grid value, got {len(self.grid)} and {len(self.values)}"
            )

    def __add__(self: Profile[Frequency], other: Profile[Frequency]) -> Profile[Frequency]:
        if (self.quantity, self.grid) != (other.quantity, other.grid):
            raise ValueError(
                f"profiles of {self.quantity} on {self.grid} and {other.quantity} on {other.grid} do not merge"
            )
        pairs = zip(self.values, other.values, strict=True)
        return Profile(self.quantity, self.grid, tuple(mine + theirs for mine, theirs in pairs))

    @property
    def rates(self) -> tuple[float, ...]:
        """Each value as one number; see `rate`."""
        return tuple(map(rate, self.values))

    @property
    def error(self) -> float:
        """The largest error that is stated for one of the values; see `stated_error`."""
        return stated_error(self.values)

    def intervals(self, level: float = 0.99) -> tuple[Interval, ...]:
        """What each value allows: of a count its interval of ``level``, of an answer its `ends`."""
        return tuple(value.interval(level) if isinstance(value, Frequency) else ends(value) for value in self.values)

    def at(self, grid: float) -> Value:
        """The value at a grid value."""
        return self.values[self.grid.index(grid)]


def stated_error(values: Iterable[Answer | Frequency]) -> float:
    """The largest error that quadrature states for one of these; a bracket's end is taken as it is.

    >>> stated_error([0.5, Estimate(0.5, 0.01), Band(0.25, 0.75)])
    0.01
    """
    return max((value.error for value in values if isinstance(value, Estimate)), default=0.0)


def rate(value: Answer | Frequency) -> float:
    """An answer or a count as one number; of a bracket its upper end, which the worst attack that was found reaches.

    >>> rate(Band(0.25, 0.75)), rate(Estimate(0.5, 0.01)), rate(Frequency(1, 4))
    (0.75, 0.5, 0.25)
    """
    if isinstance(value, Frequency):
        return value.rate
    if isinstance(value, Band):
        return value.upper
    return value.value if isinstance(value, Estimate) else value


def average(answers: Sequence[Answer], counts: Sequence[int] | None = None) -> Answer:
    """The mean of answers, each taken as often as ``counts`` says; errors add up, as they need not be independent.

    >>> average([0.5, Estimate(0.75, 0.01)], [1, 3])
    Estimate(value=0.6875, error=0.0075)
    """
    weights = [1.0] * len(answers) if counts is None else list(map(float, counts))
    if len(answers) == 1:
        return answers[0]

    def mean(numbers: list[float]) -> float:
        return math.fsum(w * x for w, x in zip(weights, numbers, strict=True)) / math.fsum(weights)

    if any(isinstance(answer, Band) for answer in answers):
        return Band(mean([ends(answer).low for answer in answers]), mean([ends(answer).high for answer in answers]))
    values = mean([float(rate(answer)) for answer in answers])
    if not any(isinstance(answer, Estimate) for answer in answers):
        return values
    return Estimate(values, mean([answer.error if isinstance(answer, Estimate) else 0.0 for answer in answers]))


def ends(answer: Answer) -> Interval:
    """The least and the largest number that an answer allows."""
    if isinstance(answer, Band):
        return Interval(answer.lower, answer.upper)
    return answer.interval if isinstance(answer, Estimate) else Interval(answer, answer)
