"""Normalisation inside the network, so that images and eps stay on the [0, 1] pixel scale everywhere outside."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from empirical.compute.normalization import Normalization, Numbers
from tradeoff.shared import checks


class Normalized(nn.Module):
    """(x - mean) / std, then the network; mean and std are one number each, or one for each channel.

    Examples
    --------
    >>> images = torch.rand(4, 3, 32, 32)
    >>> model = Normalized(nn.Flatten(), mean=(0.4914, 0.4822, 0.4465), std=(0.2470, 0.2435, 0.2616))
    >>> model(images).shape
    torch.Size([4, 3072])
    """

    mean: Tensor
    std: Tensor

    def __init__(self, network: nn.Module, mean: Numbers, std: Numbers) -> None:
        super().__init__()
        numbers = Normalization(mean, std)
        self.network = network
        self.register_buffer("mean", _buffer(numbers.mean))
        self.register_buffer("std", _buffer(numbers.std))
        self.training = network.training  # a wrapper is in the mode of what it wraps; torch would say training

    def forward(self, images: Tensor) -> Tensor:
        channels = max(len(self.mean) if self.mean.ndim else 1, len(self.std) if self.std.ndim else 1)
        if channels not in (1, images.shape[1]):
            # Broadcasting would make a grey image into one of three channels without a word.
            raise checks.InputError(
                f"mean and std are for {channels} channels, but the images have {images.shape[1]}; "
                "give one number, or one for each channel of the images"
            )
        logits: Tensor = self.network((images - self.mean) / self.std)
        return logits


def _buffer(values: Sequence[float]) -> Tensor:
    """() for one number, the form of all stored networks; (channels, 1, 1) for several."""
    numbers = torch.tensor(values, dtype=torch.float32)
    return numbers[0] if len(numbers) == 1 else numbers.reshape(-1, 1, 1)
