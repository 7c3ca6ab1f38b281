"""Student's t: intervals for a mean whose spread is estimated from the same few values."""

from __future__ import annotations

import math

from tradeoff.shared import checks
from tradeoff.shared.results import Interval


def confidence(level: float) -> float:
    """The confidence level of an interval: strictly between 0 and 1."""
    if not 0 < checks.real("level", level) < 1:
        raise checks.InputError(f"level={level} must lie strictly between 0 and 1; 0.95 is usual")
    return level


def quantile(degrees: int, level: float) -> float:
    """How many standard errors a two-sided interval reaches to either side.

    >>> round(quantile(4, 0.95), 3)
    2.776
    """
    from scipy.special import stdtrit

    degrees = checks.at_least("degrees", degrees, 1, what="the degrees of freedom")
    return float(stdtrit(degrees, 0.5 + confidence(level) / 2))


def interval(mean: float, error: float, n: int, *, level: float = 0.95) -> Interval:
    """Student's t interval for the mean of ``n`` values with this standard error; infinite for one value, or no number.

    >>> interval(0.5, 0.1, 5)
    Interval(low=0.222..., high=0.777...)
    """
    n = checks.at_least("n", n, 1, what="the number of values")
    if n < 2 or math.isnan(mean) or math.isnan(error):
        return Interval(-math.inf, math.inf)
    half = quantile(n - 1, level) * error
    return Interval(mean - half, mean + half)
