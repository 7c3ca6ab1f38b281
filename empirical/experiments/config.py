"""A run of an experiment: a trained network and how it is measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from empirical.compute.provenance import code_identity as code_identity
from empirical.compute.provenance import versions as versions
from empirical.statistics.records import Profile, Record
from empirical.training.config import TrainingConfig, _supported, identity
from tradeoff.shared import checks, storage


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


def profile_records(profile: Profile, run: RunConfig, machine: dict[str, Any]) -> list[Record]:
    """A profile as records; ``machine`` holds versions, device, threads and code."""
    pairs = zip(profile.grid, profile.frequencies, strict=True)
    seed = run.training.seed
    return [Record(run.id, profile.quantity, grid, seen.hits, seen.trials, seed, **machine) for grid, seen in pairs]
