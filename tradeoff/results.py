"""Frozen values that every room speaks in: counts, intervals, quadrature results, brackets."""

from __future__ import annotations

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
