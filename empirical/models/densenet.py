"""DenseNet121 for small images (Huang et al. 2017): a 3 x 3 stem without pooling, four dense stages, one FC."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from empirical.models.layers import CLASSES, GREY, Shape

STAGES = (6, 12, 24, 16)
"""Layers of each dense stage."""


class Dense(nn.Module):
    """A layer whose new maps stand in front of all that it has seen."""

    def __init__(self, inputs: int, growth: int) -> None:
        super().__init__()
        self.new = nn.Sequential(
            *(nn.BatchNorm2d(inputs), nn.ReLU(), nn.Conv2d(inputs, 4 * growth, 1, bias=False)),
            *(nn.BatchNorm2d(4 * growth), nn.ReLU(), nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)),
        )

    def forward(self, maps: Tensor) -> Tensor:
        return torch.cat([self.new(maps), maps], dim=1)


def densenet121(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 32) -> nn.Module:
    """DenseNet121, 6.96 million parameters on CIFAR-10. ``width`` is the maps that each layer adds, the growth rate."""
    channels = 2 * width
    made: list[nn.Module] = [nn.Conv2d(shape[0], channels, 3, padding=1, bias=False)]
    for number, layers in enumerate(STAGES):
        for _ in range(layers):
            made.append(Dense(channels, width))
            channels += width
        if number < len(STAGES) - 1:
            made += [nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels // 2, 1, bias=False)]
            made.append(nn.AvgPool2d(2, ceil_mode=True))
            channels //= 2
    made += [nn.BatchNorm2d(channels), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*made, nn.Linear(channels, classes))
