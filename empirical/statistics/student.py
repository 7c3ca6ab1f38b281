"""Student's t: intervals for a mean whose spread is estimated from the same few values."""

from __future__ import annotations

import math

from tradeoff.shared.results import Interval


def quantile(degrees: int, level: float) -> float:
    """How many standard errors a two-sided interval reaches to either side.

    >>> round(quantile(4, 0.95), 3)
    2.776
    """
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + level / 2))


def interval(mean: float, error: float, n: int, *, level: float = 0.95) -> Interval:
    """Student's t interval for the mean of ``n`` values with this standard error; infinite for one value, or no number.

    >>> interval(0.5, 0.1, 5)
    Interval(low=0.222..., high=0.777...)
    """
    if n < 2 or math.isnan(mean) or math.isnan(error):
        return Interval(-math.inf, math.inf)
    half = quantile(n - 1, level) * error
    return Interval(mean - half, mean + half)
