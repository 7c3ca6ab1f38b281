"""Training against several attacks at once (Tramer & Boneh 2019): the worst of them for each image, or all alike."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.base import Attack
from empirical.attacks.flow import Flow
from empirical.attacks.rigid import Rigid
from empirical.training.config import TrainingConfig
from empirical.training.schemes.adversarial import SINGLE_STEP, STEP, ascending, attack_draws, attacked
from empirical.training.schemes.augmented import transformed
from empirical.training.schemes.base import Batch, Outcome
from tradeoff.shared import checks

ADVERSARIES: dict[str, Callable[[Batch, TrainingConfig], Attack]] = {
    "pgd": lambda batch, config: ascending(batch, config, config.attack_steps, STEP),
    "fgsm": lambda batch, config: ascending(batch, config, 1, SINGLE_STEP),
    "flow": lambda batch, config: Flow(steps=config.attack_steps),
    "rigid": lambda batch, config: Rigid(grid=None),
}
"""Attacks by name; "clean" stands for the images as they are. Flow and rigid have the budgets of their defaults."""
CLEAN = "clean"


def worst(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """The mean over images of the largest loss under any of the attacks (the "max" strategy)."""
    return _over(model, batch, config, lambda losses: losses.max(dim=0))


def average(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """The mean over images and attacks (the "average" strategy); the logits are those of the worst."""
    return _over(model, batch, config, lambda losses: (losses.mean(dim=0), losses.argmax(dim=0)))


def _over(
    model: nn.Module, batch: Batch, config: TrainingConfig, reduce: Callable[[Tensor], tuple[Tensor, Tensor]]
) -> Outcome:
    if len(config.attacks) < 2:
        raise checks.InputError(
            f"attacks={config.attacks} are too few for objective={config.objective!r}; name two or more of "
            f"{', '.join((CLEAN, *ADVERSARIES))}"
        )
    batch = transformed(batch, config)
    logits = torch.stack([model(_images(model, batch, config, name)) for name in config.attacks])
    losses = torch.stack([F.cross_entropy(one, batch.labels, reduction="none") for one in logits])
    loss, which = reduce(losses)
    return Outcome(loss.mean(), logits[which, torch.arange(len(which), device=which.device)])


def _images(model: nn.Module, batch: Batch, config: TrainingConfig, name: str) -> Tensor:
    if name == CLEAN:
        return batch.images
    attack = ADVERSARIES[checks.known("attacks", name, (CLEAN, *ADVERSARIES))](batch, config)
    return attacked(model, batch, attack, attack_draws(batch, config).part(name), config).detach()
