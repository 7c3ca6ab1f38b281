"""The noise of the orbit correlations z_j = <r_j(u), x>: normal with the Gram matrix of the orbit as covariance.

A matrix product while the group is small; for many rolls the Gram matrix is circulant, and Fourier transforms draw a
sample in O(K log K) without ever building it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes.groups import Rolls
from tradeoff.codes.word import Word
from tradeoff.exact.quadrature import root
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze_fields

Array = NDArray[np.float64]

TRANSFORM_FROM = 384
"""Elements from which Fourier transforms are faster than a matrix product (equal at about 300 here)."""
ONE_THREAD, LEAST_COLUMNS = 1 << 18, 64
"""Multiplications up to which BLAS uses one thread: more threads for such small work only wait for each other, and take
turns with other processes (thirty times slower where the other core was busy)."""
MOST_ELEMENTS = 2048
"""Largest group whose Gram matrix is factored: some seconds."""


@dataclass(frozen=True, eq=False)
class OrbitNoise:
    """Maps independent normal variates (r, n) to noise (K, n); one of the two is None."""

    factor: Array | None
    spectrum: Array | None  # square roots of the eigenvalues, one for each frequency of the rolls

    def __post_init__(self) -> None:
        freeze_fields(self)

    def of(self, normal: Array) -> Array:
        """(K, n) noise from (r, n) independent standard normal variates, r at least K."""
        if self.factor is not None:
            return self._product(self.factor, normal)
        assert self.spectrum is not None
        counts = self._counts(len(normal))
        rows = np.ascontiguousarray(normal.T).reshape(-1, *counts)
        axes = tuple(range(1, rows.ndim))
        found = np.fft.irfftn(np.fft.rfftn(rows, axes=axes) * self.spectrum, counts, axes=axes)
        return np.asarray(found.reshape(len(rows), -1).T)

    def _product(self, factor: Array, normal: Array) -> Array:
        elements, rank = factor.shape
        out, width = np.empty((elements, normal.shape[1])), max(LEAST_COLUMNS, ONE_THREAD // (elements * max(rank, 1)))
        for start in range(0, normal.shape[1], width):
            out[:, start : start + width] = factor @ normal[:rank, start : start + width]
        return out

    def _counts(self, elements: int) -> tuple[int, ...]:
        """The shape of the rolls: the transform of a real signal keeps half of the last axis."""
        assert self.spectrum is not None
        *first, _ = self.spectrum.shape
        return (*first, elements // int(np.prod(first, dtype=int)))


@lru_cache(maxsize=8)
def orbit_noise(word: Word) -> OrbitNoise:
    """How to draw the noise of a word's orbit.

    Raises
    ------
    InputError
        For a group that is neither small nor made of rolls.
    """
    group = word.group
    if isinstance(group, Rolls) and group.order >= TRANSFORM_FROM:
        eigenvalues = np.fft.rfftn(word.correlations.reshape(group.counts)).real
        return OrbitNoise(None, np.sqrt(np.maximum(eigenvalues, 0.0)))  # a zero may come out as -1e-16
    checks.at_most("order", group.order, MOST_ELEMENTS)
    everything = range(group.order)
    return OrbitNoise(root(word.gram(everything, everything)), None)
