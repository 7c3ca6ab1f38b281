"""Frozen values that every room speaks in: counts, intervals, quadrature results, brackets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


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

    Errors
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

    if any(isinstance(one, Band) for one in answers):
        return Band(mean([ends(one).low for one in answers]), mean([ends(one).high for one in answers]))
    values = mean([one.value if isinstance(one, Estimate) else float(one) for one in answers])  # type: ignore[arg-type]
    if not any(isinstance(one, Estimate) for one in answers):
        return values
    return Estimate(values, mean([one.error if isinstance(one, Estimate) else 0.0 for one in answers]))


def ends(answer: Answer) -> Interval:
    """The least and the largest number that an answer allows."""
    if isinstance(answer, Band):
        return Interval(answer.lower, answer.upper)
    return answer.interval if isinstance(answer, Estimate) else Interval(answer, answer)
