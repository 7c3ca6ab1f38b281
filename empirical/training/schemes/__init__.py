"""What is minimised in training: a batch to a loss. A new objective is a function and an entry in OBJECTIVES."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from empirical.training.config import TrainingConfig
from empirical.training.schemes.augmented import augmented
from empirical.training.schemes.base import Batch
from empirical.training.schemes.pgd import pgd

OBJECTIVES: dict[str, Callable[[nn.Module, Batch, TrainingConfig], Tensor]] = {"augmented": augmented, "pgd": pgd}
