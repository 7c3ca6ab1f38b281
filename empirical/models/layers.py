"""One set of building blocks in two kinds, so that a network and its group version are one description.

Plain()        the usual convolutions, batch normalisation, 2 x 2 max pooling
Grouped(P4)    the same of planes, with fewer channels: as many parameters, or as many operations
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

from torch import nn

from empirical.models.groups import ExactPool, Group, GroupConv, GroupLift, InvariantMean, PlaneNorm, Stride
from tradeoff.shared import checks

Shape = tuple[int, int, int]
"""Channels, height and width of the images."""
GREY: Shape = (1, 28, 28)
CLASSES = 10

Equal = Literal["parameters", "operations"]
"""What a group network has in common with the plain one of the same width."""


class Layers(Protocol):
    """What networks are built from. Convolutions keep the size, or halve it (rounded up) with ``stride=2``."""

    def channels(self, plain: int) -> int: ...

    def first(self, inputs: int, outputs: int, *, bias: bool = False) -> nn.Module: ...

    def conv(self, inputs: int, outputs: int, size: int = 3, *, stride: int = 1, bias: bool = False) -> nn.Module: ...

    def norm(self, channels: int) -> nn.Module: ...

    def pool(self) -> nn.Module: ...

    def mean(self) -> list[nn.Module]: ...


@dataclass(frozen=True)
class Plain:
    """Layers of an ordinary convolutional network."""

    def channels(self, plain: int) -> int:
        return plain

    def first(self, inputs: int, outputs: int, *, bias: bool = False) -> nn.Module:
        return self.conv(inputs, outputs, bias=bias)

    def conv(self, inputs: int, outputs: int, size: int = 3, *, stride: int = 1, bias: bool = False) -> nn.Module:
        return nn.Conv2d(inputs, outputs, size, stride=stride, padding=size // 2, bias=bias)

    def norm(self, channels: int) -> nn.Module:
        return nn.BatchNorm2d(channels)

    def pool(self) -> nn.Module:
        return nn.MaxPool2d(2, ceil_mode=True)

    def mean(self) -> list[nn.Module]:
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()]


@dataclass(frozen=True)
class Grouped:
    """Layers of a group network; ``equal`` says by what its channels are fewer than the plain network's.

    A layer of c channels has order * c^2 weights and order^2 * c^2 operations a place: so sqrt(order) times fewer
    channels have the weights, and order times fewer the operations, of a plain layer.
    """

    group: Group
    equal: Equal = "parameters"
    strided: Stride = "exact"

    def channels(self, plain: int) -> int:
        order = self.group.order
        return max(1, round(plain / (math.sqrt(order) if self.equal == "parameters" else order)))

    def first(self, inputs: int, outputs: int, *, bias: bool = False) -> nn.Module:
        return GroupLift(self.group, inputs, outputs, 3, padding=1, bias=bias)

    def conv(self, inputs: int, outputs: int, size: int = 3, *, stride: int = 1, bias: bool = False) -> nn.Module:
        return GroupConv(
            *(self.group, inputs, outputs, size), stride=stride, padding=size // 2, bias=bias, strided=self.strided
        )

    def norm(self, channels: int) -> nn.Module:
        return PlaneNorm(channels)

    def pool(self) -> nn.Module:
        return ExactPool()

    def mean(self) -> list[nn.Module]:
        return [InvariantMean()]


def square(shape: Shape) -> Shape:
    """The shape of images that can be turned by a quarter.

    Raises
    ------
    InputError
        If they are not square.
    """
    if shape[1] != shape[2]:
        raise checks.InputError(
            f"shape={shape} is not square, and a quarter turn changes it; use square images, or a network that is "
            "not of a group"
        )
    return shape


def side_from(shape: Shape, least: int, network: str, instead: str) -> Shape:
    """The shape, if both sides have at least so many pixels."""
    if min(shape[1:]) < least:
        raise checks.InputError(
            f"shape={shape} is too small for {network}, which needs at least {least} x {least} pixels; use {instead}"
        )
    return shape
