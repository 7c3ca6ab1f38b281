"""Random numbers by counter: a draw depends on (seed, purpose, image index, restart) and on nothing else.

So the same image meets the same noise in any batch, in any order, on any device, and all models meet the same draws
(common random numbers). The generator is SplitMix64 (Steele, Lea & Flood 2014), evaluated at a counter in place of a
running state; its 64-bit integer arithmetic is the same on CPU and GPU.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

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

    @property
    def key(self) -> int:
        """64 bits from the identity of the stream."""
        return int.from_bytes(hashlib.sha256(f"{self.seed}/{self.purpose}/{self.restart}".encode()).digest()[:8], "big")

    def uniform(self, indices: Tensor, shape: tuple[int, ...]) -> Tensor:
        """(len(indices), *shape) float32 uniform in [0, 1), on the device of ``indices`` (int64 image indices)."""
        size = int(torch.Size(shape).numel())
        counters = indices[:, None] * PER_IMAGE + torch.arange(size, device=indices.device)
        # 24 bits: every float32 multiple of 2^-24, so that 1 is never reached.
        return (_shift_right(splitmix64(self.key, counters), 40).float() * 2.0**-24).reshape(-1, *shape)

    def permutation(self, count: int) -> Tensor:
        """(count,) int64: a random order of 0..count-1 (ties of 64-bit draws are not a concern)."""
        return torch.argsort(splitmix64(self.key, torch.arange(count)), stable=True)
