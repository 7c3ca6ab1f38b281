"""Small networks: linear, one hidden layer, three convolutions for colour images, and Madry's network for MNIST.

``width`` is the channels, or units, of the first layer; all others are in proportion to it.
"""

from __future__ import annotations

import math
from itertools import pairwise

from torch import nn

from empirical.models.layers import CLASSES, GREY, Shape, side_from


def linear(*, shape: Shape = GREY, classes: int = CLASSES) -> nn.Module:
    """Logits that are linear in the pixels."""
    return nn.Sequential(nn.Flatten(), nn.Linear(math.prod(shape), classes))


def mlp(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 256, depth: int = 2) -> nn.Module:
    """So many hidden layers, all of one width, each followed by ReLU."""
    sizes = [math.prod(shape), *[width] * depth]
    hidden = [layer for one, two in pairwise(sizes) for layer in (nn.Linear(one, two), nn.ReLU())]
    return nn.Sequential(nn.Flatten(), *hidden, nn.Linear(width, classes))


def colour_cnn(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 32) -> nn.Module:
    """Three padded 3 x 3 convolutions with batch normalisation, each halved by max pooling, the mean, one FC."""
    channels = (shape[0], width, 2 * width, 4 * width)
    made: list[nn.Module] = []
    for inputs, outputs in pairwise(channels):
        conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
        made += [conv, nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2, ceil_mode=True)]
    return nn.Sequential(*made, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, classes))


def madry_mnist(*, shape: Shape = GREY, classes: int = CLASSES, width: int = 32) -> nn.Module:
    """Madry et al. 2018 for MNIST: 5 x 5 convolutions, FC(1024), 3,274,634 parameters; their initial weights.

    Weights are drawn from a normal distribution of deviation 0.1, cut at two deviations, and biases are 0.1.
    """
    _, high, wide = side_from(shape, 4, "Madry's network for MNIST", "linear or mlp")
    network = nn.Sequential(
        *(nn.Conv2d(shape[0], width, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(width, 2 * width, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(2 * width * (high // 4) * (wide // 4), 32 * width), nn.ReLU()),
        nn.Linear(32 * width, classes),
    )
    for layer in network:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.trunc_normal_(layer.weight, std=0.1, a=-0.2, b=0.2)
            nn.init.constant_(layer.bias, 0.1)  # type: ignore[arg-type]
    return network
