"""Residual networks for small images (He et al. 2016), and their group versions.

A 3 x 3 convolution without pooling, stages of basic blocks that halve the size at their entry, the mean over places,
one FC. ``width`` is the channels of the first stage. A group version has as many parameters, or as many operations, as
the plain network of the same width. Its strides are exactly equivariant on every size (see `groups`);
``strided=literal`` has the plain network's, which are not on even sizes.
"""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.models.groups import P4, P4M, Stride
from empirical.models.layers import CLASSES, GREY, Equal, Grouped, Layers, Plain, Shape, square


class ZeroPad(nn.Module):
    """A shortcut without weights: each ``step``-th place, and zeros for the channels that are new."""

    def __init__(self, before: int, behind: int, *, step: int) -> None:
        super().__init__()
        self.before, self.behind, self.step = before, behind, step

    def forward(self, maps: Tensor) -> Tensor:
        return F.pad(maps[:, :, :: self.step, :: self.step], (0, 0, 0, 0, self.before, self.behind))

    def extra_repr(self) -> str:
        return f"{self.before}, {self.behind}, step={self.step}"


class Block(nn.Module):
    """Two convolutions and a shortcut."""

    def __init__(self, layers: Layers, inputs: int, outputs: int, stride: int, *, projected: bool) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            *(layers.conv(inputs, outputs, stride=stride), layers.norm(outputs), nn.ReLU()),
            *(layers.conv(outputs, outputs), layers.norm(outputs)),
        )
        self.shortcut = nn.Sequential()
        if stride > 1 or inputs != outputs:
            new = outputs - inputs
            self.shortcut = (
                nn.Sequential(layers.conv(inputs, outputs, 1, stride=stride), layers.norm(outputs))
                if projected
                else nn.Sequential(ZeroPad(new // 2, new - new // 2, step=stride))
            )

    def forward(self, maps: Tensor) -> Tensor:
        return F.relu(self.residual(maps) + self.shortcut(maps))


def resnet18(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 64) -> nn.Module:
    """ResNet18 with the stem of CIFAR, 11.17 million parameters on CIFAR-10."""
    return _resnet(Plain(), shape, classes, width)


def resnet20(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 16) -> nn.Module:
    """The 20-layer network of Section 4.2 of He et al., shortcuts without weights: 269,722 parameters on CIFAR-10."""
    return _resnet(Plain(), shape, classes, width, stages=(1, 2, 4), blocks=3, projected=False)


def p4_resnet18(
    *,
    shape: Shape = GREY,
    classes: int = CLASSES,
    width: int = 64,
    equal: Equal = "parameters",
    strided: Stride = "exact",
) -> nn.Module:
    """ResNet18 of quarter turns, half or a quarter of the channels."""
    return _resnet(Grouped(P4, equal, strided), square(shape), classes, width)


def p4m_resnet18(
    *,
    shape: Shape = GREY,
    classes: int = CLASSES,
    width: int = 64,
    equal: Equal = "parameters",
    strided: Stride = "exact",
) -> nn.Module:
    """ResNet18 of quarter turns and reflections; with equal parameters 23, 45, 91, 181 channels."""
    return _resnet(Grouped(P4M, equal, strided), square(shape), classes, width)


def _resnet(
    layers: Layers,
    shape: Shape,
    classes: int,
    width: int,
    *,
    stages: tuple[int, ...] = (1, 2, 4, 8),
    blocks: int = 2,
    projected: bool = True,
) -> nn.Module:
    inputs = layers.channels(width)
    made: list[nn.Module] = [layers.first(shape[0], inputs), layers.norm(inputs), nn.ReLU()]
    for number, times in enumerate(stages):
        outputs = layers.channels(width * times)
        for block in range(blocks):
            stride = 2 if number and not block else 1
            made.append(Block(layers, inputs, outputs, stride, projected=projected))
            inputs = outputs
    return nn.Sequential(*made, *layers.mean(), nn.Linear(inputs, classes))
