"""Random numbers by counter: a draw depends on (seed, purpose, image index, restart) and on nothing else.

So the same image meets the same noise in any batch, in any order, on any device, and all models meet the same draws
(common random numbers). The generator is SplitMix64 (Steele, Lea & Flood 2014), evaluated at a counter in place of a
running state; its 64-bit integer arithmetic is the same on CPU and GPU.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from empirical.compute import tensor_checks
from tradeoff.shared import checks

GAMMA = 0x9E3779B97F4A7C15
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
PER_IMAGE = 1 << 32
"""Counters reserved for one image; far above the number of its pixels."""


def signed(value: int) -> int:
    """A 64-bit pattern as the signed integer that torch holds."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def _shift_right(x: Tensor, bits: int) -> Tensor:
    """Logical shift: torch's own keeps the sign."""
    return (x >> bits) & ((1 << (64 - bits)) - 1)


def splitmix64(key: int, counters: Tensor) -> Tensor:
    """The outputs number ``counters`` (int64, from 0) of SplitMix64 started at ``key``, as int64 bit patterns."""
    x = (counters + 1) * signed(GAMMA) + signed(key)
    x = (x ^ _shift_right(x, 30)) * signed(FIRST)
    x = (x ^ _shift_right(x, 27)) * signed(SECOND)
    return x ^ _shift_right(x, 31)


# P. J. Acklam's rational approximation of the normal quantile: relative error below 1.15e-9, far below float32's.
MIDDLE = (
    -39.69683028665376,
    220.9460984245205,
    -275.9285104469687,
    138.3577518672690,
    -30.66479806614716,
    2.506628277459239,
)
MIDDLE_BELOW = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0)
TAIL = (
    -7.784894002430293e-03,
    -0.3223964580411365,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
TAIL_BELOW = (7.784695709041462e-03, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0)
TAIL_FROM = 0.02425


def normal_quantile(p: Tensor) -> Tensor:
    """Phi^-1(p) for float64 p in (0, 1), by basic operations alone, so with the same bits on any device."""
    centred = p - 0.5
    square = centred * centred
    middle = centred * _polynomial(MIDDLE, square) / _polynomial(MIDDLE_BELOW, square)
    root = (-2 * _log(torch.minimum(p, 1 - p))).sqrt()
    tail = _polynomial(TAIL, root) / _polynomial(TAIL_BELOW, root)
    return torch.where(centred.abs() <= 0.5 - TAIL_FROM, middle, torch.where(centred < 0, tail, -tail))


def _polynomial(coefficients: tuple[float, ...], x: Tensor) -> Tensor:
    value = torch.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value


def _log(x: Tensor) -> Tensor:
    """ln x of positive float64: exponent times ln 2, and 2 atanh((m - 1) / (m + 1)) of the mantissa in [1/2, 1)."""
    mantissa, exponent = torch.frexp(x)
    ratio = (mantissa - 1) / (mantissa + 1)  # in [-1/3, 0]: 17 odd terms leave 1e-17
    series = _polynomial(tuple(2.0 / k for k in range(33, 0, -2)), ratio * ratio)
    return exponent.double() * math.log(2) + ratio * series


@dataclass(frozen=True)
class Draws:
    """A stream of draws for one seed, purpose and restart.

    >>> draws = Draws(seed=0, purpose="attack")
    >>> both, second = draws.uniform(torch.tensor([3, 8]), (2,)), draws.uniform(torch.tensor([8]), (2,))
    >>> bool((both[1] == second[0]).all())
    True
    """

    seed: int
    purpose: str
    restart: int = 0

    def __post_init__(self) -> None:
        for name in ("seed", "restart"):  # 0 and 0.0 are one stream
            object.__setattr__(self, name, checks.integer(name, getattr(self, name)))
        if not isinstance(self.purpose, str):
            raise checks.InputError(f"purpose={self.purpose!r} is not text; name what is drawn, such as 'attack'")

    @property
    def key(self) -> int:
        """64 bits from the identity of the stream."""
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{self.purpose}/{self.restart}".encode()).digest()[:8], "big")

    def uniform(self, indices: Tensor, shape: tuple[int, ...]) -> Tensor:
        """(len(indices), *shape) float32 uniform in [0, 1), on the device of ``indices`` (image indices)."""
        # 24 bits: every float32 multiple of 2^-24, so that 1 is never reached.
        return self._bits(indices, shape, 24).float() * 2.0**-24

    def normal(self, indices: Tensor, shape: tuple[int, ...]) -> Tensor:
        """(len(indices), *shape) float32 standard normal, by the quantile function at 52-bit uniforms.

        Only additions, products, quotients and roots are used, which IEEE 754 rounds alike everywhere; the logarithm
        of a library is not the same on every device.
        """
        uniform = (self._bits(indices, shape, 52).double() + 0.5) * 2.0**-52
        return normal_quantile(uniform).float()

    def integers(self, indices: Tensor, shape: tuple[int, ...], count: int) -> Tensor:
        """(len(indices), *shape) int64 uniform in 0..count-1, up to a bias of count / 2^32."""
        count = checks.at_most("count", checks.at_least("count", count, 1, what="how many numbers there are"), 1 << 31)
        return _shift_right(self._bits(indices, shape, 32) * count, 32)

    def again(self, restart: int) -> Draws:
        """The stream of the given number of restarts further on; of 0, this one."""
        return replace(self, restart=self.restart + checks.integer("restart", restart))

    def part(self, name: str) -> Draws:
        """An independent stream for one of several things that are drawn for the same purpose."""
        return replace(self, purpose=f"{self.purpose}/{name}")

    def permutation(self, count: int) -> Tensor:
        """(count,) int64: a random order of 0..count-1 (ties of 64-bit draws are not a concern)."""
        count = checks.at_least("count", count, 0, what="how many numbers are put in order")
        count = checks.at_most("count", count, PER_IMAGE)
        return torch.argsort(splitmix64(self.key, torch.arange(count)), stable=True)

    def _bits(self, indices: Tensor, shape: tuple[int, ...], bits: int) -> Tensor:
        """(len(indices), *shape) int64 uniform in 0..2^bits - 1."""
        keys = tensor_checks.indices(indices)
        if not isinstance(shape, tuple):
            raise checks.InputError(f"shape={shape!r} is no tuple; write it like (1, 28, 28), and () for one number")
        size = math.prod(checks.at_least("shape", side, 0, what="numbers along an axis") for side in shape)
        counters = keys[:, None] * PER_IMAGE + torch.arange(size, device=keys.device)
        return _shift_right(splitmix64(self.key, counters), 64 - bits).reshape(len(keys), *shape)
