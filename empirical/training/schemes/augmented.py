"""Training on randomly transformed images."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.training.config import TrainingConfig
from empirical.training.schemes.base import Batch
from empirical.transforms.resampling import random_rotation


def augmented(model: nn.Module, batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy on images turned by a fresh random angle each time; range 0 is plain training."""
    draws = Draws(config.seed, "augment", batch.update)
    return transformed(model, batch, lambda images: random_rotation(images, batch.indices, config.augment_deg, draws))


def transformed(model: nn.Module, batch: Batch, transform: Callable[[Tensor], Tensor]) -> Tensor:
    """Cross-entropy on what ``transform`` makes of the images."""
    return F.cross_entropy(model(transform(batch.images)), batch.labels)
