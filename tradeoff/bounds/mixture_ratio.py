"""The log ratio of a mixture of normal laws and its mirror image, as a function of the scores z_i = <m_i, x>.

F(z) = log sum_i exp(z_i + e_i) - log sum_i exp(-z_i + e_i), with e_i the logarithm of a weight less |m_i|^2/2.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_NEWTON = 60


def log_sums(scores: Array, evidence: Array) -> tuple[Array, Array, Array, Array]:
    """log sum_i exp(+-z_i + e_i) over the columns (N, C), and the share of each term in both."""
    up, down = scores + evidence, evidence - scores
    highest, lowest = up.max(axis=1, keepdims=True), down.max(axis=1, keepdims=True)
    up, down = np.exp(up - highest), np.exp(down - lowest)
    above, below = up.sum(axis=1, keepdims=True), down.sum(axis=1, keepdims=True)
    return (
        (highest + np.log(above))[:, 0],
        (lowest + np.log(below))[:, 0],
        up / above,
        down / below,
    )


def shared_direction(gram: Array) -> Array:
    """(C,) the parts of the means along the direction in which the least of them is largest (Gilbert's algorithm).

    The point of their convex hull that is nearest to 0 gives it; all parts are 0 where the hull holds 0.
    """
    weights = np.full(len(gram), 1 / len(gram))
    for _ in range(200):
        products = gram @ weights
        lowest = int(products.argmin())
        size, gap = float(weights @ products), float(weights @ products - products[lowest])
        if gap <= 1e-9 * max(size, 1e-12):
            break
        # The nearest point to 0 on the way to the mean that lies furthest back.
        spread = float(size - 2 * products[lowest] + gram[lowest, lowest])
        step = gap / spread if spread > gap else 1.0  # means that nearly agree have a spread of 0, or less, by rounding
        weights *= 1 - step
        weights[lowest] += step
    products = gram @ weights
    size = float(weights @ products)
    return products / math.sqrt(size) if size > 1e-12 else np.zeros(len(gram))


def crossing(w: Array, slopes: Array, evidence: Array, level: float) -> Array:
    """(N,) where along the direction the log ratio of the scores w (N, C) passes ``level``: Newton inside a bracket."""
    place = np.zeros(len(w))
    low, high = np.full(len(w), -np.inf), np.full(len(w), np.inf)
    for _ in range(MOST_NEWTON):
        above, below, up, down = log_sums(w + place[:, None] * slopes, evidence)
        excess = above - below - level
        if np.abs(excess).max() < 1e-9:
            break
        rate = (up + down) @ slopes
        low, high = np.where(excess < 0, place, low), np.where(excess > 0, place, high)
        moved = place - excess / rate
        outside = (moved <= low) | (moved >= high)
        place = np.where(outside & np.isfinite(low) & np.isfinite(high), (low + high) / 2, moved)
    return place
