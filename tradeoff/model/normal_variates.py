"""Standard normal variates at the generator's own speed: NumPy's stream, bit for bit, filled by a compiled loop.

NumPy calls its generator once for each variate through a function pointer; the same algorithm compiled into the loop
by numba draws the same numbers three times as fast. Compiling takes a second, so it is for long runs only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
PAYS = 100_000_000
"""Variates from which on the compiled loop is worth loading numba and compiling: about one second of NumPy's."""


def standard(rng: np.random.Generator, shape: tuple[int, ...], *, compiled: bool) -> Array:
    """An array of standard normal variates, the same numbers whether ``compiled`` or not."""
    if not compiled:
        return rng.standard_normal(shape)
    out = np.empty(shape)
    _loops()[0](rng, out.reshape(-1))
    return out


def around(rng: np.random.Generator, scale: Array, mean: Array, *, compiled: bool) -> Array:
    """(n, d) array: row i has mean scale[i] * mean and unit noise; the same numbers whether ``compiled`` or not."""
    if not compiled:
        x = rng.standard_normal((len(scale), len(mean)))
        x += scale[:, None] * mean
        return x
    out = np.empty((len(scale), len(mean)))
    _loops()[1](rng, scale, mean, out)
    return out


@cache
def _loops() -> tuple[Callable[..., Any], Callable[..., Any]]:
    import numba

    @numba.njit
    def fill(rng: Any, out: Any) -> None:
        for i in range(out.size):
            out[i] = rng.standard_normal()

    @numba.njit
    def shifted(rng: Any, scale: Any, mean: Any, out: Any) -> None:
        for i in range(out.shape[0]):
            for t in range(out.shape[1]):
                out[i, t] = rng.standard_normal() + scale[i] * mean[t]

    return fill, shifted
