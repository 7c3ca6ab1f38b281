"""What a network costs: its parameters, and the multiply-accumulates (MACs) of its forward pass for one image.

Convolutions, group convolutions and FC layers are counted, as they are called. Nothing is computed: the network is
built on torch's meta device, which knows shapes alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.models.groups import GroupConv, GroupLift

COUNTED = (nn.Conv2d, nn.Linear, GroupLift, GroupConv)
"""Layers in which each number of the output is a sum of as many products as one filter has weights."""


@dataclass(frozen=True)
class Cost:
    """Trained numbers of a network, and multiply-accumulates for one image."""

    parameters: int
    macs: int


def cost(build: Callable[[], nn.Module], shape: tuple[int, int, int]) -> Cost:
    """What the network that ``build`` makes costs on images of this shape (channels, height, width).

    Examples
    --------
    >>> cost(lambda: nn.Conv2d(1, 10, 3), (1, 28, 28))
    Cost(parameters=100, macs=60840)
    """
    with torch.device("meta"):
        network, image = build().eval(), torch.empty(1, *shape)
    macs = 0

    def count(layer: nn.Module, given: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal macs
        weight = layer.weight
        assert isinstance(weight, Tensor)
        macs += output.numel() * weight[0].numel()

    for layer in network.modules():
        if isinstance(layer, COUNTED):
            layer.register_forward_hook(count)
    with torch.no_grad():
        network(image)
    return Cost(sum(parameter.numel() for parameter in network.parameters()), macs)
