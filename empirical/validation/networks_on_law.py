"""Small networks trained on the model's law, whose worst case nobody knows: plainly, on moved, on attacked images."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.pgd import PGD
from empirical.compare.law_images import SPREAD, LawImages
from empirical.compute.draws import Draws, signed
from empirical.data.images import ImageSet

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


def _natural(model: nn.Module, data: ImageSet, law: LawImages, eps: float, step: int) -> Tensor:
    return data.images


def _augmented(model: nn.Module, data: ImageSet, law: LawImages, eps: float, step: int) -> Tensor:
    return law.turned(data.images, step % law.moves)


def _adversarial(model: nn.Module, data: ImageSet, law: LawImages, eps: float, step: int) -> Tensor:
    attack = PGD(eps, ATTACK_STEPS)
    return attack(model, data.images, data.labels, data.indices, draws=Draws(step, "training"))


OBJECTIVES = {"natural": _natural, "augmented": _augmented, "adversarial": _adversarial}


def trained(law: LawImages, objective: str, *, eps: float, seed: int = 0) -> LawNetwork:
    """A network trained on fresh samples of the law, in a second; the same bits for the same seed and threads."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(signed(Draws(seed, f"law {objective}").key))
        model = LawNetwork(law.side)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    for step in range(STEPS):
        data = law.sample(BATCH, seed=TRAINING_SEED + seed * STEPS + step)
        images = OBJECTIVES[objective](model, data, law, eps, step)
        optimizer.zero_grad()
        F.cross_entropy(model(images), data.labels).backward()
        optimizer.step()
        schedule.step()
    return model.eval()
