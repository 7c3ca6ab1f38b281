"""TRADES (Zhang et al. 2019): clean cross-entropy, and how far the answer moves within the ball."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.ball import Region
from empirical.attacks.base import held
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent
from empirical.training.config import TrainingConfig
from empirical.training.schemes.adversarial import STEP, ascending, attack_draws, attacked
from empirical.training.schemes.augmented import transformed
from empirical.training.schemes.base import Batch, Outcome

NUDGE = 1e-3
"""Deviation of the normal start: at the image itself the divergence has no slope."""


def trades(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """Cross-entropy of the images plus ``beta`` KL(answer to the image || answer to the attacked image), eq. (5).

    The attack ascends the divergence. Both sides are computed from log-probabilities, so that a saturated answer
    gives a finite number and a finite slope.
    """
    batch = transformed(batch, config)
    climb = Divergence(ascending(batch, config, config.attack_steps, STEP))
    images = attacked(model, batch, climb, attack_draws(batch, config), config)
    logits = model(batch.images)
    apart = divergence(logits.log_softmax(1), model(images).log_softmax(1)).mean()
    return Outcome(F.cross_entropy(logits, batch.labels) + config.beta * apart, logits)


def divergence(of: Tensor, given: Tensor) -> Tensor:
    """(n,) KL(p || q) from log p and log q, (n, classes)."""
    return F.kl_div(given, of, reduction="none", log_target=True).sum(1)


class Divergence:
    """An attack that moves the answer as far as it can from the answer to the image, whatever the label."""

    def __init__(self, budget: PGD) -> None:
        self.budget = budget

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,), indices (n,) -> adversarial images, same shape and range."""
        region, size = self.budget.ball.around(images), self.budget.step_size
        assert size is not None
        with held(model, images, labels, indices, draws):
            with torch.no_grad():
                clean = model(images).log_softmax(1)
            moved = _nudged(region, indices, draws)
            for _ in range(self.budget.steps):
                _, _, gradient = ascent(model, moved, lambda logits: divergence(clean, logits.log_softmax(1)))
                moved = region.step(moved, gradient, size).detach()
        return moved


def _nudged(region: Region, indices: Tensor, draws: Draws) -> Tensor:
    noise = draws.normal(indices, tuple(region.images.shape[1:])).to(region.images)
    return torch.clamp(region.images + NUDGE * noise, region.low, region.high)
