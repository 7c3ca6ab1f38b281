"""Probabilities of one and two normal variables, by the error function and Owen's T: closed forms to about 1e-15."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, owens_t

Array = NDArray[np.float64]

PERFECT = 1e-14
"""Correlations this near to 1 or -1 are these, rounded. Between that and about 1e-6 from 1 the rounding of the
correlation itself, 1e-16, costs digits: up to 1e-8 of the probability is lost there."""
TINY = 1e-250
"""Smaller ends move no digit of a probability and would overflow a quotient."""


def h(p: float, mu: ArrayLike, b: ArrayLike) -> Array:
    """p Phi(mu + b) + (1 - p) Phi(mu - b), the accuracy of a normal score N(y mu, 1) with weight b on sign(x_0)."""
    mu, b = np.asarray(mu), np.asarray(b)
    return np.asarray(p * ndtr(mu + b) + (1 - p) * ndtr(mu - b))


def both_below(first: ArrayLike, second: ArrayLike, correlation: ArrayLike) -> Array:
    """Pr(Z_1 <= first and Z_2 <= second) for standard normal variables of this correlation; infinite ends allowed.

    (Phi(h) + Phi(k))/2 - T(h, a_h) - T(k, a_k) - [hk < 0]/2 with Owen's T, a_h = (k/h - rho)/sqrt(1 - rho^2);
    Owen 1956.

    >>> round(float(both_below(0.0, 0.0, 0.5)), 12)  # 1/4 + arcsin(rho)/(2 pi)
    0.333333333333
    """
    ends = (np.asarray(number, dtype=np.float64) for number in (first, second, correlation))
    first, second, correlation = np.broadcast_arrays(*ends)
    # An end at 0 stands for its limit from above, an infinite one for an end beyond all digits.
    h, k = (np.clip(np.where(np.abs(end) < TINY, TINY, end), -40.0, 40.0) for end in (first, second))
    perfect = 1 - np.abs(correlation) < PERFECT
    rho = np.where(perfect, 0.0, correlation)
    width = np.sqrt((1 - rho) * (1 + rho))
    shared = owens_t(h, (k - rho * h) / (h * width)) + owens_t(k, (h - rho * k) / (k * width))
    general = (ndtr(h) + ndtr(k)) / 2 - shared - ((h < 0) != (k < 0)) / 2
    alike = np.where(correlation > 0, ndtr(np.minimum(h, k)), np.maximum(0.0, ndtr(h) - ndtr(-k)))
    return np.asarray(np.where(perfect, alike, np.clip(general, 0.0, 1.0)))


def same_sign(first: ArrayLike, second: ArrayLike, correlation: ArrayLike) -> Array:
    """Pr(both > 0) + Pr(both < 0) for normal variables with these means, unit variances and this correlation.

    >>> round(float(same_sign(0.0, 0.0, 0.5)), 6)  # 1/2 + arcsin(rho)/pi
    0.666667
    """
    first, second = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return both_below(first, second, correlation) + both_below(-first, -second, correlation)
