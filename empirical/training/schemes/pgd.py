"""Adversarial training with PGD (Madry et al. 2018)."""

from __future__ import annotations

from torch import Tensor, nn

from empirical.attacks.base import Attack
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.training.config import TrainingConfig
from empirical.training.schemes.augmented import transformed
from empirical.training.schemes.base import Batch


def pgd(model: nn.Module, batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy on PGD examples only (Madry et al. 2018), crafted in eval mode; step size eps/2.

    eps grows linearly over the first ``eps_warmup`` of the updates: small networks collapse to a constant without it.
    """
    eps = config.eps * min(1.0, (batch.update + 1) / max(1.0, config.eps_warmup * config.updates))
    attack = PGD(eps, config.attack_steps, step_size=eps / 2)
    return attacked(model, batch, attack, Draws(config.seed, "training attack", batch.update))


def attacked(model: nn.Module, batch: Batch, attack: Attack, draws: Draws) -> Tensor:
    """Cross-entropy on the images that an attack makes of the batch against the network as it is."""
    return transformed(model, batch, lambda images: attack(model, images, batch.labels, batch.indices, draws=draws))
