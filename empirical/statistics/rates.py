"""Rates of events that come in clusters of one image: several random moves of the same image are no new images."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from empirical.compute import tensor_checks
from empirical.statistics import student
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency, Interval


@dataclass(frozen=True)
class Rate:
    """Hits among trials on ``images`` images, and the standard error of the rate over images.

    >>> rate = Rate(hits=90, trials=100, images=20, standard_error=0.06)
    >>> rate.value
    0.9
    """

    hits: int
    trials: int
    images: int
    standard_error: float

    @property
    def value(self) -> float:
        return self.hits / self.trials

    @property
    def frequency(self) -> Frequency:
        return Frequency(self.hits, self.trials)

    def interval(self, level: float = 0.95) -> Interval:
        """Clopper-Pearson at the number of independent trials that have this standard error (Korn & Graubard 1998).

        That number is itself estimated, from as many values as there are images; their factor of Student's quantiles
        takes it down where these are few, by three tenths for 8 of them. With one trial for an image it is the
        interval of Clopper and Pearson. A rate of 0 or 1 has no spread to estimate from; there every image counts once.
        """
        from scipy.special import betaincinv

        student.confidence(level)
        if self.trials == self.images:
            return self.frequency.interval(level)
        rate, effective = self.value, float(self.images)
        if 0 < rate < 1 and self.standard_error > 0:
            effective = rate * (1 - rate) / self.standard_error**2 * self._few_images(level)
            effective = min(max(effective, 1.0), float(self.trials))
        hits, misses, tail = rate * effective, (1 - rate) * effective, (1 - level) / 2
        low = float(betaincinv(hits, misses + 1, tail)) if hits else 0.0
        high = float(betaincinv(hits + 1, misses, 1 - tail)) if misses else 1.0
        return Interval(min(low, rate), max(high, rate))

    def _few_images(self, level: float) -> float:
        """The square of t's quantile with the degrees of freedom of the trials over that with those of the images."""
        if self.images < 2:
            return 1.0  # without an error there is nothing to correct
        return (student.quantile(self.trials - 1, level) / student.quantile(self.images - 1, level)) ** 2


def rate(outcomes: Tensor) -> Rate:
    """The rate of (n,) or (n, draws) booleans, row by row one image."""
    table = _numbers("outcomes", outcomes)
    table = table.reshape(len(table), -1)
    return Rate(int(table.sum()), table.numel(), len(table), mean_error(table.mean(dim=1))[1])


def _numbers(name: str, values: Tensor) -> Tensor:
    """Float64 values, row by row one image; there must be one."""
    if not isinstance(values, Tensor) or not values.ndim or not values.numel():
        raise checks.InputError(
            f"{name} are {tensor_checks.described(values)}; pass a tensor with a row for each image"
        )
    return values.double()


def mean_error(values: Tensor) -> tuple[float, float]:
    """The mean of (n,) values and its standard error; of a single value the error is infinite."""
    values = _numbers("values", values).flatten()
    error = float(values.std()) / math.sqrt(len(values)) if len(values) > 1 else math.inf
    return float(values.mean()), error
