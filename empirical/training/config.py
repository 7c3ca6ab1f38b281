"""All that a trained network depends on, and the content hash that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tradeoff.shared import checks, storage

METHOD = 1
"""How networks are trained, as a number that is raised by hand when the weights that a config leads to may change."""
LATER_FIELDS: dict[str, Any] = {"method": 1}
"""Fields added to a config after the first ones, with their default: left out of the hash while they have it, so that
the ids of older networks stay."""

# What this version can do. A field names each choice, so that records say it; another value is refused, not ignored.
SUPPORTED: dict[str, tuple[str, ...]] = {
    "interpolation": ("bilinear",),
    "padding": ("zeros",),
}

IGNORED = {"augmented": ("eps", "attack_steps", "eps_warmup"), "pgd": ("augment_deg",)}
"""Knobs of training that an objective does not look at: two configs that differ in them would be one network."""


@dataclass(frozen=True)
class TrainingConfig:
    """All that a trained network depends on; its id names the network's folder.

    Raises
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
    method: int = METHOD

    def __post_init__(self) -> None:
        # Equal configs have equal ids: 30 and 30.0, "8/255" and 8/255 are the same number.
        object.__setattr__(self, "eps", checks.pixel_eps("eps", self.eps))
        for name in ("data", "data_checksum", "network", "objective"):
            if not isinstance(getattr(self, name), str):
                raise checks.InputError(f"{name}={getattr(self, name)!r} is not text; write {name}='...'")
        checks.positive("std", self.std, what="a standard deviation of pixels in [0, 1]")
        for name in ("augment_deg", "eps_warmup", "learning_rate", "std"):
            object.__setattr__(self, name, checks.not_negative(name, getattr(self, name)))
        object.__setattr__(self, "mean", checks.real("mean", self.mean))
        for name, least in (
            ("held_out", 1),
            ("attack_steps", 0),
            ("updates", 1),
            ("batch_size", 1),
            ("seed", 0),
            ("method", 1),
        ):
            value = checks.at_least(name, getattr(self, name), least, what="a count or a seed")
            object.__setattr__(self, name, value)
        for name, values in SUPPORTED.items():
            checks.known(name, getattr(self, name), values)
        for name in IGNORED.get(self.objective, ()):
            if getattr(self, name):
                raise checks.InputError(
                    f"{name}={getattr(self, name):g} has no effect with objective={self.objective!r}; set it to 0"
                )

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> TrainingConfig:
        """The config that a stored content describes; a field that it lacks was added later and has its first value.

        Raises
        ------
        TypeError
            For a content that is none of a config.
        """
        return cls(**(LATER_FIELDS | dict(content)))

    @property
    def id(self) -> str:
        return storage.content_id(storage.identifying(asdict(self), LATER_FIELDS))
