"""What is minimised in training: a batch to a loss. A new objective is a function and an entry in OBJECTIVES."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.pgd import PGD
from empirical.draws import Draws
from empirical.records import TrainingConfig
from empirical.transforms import random_rotation


@dataclass(frozen=True, eq=False)
class Batch:
    """Images (n, c, h, w), labels (n,), image indices (n,), and the number of the update that they serve."""

    images: Tensor
    labels: Tensor
    indices: Tensor
    update: int


def augmented(model: nn.Module, batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy on images turned by a fresh random angle each time; range 0 is plain training."""
    draws = Draws(config.seed, "augment", batch.update)
    images = random_rotation(batch.images, batch.indices, config.augment_deg, draws)
    return F.cross_entropy(model(images), batch.labels)


def pgd(model: nn.Module, batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy on PGD examples only (Madry et al. 2018), crafted in eval mode; step size eps/2.

    eps grows linearly over the first ``eps_warmup`` of the updates: small networks collapse to a constant without it.
    """
    eps = config.eps * min(1.0, (batch.update + 1) / max(1.0, config.eps_warmup * config.updates))
    attack = PGD(eps, config.attack_steps, step_size=eps / 2)
    draws = Draws(config.seed, "training attack", batch.update)
    images = attack(model, batch.images, batch.labels, batch.indices, draws=draws)
    return F.cross_entropy(model(images), batch.labels)


OBJECTIVES: dict[str, Callable[[nn.Module, Batch, TrainingConfig], Tensor]] = {"augmented": augmented, "pgd": pgd}
