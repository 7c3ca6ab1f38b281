"""Training schemes by name: what is minimised for a batch of images. A new one is a file here and a line in SCHEMES."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from empirical.training.config import TrainingConfig
from empirical.training.schemes.augmented import augmented
from empirical.training.schemes.base import Batch
from empirical.training.schemes.pgd import pgd

SCHEMES: dict[str, Callable[[nn.Module, Batch, TrainingConfig], Tensor]] = {"augmented": augmented, "pgd": pgd}
