"""Normalisation inside the network, so that images and eps stay on the [0, 1] pixel scale everywhere outside."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Normalized(nn.Module):
    """(x - mean) / std, then the network."""

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, mean: float, std: float) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", torch.tensor(float(mean)))
        self.register_buffer("std", torch.tensor(float(std)))

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network((images - self.mean) / self.std)
        return logits
