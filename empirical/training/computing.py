"""In which precision and memory format a network is trained: named by the config, or chosen by the clock.

The choice changes bits, so it is kept in the checkpoint and in the header of the weights, and a training that goes on
keeps it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.compute.gradients import supported
from tradeoff.shared import checks

FASTEST = "fastest"
ROUNDS = 4
"""How often each way is timed; the quickest of its rounds counts."""


@dataclass(frozen=True)
class Way:
    """A precision and a memory format; weights stay float32."""

    bfloat16: bool = False
    channels_last: bool = False


WAYS = {
    "float32": Way(),
    "float32_channels_last": Way(channels_last=True),
    "bfloat16_channels_last": Way(bfloat16=True, channels_last=True),
}


class Computed(nn.Module):
    """A network in training, its forward pass computed in one of the WAYS; logits come back in float32.

    Each pass opens and closes its own autocast, whose cache of rounded weights would otherwise outlive an attack that
    freezes the weights, and leave the loss after it without their gradients.
    """

    def __init__(self, network: nn.Module, way: str) -> None:
        super().__init__()
        self.way = WAYS[checks.known("compute", way, WAYS)]
        self.network = laid(network, self.format)
        self.training = network.training

    @property
    def format(self) -> torch.memory_format:
        return torch.channels_last if self.way.channels_last else torch.contiguous_format

    def forward(self, images: Tensor) -> Tensor:
        if images.ndim == 4:
            images = images.contiguous(memory_format=self.format)
        if not self.way.bfloat16:
            logits: Tensor = self.network(images)
            return logits
        with torch.autocast(images.device.type, torch.bfloat16):
            rounded: Tensor = self.network(images)
        return rounded.float()


def laid(network: nn.Module, memory_format: torch.memory_format) -> nn.Module:
    """The network itself, its weights of four dimensions in a memory format; group filters have five, and stay."""
    for weight in network.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=memory_format)
            if weight.grad is not None:
                weight.grad = weight.grad.contiguous(memory_format=memory_format)
    return network


def choose(asked: str, network: nn.Module, images: Tensor, labels: Tensor) -> str:
    """The way that is asked for, or the quickest for training this network on such a batch, here and now.

    Raises
    ------
    InputError
        For an unknown way, or if bfloat16 is asked for on a device that does not compute in it.
    """
    checks.known("compute", asked, (*WAYS, FASTEST))
    able = supported(images.device)
    if asked != FASTEST:
        if WAYS[asked].bfloat16 and not able:
            raise checks.InputError(f"compute={asked!r} needs a device with bfloat16 of its own; use {FASTEST!r}")
        return asked
    seconds = {
        name: _seconds(Computed(network, name), images, labels)
        for name, way in WAYS.items()
        if able or not way.bfloat16
    }
    laid(network, torch.contiguous_format)
    return min(seconds, key=lambda name: seconds[name])


def _seconds(model: Computed, images: Tensor, labels: Tensor) -> float:
    """The quickest of some forward and backward passes; the network keeps its weights, statistics and gradients."""
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.train()
    found = []
    with torch.random.fork_rng(devices=[images.device] if images.device.type == "cuda" else []):
        for _ in range(ROUNDS + 1):  # the first one warms up
            start = time.perf_counter()
            F.cross_entropy(model(images), labels).backward()
            if images.device.type == "cuda":
                torch.cuda.synchronize(images.device)
            found.append(time.perf_counter() - start)
    model.load_state_dict(kept)
    model.zero_grad()
    return min(found[1:])
