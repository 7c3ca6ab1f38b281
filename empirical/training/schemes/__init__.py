"""Training schemes by name: what is minimised for a batch of images. A new one is a file here and a line in SCHEMES,
and the knobs that it looks at are a line in `empirical.training.choices.OBJECTIVES`.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from empirical.training.config import TrainingConfig
from empirical.training.schemes.adversarial import fgsm, pgd
from empirical.training.schemes.augmented import augmented
from empirical.training.schemes.base import Batch, Outcome
from empirical.training.schemes.mixed import average, worst
from empirical.training.schemes.trades import trades

SCHEMES: dict[str, Callable[[nn.Module, Batch, TrainingConfig], Outcome]] = {
    "augmented": augmented,
    "pgd": pgd,
    "fgsm": fgsm,
    "trades": trades,
    "max": worst,
    "average": average,
}
