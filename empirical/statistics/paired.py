"""Networks on the same images, compared image by image; and training seeds of one network put together.

Three kinds of rows, each a flat JSON object a line in pairs.jsonl; a difference is ``after`` minus ``before``, and
before is the network that was named first::

    images        two runs, image by image: the mean difference of each image's share of hits. Where an image has a
                  single outcome, ``lost`` and ``gained`` count the images on which only before, and only after, has it,
                  and ``p_value`` is McNemar's, exact and two-sided: half of the images that differ would fall on either
                  side if the networks did not.
    seeds         one network over its training seeds: mean, standard error, Student's t interval
    seed_pairs    two networks with equally many training seeds, the first with the first, and so on: the same of the
                  differences

Quantities and places are those of `readings`, with one change: among correctly classified images (..._given_correct)
pairs need images that both networks classify correctly, so that it reads ..._given_both_correct. Intervals are at 95 %,
each for itself; null stands for what one image, one seed, or seeds that agree
exactly cannot tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import combinations
from typing import Any

import torch
from scipy.special import ndtri
from torch import Tensor

from empirical.measurement.measured import Measured
from empirical.statistics import student
from empirical.statistics.exact_tests import mcnemar_two_sided
from empirical.statistics.over_seeds import LEVEL, Network, networks, over_seeds, same_images
from empirical.statistics.rates import mean_error
from empirical.statistics.readings import Place, flipped, tables
from tradeoff.shared import checks, storage
from tradeoff.shared.results import Interval

GIVEN, GIVEN_BOTH = "_given_correct", "_given_both_correct"


@dataclass(frozen=True)
class Pair:
    """Two runs at a place, image by image."""

    before: str
    after: str
    run_before: str
    run_after: str
    quantity: str
    grid: float | None
    second: float | None
    value_before: float
    value_after: float
    difference: float
    standard_error: float | None
    low: float | None
    high: float | None
    images: int
    lost: int | None
    gained: int | None
    p_value: float | None
    kind: str = "images"


@dataclass(frozen=True)
class Seeds:
    """One network over its training seeds at a place; with ``other`` its differences from another network."""

    name: str
    other: str | None  # the network before, for differences
    runs: tuple[str, ...]
    training_seeds: tuple[int | None, ...]
    quantity: str
    grid: float | None
    second: float | None
    values: tuple[float, ...]
    mean: float
    standard_error: float | None
    low: float | None
    high: float | None
    kind: str = "seeds"


Row = Pair | Seeds
KINDS: dict[str, type[Pair] | type[Seeds]] = {"images": Pair, "seeds": Seeds, "seed_pairs": Seeds}


def rows(found: Sequence[Measured]) -> list[Row]:
    """All comparisons of several measurements.

    Raises
    ------
    InputError
        If the networks were not measured on the same images in the same way, or one comes twice.
    """
    groups = networks(found)
    made: list[Row] = []
    for before, after in combinations(groups, 2):
        for one, two in zip(before.runs, after.runs, strict=False):
            made += pairs(one, two)
    for network in groups:
        if len(network.runs) > 1:
            made += seeds(network)
    for before, after in combinations(groups, 2):
        if len(before.runs) == len(after.runs) > 1:
            made += seed_pairs(before, after)
    return made


def pairs(before: Measured, after: Measured) -> list[Pair]:
    """Two runs at every place that both have.

    Raises
    ------
    InputError
        If they were not measured on the same images.
    """
    same_images(before, after)
    one, two = _shares(before), _shares(after)
    made = []
    for place in one:
        if place in two:
            common = one[place].of[torch.isin(one[place].of, two[place].of)]
            if len(common):
                made.append(_pair(before, after, place, one[place].take(common), two[place].take(common)))
    return made


@dataclass(frozen=True, eq=False)
class _Shares:
    """What each image that counts at a place has: its share of hits, or its distance."""

    of: Tensor  # (rows,) its row in the data, ascending
    values: Tensor  # (rows,) float64
    outcomes: int  # for an image; 0 where the values are no shares

    def take(self, wanted: Tensor) -> _Shares:
        return _Shares(wanted, self.values[torch.isin(self.of, wanted)], self.outcomes)


def _shares(found: Measured) -> dict[Place, _Shares]:
    every, right = torch.arange(len(found.data)), found.right.nonzero()[:, 0]
    made = {}
    for place, table in tables(found):
        of = right if place[0].endswith(GIVEN) else found.audited if place[0].startswith("audit_") else every
        outcomes = math.prod(table.shape[1:])
        made[place] = _Shares(of, table.reshape(len(of), outcomes).double().mean(dim=1), outcomes)
    if "distance" in found.plan.parts:
        left = flipped(found)
        made["boundary_distance", None, None] = _Shares(every[left], found.samples["distance.norms"][left].double(), 0)
    return made


def _pair(before: Measured, after: Measured, place: Place, one: _Shares, two: _Shares) -> Pair:
    differences = two.values - one.values
    mean, error = mean_error(differences)
    interval = _of_shares(differences) if one.outcomes else student.interval(mean, error, len(differences), level=LEVEL)
    lost = gained = p_value = None
    if one.outcomes == two.outcomes == 1:
        lost, gained = int((differences < 0).sum()), int((differences > 0).sum())
        p_value = mcnemar_two_sided(lost, gained)
    quantity, grid, second = place
    if quantity.endswith(GIVEN):
        quantity = quantity.removesuffix(GIVEN) + GIVEN_BOTH
    return Pair(
        *(before.name, after.name, before.run, after.run, quantity, grid, second),
        value_before=float(one.values.mean()),
        value_after=float(two.values.mean()),
        difference=mean,
        standard_error=_finite(error),
        low=_finite(interval.low),
        high=_finite(interval.high),
        images=len(differences),
        lost=lost,
        gained=gained,
        p_value=p_value,
    )


def _of_shares(differences: Tensor) -> Interval:
    """Bonett & Price 2012: two images more, one that differs either way. Without them, networks that never differ on
    ten images would be shown to be equal.
    """
    padded = torch.cat([differences, torch.tensor([1.0, -1.0], dtype=torch.float64)])
    half = float(ndtri(0.5 + LEVEL / 2)) * math.sqrt(float(padded.var(correction=0)) / len(padded))
    centre = float(padded.mean())
    return Interval(max(centre - half, -1.0), min(centre + half, 1.0))


def seeds(network: Network) -> list[Seeds]:
    """A network over its training seeds, at every place that all have."""
    made = []
    for place in network.places():
        value = network.at(*place)
        if value is not None:
            made.append(_over(network, None, place, value.values, "seeds"))
    return made


def seed_pairs(before: Network, after: Network) -> list[Seeds]:
    """Differences of two networks with equally many training seeds, paired in their order."""
    made = []
    for place in before.places():
        one, two = before.at(*place), after.at(*place)
        if one is not None and two is not None:
            differences = tuple(b - a for a, b in zip(one.values, two.values, strict=True))
            made.append(_over(after, before.name, place, differences, "seed_pairs"))
    return made


def _over(network: Network, other: str | None, place: Place, values: tuple[float, ...], kind: str) -> Seeds:
    mean, error, interval = over_seeds(values)
    return Seeds(
        name=network.name,
        other=other,
        runs=tuple(run.run for run in network.runs),
        training_seeds=tuple(run.training_seed for run in network.runs),
        quantity=place[0],
        grid=place[1],
        second=place[2],
        values=values,
        mean=mean,
        standard_error=_finite(error),
        low=_finite(interval.low),
        high=_finite(interval.high),
        kind=kind,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def line(row: Row) -> str:
    """A row as it stands in a file, without the line feed."""
    return storage.json_line(asdict(row))


def row(content: dict[str, Any]) -> Row:
    """The comparison that a line of pairs.jsonl holds, from its JSON object; unknown keys are left alone.

    Raises
    ------
    InputError
        For another kind of row, or one that lacks keys.
    """
    if not isinstance(content, dict):
        raise checks.InputError(f"content is {type(content).__name__}; pass the JSON object of a line of pairs.jsonl")
    kind = checks.known("kind", str(content.get("kind")), KINDS)
    try:
        given = {spec.name: content[spec.name] for spec in fields(KINDS[kind])}
    except KeyError as error:
        raise checks.InputError(f"a row of kind={kind!r} has no {error}; it was not written by this package") from None
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, list)}
    return KINDS[kind](**given | lists)
