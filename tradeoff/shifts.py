"""The cyclic group: shifts, orbits and correlations. This file owns the convention of the shift.

The paper's r_j moves the first step*j coordinates to the end (Section 3): ``np.roll(x, -step * j)``. Its index
runs over j = 1..K with K = length/step, and r_K is the identity; here j runs over 0..K-1, and 0 is the identity.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from tradeoff import checks

Scalar = TypeVar("Scalar", bound=np.generic)


def shift(x: NDArray[Scalar], step: int, j: int = 1) -> NDArray[Scalar]:
    """r_j(x) along the last axis: x without x_0, any shape (..., length).

    >>> shift(np.array([1, 2, 3, 4, 5, 6]), step=2)
    array([3, 4, 5, 6, 1, 2])
    """
    return np.roll(x, -step * j, axis=-1)


def orbit(x: NDArray[Scalar], step: int) -> NDArray[Scalar]:
    """(length/step, length) array whose row j is r_j(x)."""
    length = x.shape[-1]
    starts = checks.divisor(step, length) * np.arange(length // step)
    moved: NDArray[Scalar] = x[(starts[:, None] + np.arange(length)) % length]
    return moved


def shift_rows(x: NDArray[np.float64], step: int, j: NDArray[np.int_]) -> NDArray[np.float64]:
    """Row i of the (n, length) array ``x`` moved by r_{j[i]}."""
    length = x.shape[1]
    columns = (step * j[:, None] + np.arange(length)) % length
    return np.take_along_axis(x, columns, axis=1)


def autocorrelation(signs: NDArray[np.int8]) -> NDArray[np.int64]:
    """Sum of c_t c_{t+k} for k = 0..length-1, exact integers in O(d log d).

    The floating-point transform is rounded; a periodic autocorrelation of a +-1 word is congruent to its
    length modulo 4, which proves the rounding right as long as its error stays below 2.

    >>> autocorrelation(np.array([1, 1, 1, -1, -1, 1, -1], dtype=np.int8))
    array([ 7, -1, -1, -1, -1, -1, -1])
    """
    length = signs.size
    spectrum = np.fft.rfft(signs.astype(np.float64))
    raw = np.fft.irfft(np.abs(spectrum) ** 2, length)
    exact = np.rint(raw).astype(np.int64)
    if np.abs(raw - exact).max() > 0.05 or ((exact - length) % 4).any() or exact[0] != length:
        raise ArithmeticError(f"the autocorrelation of a word of length {length} was lost in rounding")
    return exact


def correlations(weights: NDArray[np.float64], unit: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """(length/step,) inner products <weights, r_j(unit)>, without building the orbit when it is large."""
    length = unit.size
    if length * (length // step) <= 1 << 20:
        return orbit(unit, step) @ weights
    product = np.fft.rfft(unit) * np.conj(np.fft.rfft(weights))
    return np.fft.irfft(product, length)[:: checks.divisor(step, length)]
