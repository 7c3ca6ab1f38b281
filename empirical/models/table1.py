"""Table 1 of Kamath et al.: the MNIST networks.

    StdCNN  Conv(10,3,3) Conv(10,3,3) MaxPool Conv(20,3,3) Conv(20,3,3) MaxPool FC(50) Dropout(0.5) FC(10)
    GCNN    the same with P4ConvZ2, P4ConvP4 and spatial max pooling of each plane

All convolutions are unpadded (28-26-24-12-10-8-4) and followed by ReLU. The networks return logits. ``width`` is the
channels of the first layer, to which all others are in proportion. The group networks have the same channels and one of
three heads: all planes into FC(50), the maximum over orientations before it, or over orientations and places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from torch import nn

from empirical.models.groups import P4, P4M, Group, GroupConv, GroupLift, InvariantPool, OrientationPool, PlanePool
from empirical.models.layers import CLASSES, GREY, Shape, side_from, square

Head = Literal["flat", "oriented", "pooled"]


def std_cnn(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """StdCNN, 23,010 parameters."""
    high, wide = places(shape)
    features = 2 * width * high * wide
    return nn.Sequential(*std_trunk(shape[0], width), nn.Flatten(), *head(features, width, classes))


def std_trunk(channels: int, width: int) -> list[nn.Module]:
    """The convolutions of StdCNN."""
    return [
        *(nn.Conv2d(channels, width, 3), nn.ReLU(), nn.Conv2d(width, width, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(width, 2 * width, 3), nn.ReLU(), nn.Conv2d(2 * width, 2 * width, 3), nn.ReLU(), nn.MaxPool2d(2)),
    ]


def p4_cnn_flat(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """GCNN as in the code that the paper cites, all planes into FC(50): equivariant, not invariant; 89,910."""
    return _group_cnn(P4, "flat", shape, classes, width)


def p4_cnn_oriented(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """GCNN with the maximum over orientations before FC(50), whose map still turns: not invariant; 41,910."""
    return _group_cnn(P4, "oriented", shape, classes, width)


def p4_cnn_pooled(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """GCNN with the maximum over orientations and places before FC(50): exactly invariant to quarter turns; 26,910."""
    return _group_cnn(P4, "pooled", shape, classes, width)


def p4m_cnn_flat(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """The same as `p4_cnn_flat` with reflections."""
    return _group_cnn(P4M, "flat", shape, classes, width)


def p4m_cnn_oriented(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """The same as `p4_cnn_oriented` with reflections."""
    return _group_cnn(P4M, "oriented", shape, classes, width)


def p4m_cnn_pooled(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """The same as `p4_cnn_pooled` with reflections: exactly invariant to them, too."""
    return _group_cnn(P4M, "pooled", shape, classes, width)


def _group_cnn(group: Group, kind: Head, shape: Shape, classes: int, width: int) -> nn.Module:
    high, wide = places(square(shape))
    features: dict[Head, tuple[Callable[[], list[nn.Module]], int]] = {
        "flat": (lambda: [nn.Flatten()], group.order * high * wide),
        "oriented": (lambda: [OrientationPool(), nn.Flatten()], high * wide),
        "pooled": (lambda: [InvariantPool()], 1),
    }
    gather, each = features[kind]
    return nn.Sequential(*group_trunk(group, shape[0], width), *gather(), *head(2 * width * each, width, classes))


def group_trunk(group: Group, channels: int, width: int) -> list[nn.Module]:
    """The convolutions of GCNN."""

    def conv(inputs: int, outputs: int) -> list[nn.Module]:
        return [GroupConv(group, inputs, outputs, 3), nn.ReLU()]

    return [
        *(GroupLift(group, channels, width, 3), nn.ReLU(), *conv(width, width), PlanePool()),
        *(*conv(width, 2 * width), *conv(2 * width, 2 * width), PlanePool()),
    ]


def head(features: int, width: int, classes: int) -> list[nn.Module]:
    """FC(50) Dropout(0.5) FC(10), in proportion to the width."""
    return [nn.Linear(features, 5 * width), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5 * width, classes)]


def places(shape: Shape) -> tuple[int, int]:
    """Height and width of the maps before the head."""
    _, high, wide = side_from(shape, 16, "the unpadded convolutions of Table 1", "std_cnn_odd or p4_cnn_odd")
    return ((high - 4) // 2 - 4) // 2, ((wide - 4) // 2 - 4) // 2
