"""Images that are not trained on, asked on the way: which network was the best, and whether training collapsed."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn

from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.data.images import ImageSet
from empirical.training.config import TrainingConfig
from empirical.training.phases import stages
from tradeoff.shared.results import Frequency

STEPS = 10
"""Of the attack on validation images, of eps / 4 each: it can cross the ball."""
COLLAPSE = 0.5
"""A robust accuracy below this share of the best one so far is a collapse (catastrophic overfitting)."""


@dataclass(frozen=True)
class Found:
    """Right answers to validation images, as they are and attacked."""

    clean: Frequency
    robust: Frequency | None

    @property
    def score(self) -> float:
        """What the best network is chosen by: robust accuracy where training attacks, else clean accuracy."""
        return (self.robust or self.clean).rate


def ask(model: nn.Module, images: ImageSet, config: TrainingConfig) -> Found:
    """The accuracy on validation images; under PGD-10 at the largest eps of the training, if it has any."""
    clean = predict(model, images.images) == images.labels
    budget = max((stage.config for stage in stages(config)), key=lambda one: one.eps)
    if not budget.eps:
        return Found(_rate(clean), None)
    attack = PGD(budget.eps, STEPS, step_size=budget.eps / 4, norm=budget.norm)
    moved = attack(model, images.images, images.labels, images.indices, draws=Draws(config.seed, "validation attack"))
    return Found(_rate(clean), _rate(clean & (predict(model, moved) == images.labels)))


def collapsed(found: Found, best: float, config: TrainingConfig) -> bool:
    """Whether single-step training has learnt to fool its attack: robust accuracy is lost that was there."""
    single = any(stage.config.objective == "fgsm" for stage in stages(config))
    return single and found.robust is not None and found.robust.rate < COLLAPSE * best


def _rate(right: torch.Tensor) -> Frequency:
    return Frequency(int(right.sum()), len(right))
