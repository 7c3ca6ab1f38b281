"""What a run is (`RunConfig`, whose content is its identity), what it found (`Profile`), and the record that keeps it.

A record is one flat JSON object a line. Keys may be added, but none changes its meaning:

    schema         1; readers upgrade older ones and refuse newer ones
    run            content hash of the RunConfig: data and their checksum, network, objective, budgets, seeds, eps unit,
                   attack label, clipping, interpolation, padding (the config itself stands in configs.jsonl)
    quantity       clean_accuracy | one_minus_fooling | adversarial_accuracy | one_minus_fooling_given_correct |
                   invariance | spatial_accuracy | invariance_given_correct | those of `readings`
    grid           eps on the [0, 1] pixel scale, or the range of rotation in degrees; null for clean_accuracy
    hits, trials   counts; trials of rotation quantities are images times draws, so they come in clusters of an image;
                   null for a mean
    training_seed  null where it is not known
    versions, device, threads, code      what computed it; code is a hash of this package's source

Added by measurements (`reading_records`); null, or not there, in the records of a sweep:

    second           the place on the second grid of quantities that have two (`readings`)
    value            hits / trials, or the mean
    standard_error   of the value, over images; null if one image is all there is
    images           independent images behind it
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from empirical.compute import provenance
from empirical.compute.provenance import code_identity as code_identity
from empirical.compute.provenance import versions as versions
from empirical.measurement.run import Measured
from empirical.statistics.rates import Rate
from empirical.statistics.readings import Reading, readings
from tradeoff.shared import checks, storage
from tradeoff.shared.results import Frequency, Interval

SCHEMA = 1
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From an older schema version to the next one; empty while there is only one."""


@dataclass(frozen=True)
class Profile:
    """A quantity along a grid: counts only; rates and intervals are derived. ``+`` merges two of the same grid.

    >>> one = Profile("invariance", (0.0, 90.0), (Frequency(10, 10), Frequency(6, 10)))
    >>> (one + one).rates
    (1.0, 0.6)
    """

    quantity: str
    grid: tuple[float, ...]
    frequencies: tuple[Frequency, ...]

    def __post_init__(self) -> None:
        if len(self.grid) != len(self.frequencies) or not self.grid:
            raise ValueError(
                f"a profile needs one frequency for each grid value, got {len(self.grid)} and {len(self.frequencies)}"
            )

    def __add__(self, other: Profile) -> Profile:
        if (self.quantity, self.grid) != (other.quantity, other.grid):
            raise ValueError(
                f"profiles of {self.quantity} on {self.grid} and {other.quantity} on {other.grid} do not merge"
            )
        pairs = zip(self.frequencies, other.frequencies, strict=True)
        return Profile(self.quantity, self.grid, tuple(one + two for one, two in pairs))

    @property
    def rates(self) -> tuple[float, ...]:
        return tuple(frequency.rate for frequency in self.frequencies)

    def intervals(self, level: float = 0.99) -> tuple[Interval, ...]:
        return tuple(frequency.interval(level) for frequency in self.frequencies)


@dataclass(frozen=True)
class Record:
    """One count, or one mean, with all that identifies it."""

    run: str
    quantity: str
    grid: float | None
    hits: int | None
    trials: int | None
    training_seed: int | None
    versions: str
    device: str
    threads: int
    code: str
    schema: int = SCHEMA
    second: float | None = None
    value: float | None = None
    standard_error: float | None = None
    images: int | None = None

    @property
    def frequency(self) -> Frequency:
        """The count; an InputError for a mean, which has none."""
        if self.hits is None or self.trials is None:
            raise checks.InputError(f"quantity={self.quantity!r} of run={self.run!r} is no count; read its value")
        return Frequency(self.hits, self.trials)


def append(path: Path, records: Iterable[Record]) -> None:
    """Add records to a file, flushed, a torn last line cut off first."""
    storage.append_lines(path, (line(record) for record in records))


def line(record: Record) -> str:
    """A record as it stands in a file, without the line feed."""
    return json.dumps(asdict(record), sort_keys=True, allow_nan=False)


def read(path: Path) -> list[Record]:
    """All whole records of a file, older schema versions upgraded.

    Errors
    ------
    InputError
        For a record of a newer schema than this version knows, or one that lacks keys.
    """
    return [_upgraded(path, content) for content in storage.read_lines(path)]


def _upgraded(path: Path, content: dict[str, Any]) -> Record:
    while content.get("schema") != SCHEMA:
        upgrade = UPGRADES.get(content.get("schema", -1))
        if upgrade is None:
            raise checks.InputError(
                f"{str(path)!r} holds a record of schema {content.get('schema')}, this version reads up to {SCHEMA}; "
                "install a newer version of this package"
            )
        content = upgrade(content)
    try:
        return Record(**{spec.name: _content(spec, content) for spec in fields(Record)})
    except KeyError as error:
        raise checks.InputError(
            f"{str(path)!r} holds a record without {error}; it was not written by this package"
        ) from None


def _content(spec: Field[Any], content: dict[str, Any]) -> Any:
    """A key that was added after the first records has its default where it is not there."""
    return content[spec.name] if spec.default is MISSING else content.get(spec.name, spec.default)


def profiles(records: Iterable[Record]) -> dict[str, Profile]:
    """The counts of one run as profiles, by quantity; the grid in ascending order. Surfaces are left out."""
    found: dict[str, dict[float, Frequency]] = {}
    for record in records:
        if record.grid is not None and record.second is None and record.hits is not None:
            found.setdefault(record.quantity, {})[record.grid] = record.frequency
    return {
        quantity: Profile(quantity, tuple(sorted(points)), tuple(points[grid] for grid in sorted(points)))
        for quantity, points in found.items()
    }


def records_of(found: Measured) -> list[Record]:
    """Every reading of a measurement, in the order of `readings`."""
    machine = provenance.joined(found.machines)
    return [
        Record(
            *(found.run, one.quantity, one.grid),
            hits=None if one.rate is None else one.rate.hits,
            trials=None if one.rate is None else one.rate.trials,
            training_seed=found.training_seed,
            second=one.second,
            value=one.value,
            standard_error=one.error if math.isfinite(one.error) else None,
            images=one.clusters,
            **machine,
        )
        for one in readings(found)
    ]


def reading_of(record: Record) -> Reading:
    """The inverse for one record.

    Errors
    ------
    InputError
        For a record of a sweep, which does not say how many images are behind its trials.
    """
    if record.images is None or record.value is None:
        raise checks.InputError(
            f"quantity={record.quantity!r} of run={record.run!r} has no images and no value: it is no reading of a "
            "measurement; read its frequency"
        )
    error = math.inf if record.standard_error is None else record.standard_error
    place = (record.quantity, record.grid, record.second)
    if record.hits is None or record.trials is None:
        return Reading(*place, None, record.value, error, record.images)
    return Reading(*place, Rate(record.hits, record.trials, record.images, error))
