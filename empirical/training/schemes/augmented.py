"""Training on randomly transformed images: Aug-R, Aug-T, Aug-RT of Kamath et al., Section 4, or none."""

from __future__ import annotations

from dataclasses import replace

from torch import nn

from empirical.compute.draws import Draws
from empirical.training.config import TrainingConfig
from empirical.training.schemes.base import Batch, Outcome, on
from empirical.transforms.augmentation import Augmentation


def augmented(model: nn.Module, batch: Batch, config: TrainingConfig) -> Outcome:
    """Cross-entropy on images that are transformed afresh each time; without any range it is plain training."""
    batch = transformed(batch, config)
    return on(model, batch.images, batch.labels)


def transformed(batch: Batch, config: TrainingConfig) -> Batch:
    """The batch under the random transformations of its update, which every scheme begins with."""
    chosen = Augmentation(
        *(config.augment_deg, config.augment_shift, config.crop_px, config.flip),
        *(config.interpolation, config.padding, config.resampling),
    )
    draws = Draws(config.seed, "augment", batch.update)
    return replace(batch, images=chosen(batch.images, batch.indices, draws))
