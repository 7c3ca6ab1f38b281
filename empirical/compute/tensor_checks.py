"""Argument checks of tensors and networks, worded as `tradeoff.shared.checks` words those of numbers."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from tradeoff.shared import checks

WHOLE = (*(torch.int8, torch.int16, torch.int32, torch.int64), *(torch.uint8, torch.uint16, torch.uint32))
"""Types of whole numbers; of uint64 half would come out negative as int64."""


def described(value: object) -> str:
    """What was given, in a few words: a tensor by type and form, anything else by its kind."""
    return f"{value.dtype} {tuple(value.shape)}" if isinstance(value, Tensor) else type(value).__name__


def model(given: Any) -> nn.Module:
    """A network: functions have neither modes nor weights to be held."""
    if not isinstance(given, nn.Module):
        raise checks.InputError(
            f"model is {described(given)}; it must be a torch.nn.Module from images (n, channels, height, width) to "
            "logits (n, classes): put a function into the forward of one"
        )
    return given


def images(given: Any) -> Tensor:
    """A batch of images (n, c, h, w), floating point."""
    if not isinstance(given, Tensor) or given.ndim != 4 or not given.is_floating_point():
        raise checks.InputError(
            f"images are {described(given)}; they must be a floating-point tensor (n, channels, height, width): use "
            "images.float(), divided by 255 where they are 8-bit pixels"
        )
    return given


def indices(given: Any) -> Tensor:
    """Image indices (n,) of any whole type, as int64: in a narrower one the counters of all images would be the same.

    >>> indices(torch.tensor([3, 8], dtype=torch.uint8)).dtype
    torch.int64
    """
    if not isinstance(given, Tensor) or given.ndim != 1 or given.dtype not in WHOLE:
        raise checks.InputError(
            f"indices are {described(given)}; they key the draws of each image, so they must be whole numbers of the "
            "form (n,): use torch.arange(n)"
        )
    return given.long()


def labels(given: Any, count: int) -> Tensor:
    """``count`` class numbers (count,), int64, from 0 on."""
    if not isinstance(given, Tensor) or given.dtype != torch.int64 or given.shape != (count,):
        raise checks.InputError(
            f"labels are {described(given)} for {count} images; pass one for each, int64: labels.long()"
        )
    if count and int(given.min()) < 0:
        raise checks.InputError(f"labels hold {int(given.min())}; they count from 0: leave out images without a label")
    return given


def for_each(name: str, given: Any, shape: tuple[int, ...]) -> Tensor:
    """Finite numbers of this shape, the first axis of which runs over images."""
    if not isinstance(given, Tensor) or given.shape != shape or not (given.is_floating_point() or given.dtype in WHOLE):
        raise checks.InputError(f"{name} is {described(given)}; pass a tensor of numbers of the shape {shape}")
    if not bool(given.isfinite().all()):
        raise checks.InputError(f"{name} holds NaN or infinity; pass finite numbers")
    return given
