"""Shifts of one axis, and exact periodic autocorrelation. The convention of a shift stands here and in `groups`.

The paper's r_j moves the first step*j coordinates to the end (Section 3): ``np.roll(x, -step * j)``.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Scalar = TypeVar("Scalar", bound=np.generic)


def shift(x: NDArray[Scalar], step: int, j: int = 1) -> NDArray[Scalar]:
    """r_j(x) along the last axis: x without x_0, any shape (..., length).

    >>> shift(np.array([1, 2, 3, 4, 5, 6]), step=2)
    array([3, 4, 5, 6, 1, 2])
    """
    return np.roll(x, -step * j, axis=-1)


def autocorrelation(signs: NDArray[np.int8]) -> NDArray[np.int64]:
    """Sum of c_t c_{t+k} for every lag k, exact integers in O(d log d); lags have as many axes as the word.

    The floating-point transform is rounded; a periodic autocorrelation of a +-1 word is congruent to its
    length modulo 4, which proves the rounding right as long as its error stays below 2.

    >>> autocorrelation(np.array([1, 1, 1, -1, -1, 1, -1], dtype=np.int8))
    array([ 7, -1, -1, -1, -1, -1, -1])
    """
    length = signs.size
    spectrum = np.fft.rfftn(signs.astype(np.float64))
    raw = np.fft.irfftn(np.abs(spectrum) ** 2, signs.shape, axes=range(signs.ndim))
    exact = np.rint(raw).astype(np.int64)
    if np.abs(raw - exact).max() > 0.05 or ((exact - length) % 4).any() or exact.flat[0] != length:
        raise ArithmeticError(f"the autocorrelation of a word of length {length} was lost in rounding")
    return exact
