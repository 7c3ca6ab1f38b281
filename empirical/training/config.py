"""All that a trained network depends on, and the content hash that names it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from empirical.compute.provenance import code_identity as code_identity
from empirical.compute.provenance import versions as versions
from tradeoff.shared import checks, storage

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
