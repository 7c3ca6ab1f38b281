"""Networks by name. A new one is a function without arguments that returns a fresh module, and an entry here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from empirical.compute.draws import Draws, signed
from empirical.models import table1
from empirical.models.normalized import Normalized
from tradeoff.shared import checks

MODELS: dict[str, Callable[[], nn.Module]] = {
    "std_cnn": table1.std_cnn,
    "p4_cnn_flat": table1.p4_cnn_flat,
    "p4_cnn_pooled": table1.p4_cnn_pooled,
}

Channels = float | Sequence[float]
"""One number, or one for each channel of the images."""


def build(name: str, *, seed: int, mean: Channels = 0.0, std: Channels = 1.0) -> nn.Module:
    """The network of a name, its initial weights drawn from ``seed`` alone, on the CPU, so the same on every device."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(signed(Draws(seed, "weights").key))
        return Normalized(MODELS[checks.known("name", name, MODELS)](), mean, std)
