"""Networks that were measured on the same images: runs of one name are training seeds of one network.

With one seed a value has the interval over images; with several it is the mean over seeds, with Student's t interval
over seeds, which holds the luck of training and says nothing about other images.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

import numpy as np
import torch

from empirical.measurement.measured import Measured
from empirical.statistics import student
from empirical.statistics.readings import Place, Reading, readings
from tradeoff.shared import checks
from tradeoff.shared.results import Interval

LEVEL = 0.95
MAY_DIFFER = ("eps", "angles", "shifts", "skip", "gradients")
"""Fields of plans that may differ: places that one network lacks are left out of a comparison."""


@dataclass(frozen=True)
class Value:
    """A quantity of a network at a place; ``readings`` holds one for each training seed."""

    readings: tuple[Reading, ...]

    @property
    def values(self) -> tuple[float, ...]:
        return tuple(one.value for one in self.readings)

    @property
    def value(self) -> float:
        return sum(self.values) / len(self.values)

    @property
    def is_rate(self) -> bool:
        return self.readings[0].rate is not None

    @property
    def interval(self) -> Interval:
        """Over images for one seed, over seeds for several; of a rate within [0, 1], of a mean from 0 on.

        Seeds that agree exactly, at 0 or 1 say, show no spread to judge by; there it is that over images of one seed.
        """
        if min(self.values) == max(self.values):
            return self.readings[0].interval(LEVEL)
        _, _, interval = over_seeds(self.values)
        return Interval(max(interval.low, 0.0), min(interval.high, 1.0 if self.is_rate else math.inf))

    @property
    def hits(self) -> int:
        return sum(one.rate.hits for one in self.readings if one.rate is not None)

    @property
    def trials(self) -> int:
        return sum(one.rate.trials for one in self.readings if one.rate is not None)


@dataclass(frozen=True, eq=False)
class Network:
    """The runs of one name, in the order in which they were given."""

    name: str
    runs: tuple[Measured, ...]

    @cached_property
    def _readings(self) -> list[dict[Place, Reading]]:
        return [{(one.quantity, one.grid, one.second): one for one in readings(run)} for run in self.runs]

    @property
    def first(self) -> Measured:
        return self.runs[0]

    def places(self) -> list[Place]:
        """Where every run has a reading, in the order of `readings`."""
        first, *others = self._readings
        return [place for place in first if all(place in other for other in others)]

    def at(self, quantity: str, grid: float | None = None, second: float | None = None) -> Value | None:
        """The value at a place; None unless every run has one."""
        place = (quantity, grid, second)
        if not all(place in one for one in self._readings):
            return None
        return Value(tuple(one[place] for one in self._readings))

    def profile(self, quantity: str) -> tuple[list[float], list[Value]]:
        """A quantity along its only grid, ascending; empty if it was not measured."""
        grid = sorted(place[1] for place in self.places() if _along(place, quantity) and place[1] is not None)
        values = [self.at(quantity, point) for point in grid]
        return grid, [value for value in values if value is not None]


def _along(place: Place, quantity: str) -> bool:
    return place[0] == quantity and place[2] is None


def several(name: str, values: Sequence[float]) -> list[float]:
    """Numbers, one for each training seed; NaN where a value could not be had."""
    if not isinstance(values, (list, tuple, np.ndarray)) or not len(values):
        raise checks.InputError(f"{name}={values!r} is no list of numbers; pass one for each training seed")
    return [value if isinstance(value, float) else checks.real(name, value) for value in values]


def over_seeds(values: Sequence[float]) -> tuple[float, float, Interval]:
    """Mean, standard error and Student's t interval.

    A single value has no error but infinity, and values that agree exactly tell no interval: it is infinite.
    """
    values = several("values", values)
    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return mean, math.inf, Interval(-math.inf, math.inf)
    error = float(np.std(values, ddof=1)) / math.sqrt(n)
    if min(values) == max(values):
        return mean, 0.0, Interval(-math.inf, math.inf)
    return mean, error, student.interval(mean, error, n, level=LEVEL)


def networks(found: Sequence[Measured]) -> list[Network]:
    """The measured runs by name, names in the order of their first run.

    Raises
    ------
    InputError
        If there is none, if they were not measured on the same images in the same way, or if a name holds the same
        weights twice.
    """
    if not isinstance(found, Sequence) or not all(isinstance(one, Measured) for one in found):
        raise checks.InputError("found holds what is no measurement; pass a list of what empirical.measure returned")
    if not found:
        raise checks.InputError("found=[] holds no measurement; measure at least one network")
    for one in found[1:]:
        same_images(found[0], one)
        _same_way(found[0], one)
    groups: dict[str, list[Measured]] = {}
    for one in found:
        group = groups.setdefault(one.name, [])
        if any(one.run == other.run for other in group):
            raise checks.InputError(
                f"name={one.name!r} holds the run {one.run} twice; leave one out, or give training seeds of their own"
            )
        if any(one.content["model"] == other.content["model"] for other in group):
            raise checks.InputError(
                f"name={one.name!r} holds two runs with the same weights (checksum {one.content['model']}), which are "
                "no training seeds of one network; give each a name of its own"
            )
        group.append(one)
    return [Network(name, tuple(runs)) for name, runs in groups.items()]


def same_images(one: Measured, two: Measured) -> None:
    """Refuse two measurements whose rows are not the same images.

    Raises
    ------
    InputError
        If sources or the choices of images from them differ.
    """
    if one.data.checksum != two.data.checksum:
        raise checks.InputError(
            f"{one.name!r} was measured on data={one.data.name!r} (checksum {one.data.checksum}), {two.name!r} on "
            f"data={two.data.name!r} (checksum {two.data.checksum}); networks are compared image by image: measure "
            "both on the same images"
        )
    if not torch.equal(one.data.indices.cpu(), two.data.indices.cpu()):
        raise checks.InputError(
            f"{one.name!r} and {two.name!r} were measured on different images of data={one.data.name!r} "
            f"({len(one.data)} and {len(two.data)} of them, or in another order); measure both with the same limit"
        )


def _same_way(one: Measured, two: Measured) -> None:
    first, second = asdict(one.plan), asdict(two.plan)
    for field in first:
        if field not in MAY_DIFFER and first[field] != second[field]:
            raise checks.InputError(
                f"{one.name!r} was measured with {field}={first[field]!r}, {two.name!r} with {second[field]!r}; their "
                "numbers do not compare: measure both with one plan"
            )
