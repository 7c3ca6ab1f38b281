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
from collections.abc import Callable, Iterable
from dataclasses import MISSING, Field, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from empirical.provenance import code_identity as code_identity
from empirical.provenance import versions as versions
from tradeoff import checks, storage
from tradeoff.results import Frequency, Interval

SCHEMA = 1
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From an older schema version to the next one; empty while there is only one."""


LATER_FIELDS: dict[str, object] = {}
"""Fields added to a config after schema 1, with their default: left out of the hash while they have it, so that the
ids of older runs stay. Empty while there are none."""

# What this version can do. A field names each choice, so that records say it; another value is refused, not ignored.
SUPPORTED: dict[str, tuple[str, ...]] = {
    "interpolation": ("bilinear",),
    "padding": ("zeros",),
    "attack": ("pgd",),
    "attack_label": ("predicted",),
    "eps_unit": ("pixel",),
    "clipping": ("[0, 1]",),
}


IGNORED = {"augmented": ("eps", "attack_steps", "eps_warmup"), "pgd": ("augment_deg",)}
"""Knobs of training that an objective does not look at: two configs that differ in them would be one network."""


def identity(content: dict[str, Any]) -> str:
    """Content hash of a config, fields that were added later left out while they have their default."""
    kept = {name: value for name, value in content.items() if LATER_FIELDS.get(name, _ABSENT) != value}
    return storage.content_id(kept)


_ABSENT = object()


def _supported(config: object) -> None:
    for name, values in SUPPORTED.items():
        if hasattr(config, name):
            checks.known(name, getattr(config, name), values)


@dataclass(frozen=True)
class TrainingConfig:
    """All that a trained network depends on; its id names the network's folder.

    Errors
    ------
    InputError
        For a value out of range, a choice that this version does not have, or a knob that the objective ignores.
    """

    data: str
    data_checksum: str
    held_out: int
    network: str
    objective: str
    augment_deg: float  # rotation of each image, uniform in [-augment_deg, augment_deg]; 0 for none
    eps: float  # [0, 1] pixel scale, "8/255" is understood; 0 for no attack in training
    attack_steps: int
    eps_warmup: float  # share of the updates over which eps grows to its value
    updates: int
    batch_size: int
    learning_rate: float
    seed: int
    mean: float = 0.0  # normalisation, inside the network
    std: float = 1.0
    interpolation: str = "bilinear"
    padding: str = "zeros"

    def __post_init__(self) -> None:
        # Equal configs have equal ids: 30 and 30.0, "8/255" and 8/255 are the same number.
        object.__setattr__(self, "eps", checks.pixel_eps("eps", self.eps))
        for name in ("augment_deg", "eps_warmup", "learning_rate", "std"):
            object.__setattr__(self, name, checks.not_negative(name, getattr(self, name)))
        object.__setattr__(self, "mean", checks.real("mean", self.mean))
        for name, least in (("held_out", 1), ("attack_steps", 0), ("updates", 1), ("batch_size", 1), ("seed", 0)):
            checks.at_least(name, checks.integer(name, getattr(self, name)), least, what="a count or a seed")
        _supported(self)
        for name in IGNORED.get(self.objective, ()):
            if getattr(self, name):
                raise checks.InputError(
                    f"{name}={getattr(self, name):g} has no effect with objective={self.objective!r}; set it to 0"
                )

    @property
    def id(self) -> str:
        return identity(asdict(self))


@dataclass(frozen=True)
class MeasurementConfig:
    """How a trained network is measured.

    The label attacked is the predicted one: where the answer is right, that is the true one. The grids belong to the
    identity, because an image that is fooled at one eps counts as fooled at every larger one.
    """

    images: int
    eps_grid: tuple[float, ...]
    angle_grid: tuple[float, ...]
    attack: str = "pgd"
    attack_steps: int = 40
    attack_label: str = "predicted"
    eps_unit: str = "pixel"
    clipping: str = "[0, 1]"
    rotation_draws: int = 5
    interpolation: str = "bilinear"
    padding: str = "zeros"
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps_grid", tuple(sorted(checks.pixel_eps("eps_grid", eps) for eps in self.eps_grid)))
        angles = tuple(sorted(checks.not_negative("angle_grid", angle) for angle in self.angle_grid))
        object.__setattr__(self, "angle_grid", angles)
        for name, least in (("images", 1), ("attack_steps", 1), ("rotation_draws", 1), ("seed", 0)):
            checks.at_least(name, checks.integer(name, getattr(self, name)), least, what="a count or a seed")
        _supported(self)


@dataclass(frozen=True)
class RunConfig:
    """A network and how it is measured."""

    training: TrainingConfig
    measurement: MeasurementConfig

    @property
    def content(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def id(self) -> str:
        """Content hash."""
        return run_identity(self.content)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> RunConfig:
        """The inverse of ``content``, also after a way through JSON."""
        return cls(TrainingConfig(**content["training"]), MeasurementConfig(**content["measurement"]))


def run_identity(content: dict[str, Any]) -> str:
    """The id of a run from its stored content."""
    return storage.content_id({part: identity(content[part]) for part in ("training", "measurement")})


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


def profile_records(profile: Profile, run: RunConfig, machine: dict[str, Any]) -> list[Record]:
    """A profile as records; ``machine`` holds versions, device, threads and code."""
    pairs = zip(profile.grid, profile.frequencies, strict=True)
    seed = run.training.seed
    return [Record(run.id, profile.quantity, grid, seen.hits, seen.trials, seed, **machine) for grid, seen in pairs]


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
