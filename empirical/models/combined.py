"""Ordinary and group convolutions in one network: side by side, or one after the other.

    parallel  a StdCNN and a P4 branch on the same images, their features joined before the head
    cascade   P4 layers, the maximum over orientations, then ordinary convolutions

The head is that of Table 1. Neither is invariant to quarter turns: the ordinary part sees them.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from empirical.models.groups import P4, GroupConv, GroupLift, InvariantPool, OrientationPool, PlanePool
from empirical.models.layers import CLASSES, GREY, Shape, square
from empirical.models.table1 import group_trunk, head, places, std_trunk


class Joined(nn.Module):
    """Features of several branches on the same images, side by side.

    Examples
    --------
    >>> Joined([nn.Flatten(), nn.Flatten()])(torch.ones(1, 1, 2, 2))
    tensor([[1., 1., 1., 1., 1., 1., 1., 1.]])
    """

    def __init__(self, branches: Sequence[nn.Module]) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, images: Tensor) -> Tensor:
        return torch.cat([branch(images) for branch in self.branches], dim=1)


def parallel(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """StdCNN's convolutions beside those of the pooled GCNN: half of what the head sees does not turn."""
    high, wide = places(square(shape))
    ordinary = nn.Sequential(*std_trunk(shape[0], width), nn.Flatten())
    turned = nn.Sequential(*group_trunk(P4, shape[0], width), InvariantPool())
    return nn.Sequential(Joined([ordinary, turned]), *head(2 * width * (high * wide + 1), width, classes))


def cascade(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """The first two layers of the GCNN, the maximum over orientations, and the last two of StdCNN."""
    high, wide = places(square(shape))
    return nn.Sequential(
        *(GroupLift(P4, shape[0], width, 3), nn.ReLU(), GroupConv(P4, width, width, 3), nn.ReLU()),
        *(PlanePool(), OrientationPool()),
        *(nn.Conv2d(width, 2 * width, 3), nn.ReLU(), nn.Conv2d(2 * width, 2 * width, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), *head(2 * width * high * wide, width, classes)),
    )
