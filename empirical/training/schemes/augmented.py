"""Training on randomly rotated images."""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.training.config import TrainingConfig
from empirical.training.schemes.base import Batch
from empirical.transforms.resampling import random_rotation


def augmented(model: nn.Module, batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy on images turned by a fresh random angle each time; range 0 is plain training."""
    draws = Draws(config.seed, "augment", batch.update)
    images = random_rotation(batch.images, batch.indices, config.augment_deg, draws)
    return F.cross_entropy(model(images), batch.labels)
