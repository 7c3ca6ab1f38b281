"""Layers that are equivariant under quarter turns (P4), or turns and reflections (P4M), after Cohen & Welling 2016.

A feature map is (n, channels, elements, height, width): plane g belongs to the filters moved by the group element g,
which mirrors left and right if g >= 4 and then turns counter-clockwise by g % 4 quarters. If an image is turned by a
quarter, each plane turns and plane r becomes plane r + 1.

A stride of 2 from even sizes reaches the places 0, 2, 4, ..., which a turn does not map to themselves. There the mean
of 2 x 2 places is taken and the filter of stride 1 follows, at the same number of operations; on odd sizes the stride
is exact as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

Stride = Literal["exact", "literal"]
"""Literal: the strided convolution of the plain network, which breaks equivariance on even sizes."""


@dataclass(frozen=True)
class Group:
    """A group of symmetries of the square that holds the quarter turns."""

    name: str
    order: int

    def moved(self, filters: Tensor, element: int) -> Tensor:
        """Filters (..., height, width) as the group element moves them."""
        mirrored = filters.flip(-1) if element >= 4 else filters
        return torch.rot90(mirrored, element % 4, (-2, -1))

    def moved_planes(self, filters: Tensor, element: int) -> Tensor:
        """Filters (out, in, elements, height, width) as the element moves them: plane h meets filter plane g^-1 h."""
        moved = self.moved(filters, element)
        if self.order == 4:
            return moved.roll(element, dims=2)
        halves = moved.unflatten(2, (2, 4))
        if element >= 4:  # a reflection exchanges the halves and turns the other way round
            halves = halves.flip(2, 3).roll(1, dims=3)
        found: Tensor = halves.roll(element % 4, dims=3).flatten(2, 3)
        return found


P4, P4M = Group("P4", 4), Group("P4M", 8)


class GroupLift(nn.Module):
    """Images -> planes: (n, in, h, w) -> (n, out, elements, h', w'); equation (10) of Cohen & Welling."""

    def __init__(
        self, group: Group, inputs: int, outputs: int, size: int, *, padding: int = 0, bias: bool = True
    ) -> None:
        super().__init__()
        self.group, self.padding = group, padding
        self.weight = nn.Parameter(torch.empty(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.empty(outputs)) if bias else None
        _initialise(self.weight, self.bias)

    def _get_name(self) -> str:
        return f"{self.group.name}Lift"

    def extra_repr(self) -> str:
        return _settings(padding=self.padding)

    def forward(self, images: Tensor) -> Tensor:
        order = self.group.order
        bank = torch.stack([self.group.moved(self.weight, g) for g in range(order)], dim=1).flatten(0, 1)
        bias = None if self.bias is None else self.bias.repeat_interleave(order)
        found: Tensor = F.conv2d(images, bank, bias, padding=self.padding).unflatten(1, (-1, order))
        return found


class GroupConv(nn.Module):
    """Planes -> planes: (n, in, elements, h, w) -> (n, out, elements, h', w'); equation (11) of Cohen & Welling.

    The weight is (out, in, elements, k, k). For output plane g the filters are moved by g, and input plane h meets
    filter plane g^-1 h.
    """

    def __init__(
        self,
        group: Group,
        inputs: int,
        outputs: int,
        size: int,
        *,
        stride: int = 1,
        padding: int = 0,
        bias: bool = True,
        strided: Stride = "exact",
    ) -> None:
        super().__init__()
        self.group, self.stride, self.padding, self.strided = group, stride, padding, strided
        self.weight = nn.Parameter(torch.empty(outputs, inputs, group.order, size, size))
        self.bias = nn.Parameter(torch.empty(outputs)) if bias else None
        _initialise(self.weight, self.bias)

    def _get_name(self) -> str:
        return f"{self.group.name}Conv"

    def extra_repr(self) -> str:
        strided = "" if self.stride == 1 or self.strided == "exact" else self.strided
        return _settings(stride=self.stride - 1 and self.stride, padding=self.padding, strided=strided)

    def forward(self, planes: Tensor) -> Tensor:
        order, stride = self.group.order, self.stride
        banks = [self.group.moved_planes(self.weight, g) for g in range(order)]
        bank = torch.stack(banks, dim=1).flatten(2, 3).flatten(0, 1)
        bias = None if self.bias is None else self.bias.repeat_interleave(order)
        maps = planes.flatten(1, 2)
        if stride == 2 and self.strided == "exact" and maps.shape[-1] % 2 == 0:
            maps, stride = F.avg_pool2d(maps, 2), 1
        found: Tensor = F.conv2d(maps, bank, bias, stride=stride, padding=self.padding).unflatten(1, (-1, order))
        return found


class PlaneNorm(nn.Module):
    """Batch normalisation whose statistics and weights are shared by all planes of a channel: it stays equivariant."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm3d(channels)

    def forward(self, planes: Tensor) -> Tensor:
        normalised: Tensor = self.norm(planes)
        return normalised


class PlanePool(nn.Module):
    """Spatial 2 x 2 max pooling of each plane; equivariant on even sizes only."""

    def forward(self, planes: Tensor) -> Tensor:
        found: Tensor = F.max_pool2d(planes.flatten(1, 2), 2).unflatten(1, planes.shape[1:3])
        return found


class ExactPool(nn.Module):
    """Max pooling of each plane to half the size, rounded up; equivariant on every size.

    On even sizes over 2 x 2 places; on odd ones over 3 x 3 around each second place, the border ones among them.
    """

    def forward(self, planes: Tensor) -> Tensor:
        maps = planes.flatten(1, 2)
        even = maps.shape[-1] % 2 == 0
        pooled = F.max_pool2d(maps, 2) if even else F.max_pool2d(maps, 3, stride=2, padding=1)
        found: Tensor = pooled.unflatten(1, planes.shape[1:3])
        return found


class InvariantPool(nn.Module):
    """Maximum over orientations and places: (n, channels, elements, h, w) -> (n, channels)."""

    def forward(self, planes: Tensor) -> Tensor:
        return planes.amax(dim=(2, 3, 4))


class OrientationPool(nn.Module):
    """Maximum over orientations: (n, channels, elements, h, w) -> (n, channels, h, w), which turns with the image."""

    def forward(self, planes: Tensor) -> Tensor:
        return planes.amax(dim=2)


class InvariantMean(nn.Module):
    """Mean over orientations and places: (n, channels, elements, h, w) -> (n, channels)."""

    def forward(self, planes: Tensor) -> Tensor:
        return planes.mean(dim=(2, 3, 4))


def _settings(**values: int | str) -> str:
    """What differs from the layers of Table 1, whose text is part of the checksum of stored networks."""
    return ", ".join(f"{name}={value}" for name, value in values.items() if value)


def _initialise(weight: Tensor, bias: Tensor | None) -> None:
    """torch's own scheme for convolutions, with the orientations counted in the fan-in."""
    bound = 1 / math.sqrt(weight[0].numel())
    nn.init.uniform_(weight, -bound, bound)
    if bias is not None:
        nn.init.uniform_(bias, -bound, bound)
