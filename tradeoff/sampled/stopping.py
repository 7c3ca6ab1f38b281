"""Sampling until an interval is narrow, so that the interval still covers.

Looking again and again and stopping when one likes what one sees spoils a fixed-level interval. Here look k (from 1)
has the level 1 - alpha/(k(k+1)): these alphas add up to alpha, so the intervals of one rate at all looks hold together
with probability at least 1 - alpha, whatever makes one stop.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

FIRST, GROWTH = 4096, 1.5
"""Trials at the first look, and their growth from look to look: rare looks cost little level."""
NARROWEST = 1e-100
"""Nobody draws as many samples as this half-width takes, and squares of smaller ones are 0 in floating point."""


@dataclass(frozen=True)
class Stopped:
    """What was counted when sampling stopped, and the level that its intervals have at this look."""

    found: list[Frequency]
    level: float
    looks: int
    narrow: bool  # False if it was interrupted before


def until(
    more: Callable[[int], Sequence[Frequency]], *, halfwidth: float, level: float = 0.99, most: int = 10**12
) -> Stopped:
    """Call ``more`` (n trials more of every question) until no interval is longer than ``halfwidth`` to either side.

    An answer with fewer trials than asked for means that it was interrupted: the interval at hand is then reported.

    Raises
    ------
    InputError
        For a half-width that is not positive and below one half, or that would take more than ``most`` trials.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> done = until(lambda n: [Frequency(int(rng.binomial(n, 0.3)), n)], halfwidth=0.01)
    >>> interval = done.found[0].interval(done.level)
    >>> (interval.high - interval.low) / 2 < 0.01, 0.3 in interval
    (True, True)
    """
    needed = trials_needed(halfwidth, level)
    if needed > most:
        raise checks.InputError(
            f"until_halfwidth={halfwidth:g} would need up to {needed:.1e} samples, more than {most:.1e}; "
            f"use {math.ceil(110 * max(halfwidth, NARROWEST) * math.sqrt(needed / most) * 1e6) / 1e8:g} or more"
        )
    total: list[Frequency] | None = None
    looks, size, sure = 0, FIRST, level
    while True:
        before = total[0].trials if total else 0
        try:
            fresh = list(more(size - before))
        except KeyboardInterrupt:
            if total is None:
                raise
            return Stopped(total, sure, looks, False)
        total = fresh if total is None else [old + new for old, new in zip(total, fresh, strict=True)]
        looks += 1
        sure = 1 - (1 - level) / (looks * (looks + 1))
        narrow = all(half_width(one, sure) <= halfwidth for one in total)
        if narrow or total[0].trials < size:
            return Stopped(total, sure, looks, narrow)
        size = math.ceil(size * GROWTH)


def half_width(seen: Frequency, level: float) -> float:
    """The longer arm of the interval."""
    interval = seen.interval(level)
    return max(interval.high - seen.rate, seen.rate - interval.low)


def trials_needed(halfwidth: float, level: float = 0.99) -> float:
    """About the most trials that this half-width takes: those for a rate of 1/2."""
    width = checks.real("until_halfwidth", halfwidth)
    if not 0 < width < 0.5:
        raise checks.InputError(
            f"until_halfwidth={halfwidth} is not allowed: it must lie strictly between 0 and 0.5; try 0.001"
        )
    from scipy.special import ndtri

    width = max(width, NARROWEST)
    looks = max(1.0, math.log(3 / width**2 / FIRST, GROWTH)) if 3 / width**2 > FIRST else 1.0
    quantile = float(-ndtri((1 - level) / (looks * (looks + 1)) / 2))
    return (quantile / (2 * width)) ** 2
