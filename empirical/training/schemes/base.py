"""What a training scheme is handed at each update, and what it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Batch:
    """Images (n, c, h, w), labels (n,), image indices (n,), the number of the update that they serve, and how much of
    eps is in force then.
    """

    images: Tensor
    labels: Tensor
    indices: Tensor
    update: int
    warm: float = 1.0


class Outcome(NamedTuple):
    """What is minimised, a scalar, and the logits (n, classes) of what the network was trained on."""

    loss: Tensor
    logits: Tensor

    def right(self, labels: Tensor) -> Tensor:
        """How many of these logits give the label."""
        return (self.logits.detach().argmax(dim=1) == labels).sum()


def on(model: nn.Module, images: Tensor, labels: Tensor) -> Outcome:
    """The mean cross-entropy on images."""
    logits = model(images)
    return Outcome(F.cross_entropy(logits, labels), logits)
