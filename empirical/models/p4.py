"""Group-equivariant layers for the four quarter turns (p4), after Cohen & Welling 2016.

A p4 feature map is (n, channels, 4, height, width): plane r belongs to the filters turned by r quarter turns,
counter-clockwise. If an image is turned by a quarter, each plane turns and plane r becomes plane r + 1.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


def turned(filters: Tensor, quarters: int) -> Tensor:
    """Filters turned counter-clockwise in their last two axes."""
    return torch.rot90(filters, quarters, (-2, -1))


def as_planes(maps: Tensor) -> Tensor:
    """(n, 4 channels, h, w) -> (n, channels, 4, h, w)."""
    return maps.reshape(len(maps), maps.shape[1] // 4, 4, *maps.shape[2:])


class P4Lift(nn.Module):
    """Z^2 -> p4: (n, in, h, w) -> (n, out, 4, h', w'), no padding; equation (10) of Cohen & Welling."""

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, size, size))
        self.bias = nn.Parameter(torch.empty(outputs))
        _initialise(self.weight, self.bias, inputs * size * size)

    def forward(self, images: Tensor) -> Tensor:
        bank = torch.stack([turned(self.weight, r) for r in range(4)], dim=1).flatten(0, 1)
        return as_planes(F.conv2d(images, bank, self.bias.repeat_interleave(4)))


class P4Conv(nn.Module):
    """p4 -> p4: (n, in, 4, h, w) -> (n, out, 4, h', w'), no padding; equation (11) of Cohen & Welling.

    The weight is (out, in, 4, k, k). For the output plane r the filters are turned by r and their orientation axis
    is shifted by r: plane q of the input meets filter plane q - r.
    """

    def __init__(self, inputs: int, outputs: int, size: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 4, size, size))
        self.bias = nn.Parameter(torch.empty(outputs))
        _initialise(self.weight, self.bias, inputs * 4 * size * size)

    def forward(self, planes: Tensor) -> Tensor:
        banks = [turned(self.weight, r).roll(r, dims=2) for r in range(4)]
        bank = torch.stack(banks, dim=1).flatten(2, 3).flatten(0, 1)
        return as_planes(F.conv2d(planes.flatten(1, 2), bank, self.bias.repeat_interleave(4)))


class PlanePool(nn.Module):
    """Spatial 2 x 2 max pooling of each plane; equivariant on even sizes only."""

    def forward(self, planes: Tensor) -> Tensor:
        return as_planes(F.max_pool2d(planes.flatten(1, 2), 2))


class InvariantPool(nn.Module):
    """Maximum over orientations and places: (n, channels, 4, h, w) -> (n, channels), unchanged by quarter turns."""

    def forward(self, planes: Tensor) -> Tensor:
        return planes.amax(dim=(2, 3, 4))


def _initialise(weight: Tensor, bias: Tensor, fan_in: int) -> None:
    """torch's own scheme for convolutions, with the orientations counted in the fan-in."""
    bound = 1 / math.sqrt(fan_in)
    nn.init.uniform_(weight, -bound, bound)
    nn.init.uniform_(bias, -bound, bound)
