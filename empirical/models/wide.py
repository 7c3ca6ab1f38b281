"""Wide residual networks of pre-activation blocks: WideResNet-34-10, and Madry's w32-10 for CIFAR-10.

``widen`` is the factor of the literature: the three stages have 16, 32 and 64 times so many channels. The depth of
WideResNet counts as in Zagoruyko & Komodakis 2016: 6 layers for each block of the three stages, and 4 more.
"""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.models.layers import CLASSES, GREY, Shape
from empirical.models.resnet import ZeroPad
from tradeoff.shared import checks

LEAK = 0.1
"""Slope of Madry's ReLU below 0."""


class PreBlock(nn.Module):
    """Norm, ReLU, convolution, twice, and a shortcut of weights that begins after the first ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.before = nn.Sequential(nn.BatchNorm2d(inputs), nn.ReLU())
        self.residual = nn.Sequential(
            *(_conv(inputs, outputs, stride=stride), nn.BatchNorm2d(outputs), nn.ReLU(), _conv(outputs, outputs))
        )
        self.shortcut = None if inputs == outputs else nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        ready = self.before(maps)
        kept: Tensor = maps if self.shortcut is None else self.shortcut(ready)
        residual: Tensor = self.residual(ready)
        return kept + residual


class MadryBlock(nn.Module):
    """The residual unit of Madry's network: its shortcut is a mean over places, and zeros for new channels."""

    def __init__(self, inputs: int, outputs: int, stride: int, *, first: bool) -> None:
        super().__init__()
        self.before = nn.Sequential(_norm(inputs), nn.LeakyReLU(LEAK))
        self.residual = nn.Sequential(
            *(_conv(inputs, outputs, stride=stride), _norm(outputs), nn.LeakyReLU(LEAK), _conv(outputs, outputs))
        )
        new = outputs - inputs
        self.stride, self.first, self.pad = stride, first, ZeroPad(new // 2, new - new // 2, step=1)

    def forward(self, maps: Tensor) -> Tensor:
        ready = self.before(maps)
        kept = ready if self.first else maps  # the first unit of all carries the activated maps on
        if self.stride > 1:
            kept = F.avg_pool2d(kept, self.stride, ceil_mode=True)
        residual: Tensor = self.residual(ready)
        padded: Tensor = self.pad(kept)
        return residual + padded

    def extra_repr(self) -> str:
        return f"stride={self.stride}, first={self.first}"


def wide_resnet(*, shape: Shape = GREY, classes: int = CLASSES, depth: int = 34, widen: int = 10) -> nn.Module:
    """WideResNet, by default WideResNet-34-10: 46.16 million parameters on CIFAR-10."""
    blocks, rest = divmod(depth - 4, 6)
    if rest or blocks < 1:
        raise checks.InputError(
            f"depth={depth} is not that of a WideResNet: it is 4 and 6 for each block of a stage; use 10, 16, 28 or 34"
        )
    made: list[nn.Module] = [_conv(shape[0], 16)]
    inputs = 16
    for stage in range(3):
        outputs = 16 * widen * 2**stage
        for block in range(blocks):
            made.append(PreBlock(inputs, outputs, 2 if stage and not block else 1))
            inputs = outputs
    return _finished(*made, nn.BatchNorm2d(inputs), nn.ReLU(), head=_fc(inputs, classes))


def madry_cifar(*, shape: Shape = GREY, classes: int = CLASSES, widen: int = 10) -> nn.Module:
    """Madry et al. 2018 for CIFAR-10, by default w32-10: five units a stage, 45.90 million parameters.

    Batch normalisation as in their code: the running mean keeps 0.9 of itself, and 0.001 is added to variances.
    """
    made: list[nn.Module] = [_conv(shape[0], 16)]
    inputs = 16
    for stage in range(3):
        outputs = 16 * widen * 2**stage
        for unit in range(5):
            first = not stage and not unit
            made.append(MadryBlock(inputs, outputs, 2 if stage and not unit else 1, first=first))
            inputs = outputs
    return _finished(*made, _norm(inputs), nn.LeakyReLU(LEAK), head=_fc(inputs, classes))


def _finished(*layers: nn.Module, head: nn.Linear) -> nn.Module:
    """Fan-out weights for the convolutions, as both papers' codes have."""
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), head)
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, mode="fan_out")
    return network


def _conv(inputs: int, outputs: int, *, stride: int = 1) -> nn.Module:
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


def _norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.1)


def _fc(inputs: int, classes: int) -> nn.Linear:
    layer = nn.Linear(inputs, classes)
    nn.init.zeros_(layer.bias)
    return layer
