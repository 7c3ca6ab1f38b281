"""Table 1 for images of any size, odd ones above all: padded convolutions, and pooling that is exact on odd sizes.

Images with an odd side are those whose quarter turns are shifts of coordinates in the model of the paper; 17 and 33
stay odd when they are halved. The group network is exactly invariant to quarter turns on every square image.
"""

from __future__ import annotations

from torch import nn

from empirical.models.groups import P4, InvariantPool
from empirical.models.layers import CLASSES, GREY, Grouped, Layers, Plain, Shape, square
from empirical.models.table1 import head


def std_cnn_odd(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """StdCNN with padded convolutions."""
    return _network(Plain(), shape, classes, width, nn.AdaptiveMaxPool2d(1), nn.Flatten())


def p4_cnn_odd(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 10) -> nn.Module:
    """GCNN with padded convolutions and the maximum over orientations and places."""
    return _network(Grouped(P4), square(shape), classes, width, InvariantPool())


def _network(layers: Layers, shape: Shape, classes: int, width: int, *gather: nn.Module) -> nn.Module:
    def conv(inputs: int, outputs: int) -> list[nn.Module]:
        return [layers.conv(inputs, outputs, bias=True), nn.ReLU()]

    return nn.Sequential(
        *(layers.first(shape[0], width, bias=True), nn.ReLU(), *conv(width, width), layers.pool()),
        *(*conv(width, 2 * width), *conv(2 * width, 2 * width), layers.pool()),
        *(*gather, *head(2 * width, width, classes)),
    )
