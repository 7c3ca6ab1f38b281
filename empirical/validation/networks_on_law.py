"""Small networks trained on the model's law, whose worst case nobody knows: plainly, on moved, on attacked images."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from empirical.attacks.pgd import PGD
from empirical.compare.law_images import SPREAD, LawImages
from empirical.compute.draws import Draws, signed
from empirical.training.loop import descend
from empirical.training.schemes.adversarial import attacked
from empirical.training.schemes.base import Batch, on
from tradeoff.shared import checks

HIDDEN = 64
STEPS, BATCH, RATE = 400, 256, 0.003
ATTACK_STEPS = 5
TRAINING_SEED = 1_000_000
"""Batches are drawn from seeds from here on, far from those of test images."""


class LawNetwork(nn.Module):
    """Images (n, 1, side, side) -> logits (n, 2): pixels in the law's units, two hidden layers."""

    def __init__(self, side: int) -> None:
        super().__init__()
        widths = (side * side, HIDDEN, HIDDEN)
        layers = [layer for a, b in pairwise(widths) for layer in (nn.Linear(a, b), nn.ReLU())]
        self.layers = nn.Sequential(*layers, nn.Linear(HIDDEN, 2))

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.layers((images.flatten(1) - 0.5) * SPREAD)
        return logits


def _natural(model: nn.Module, batch: Batch, law: LawImages, eps: float) -> Tensor:
    return on(model, batch.images, batch.labels).loss


def _turned(model: nn.Module, batch: Batch, law: LawImages, eps: float) -> Tensor:
    return on(model, law.turned(batch.images, batch.update % law.moves), batch.labels).loss


def _adversarial(model: nn.Module, batch: Batch, law: LawImages, eps: float) -> Tensor:
    images = attacked(model, batch, PGD(eps, ATTACK_STEPS), Draws(batch.update, "training"))
    return on(model, images, batch.labels).loss


TRAINED = {"natural": _natural, "augmented": _turned, "adversarial": _adversarial}
"""How the networks are trained, by name."""


def trained(law: LawImages, name: str, *, eps: float, seed: int = 0) -> LawNetwork:
    """A network trained on fresh samples of the law, in a second; the same bits for the same seed and threads.

    Parameters
    ----------
    law : LawImages
        What images are drawn from.
    name : str
        A key of TRAINED.
    eps : float
        l_inf radius of adversarial training, in pixels.
    seed : int
        Of weights and samples.
    """
    checks.known("name", name, TRAINED)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(signed(Draws(seed, f"law {name}").key))
        model = LawNetwork(law.side)

    def loss_at(update: int) -> Tensor:
        data = law.sample(BATCH, seed=TRAINING_SEED + seed * STEPS + update)
        return TRAINED[name](model, Batch(data.images, data.labels, data.indices, update), law, eps)

    optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in descend(model, optimiser, loss_at, cosine, range(STEPS)):
        pass
    return model.eval()


def cosine(update: int) -> float:
    """The learning rate of an update: from RATE along half a cosine to 0."""
    return RATE * (1 + math.cos(math.pi * update / STEPS)) / 2
