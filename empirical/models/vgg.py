"""VGG16 with batch normalisation and a single FC for small images (Simonyan & Zisserman 2015), and its group versions.

Thirteen convolutions in five stages, each stage halved by max pooling; the mean over what places are left. ``width`` is
the channels of the first stage, 64 in the paper. A group version has as many parameters, or as many operations, as the
plain network of the same width; it is exactly invariant to quarter turns on square images of any size.
"""

from __future__ import annotations

from torch import nn

from empirical.models.groups import P4, P4M
from empirical.models.layers import CLASSES, GREY, Equal, Grouped, Layers, Plain, Shape, square

STAGES = ((1, 2), (2, 2), (4, 3), (8, 3), (8, 3))
"""Width in proportion to the first stage, and number of convolutions."""


def vgg16(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 64) -> nn.Module:
    """VGG16, 14.73 million parameters on CIFAR-10."""
    return _vgg(Plain(), shape, classes, width)


def p4_vgg16(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 64, equal: Equal = "parameters") -> nn.Module:
    """VGG16 of quarter turns, half or a quarter of the channels."""
    return _vgg(Grouped(P4, equal), square(shape), classes, width)


def p4m_vgg16(
    *, shape: Shape = GREY, classes: int = CLASSES, width: int = 64, equal: Equal = "parameters"
) -> nn.Module:
    """VGG16 of quarter turns and reflections."""
    return _vgg(Grouped(P4M, equal), square(shape), classes, width)


def _vgg(layers: Layers, shape: Shape, classes: int, width: int) -> nn.Module:
    made: list[nn.Module] = []
    inputs = 0
    for times, convolutions in STAGES:
        outputs = layers.channels(width * times)
        for _ in range(convolutions):
            conv = layers.conv(inputs, outputs, bias=True) if made else layers.first(shape[0], outputs, bias=True)
            made += [conv, layers.norm(outputs), nn.ReLU()]
            inputs = outputs
        made.append(layers.pool())
    return nn.Sequential(*made, *layers.mean(), nn.Linear(inputs, classes))
