"""All that a trained network depends on, and the content hash that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from empirical.training.choices import CHOICES, OBJECTIVES
from empirical.training.phases import Phase, in_order
from tradeoff.shared import checks, storage

METHOD = 1
"""How networks are trained, as a number that is raised by hand when the weights that a config leads to may change."""
LATER_FIELDS: dict[str, Any] = {
    "method": 1,
    "train_images": 0,
    "augment_shift": 0.0,
    "crop_px": 0,
    "flip": False,
    "resampling": "float64",
    "norm": "linf",
    "attack_step_size": 0.0,
    "attack_mode": "eval",
    "beta": 0.0,
    "attacks": (),
    "optimiser": "adam",
    "momentum": 0.0,
    "weight_decay": 0.0,
    "clip_norm": 0.0,
    "schedule": "linear",
    "milestones": (),
    "averaging": 0.0,
    "validation": 0,
    "validate_every": 0,
    "compute": "float32",
    "phases": (),
    "shape": (1, 28, 28),
    "classes": 10,
}
"""Fields added to a config after the first ones, with the value that they had before: left out of the hash while they
have it, so that the ids of older networks stay."""

RESTING: dict[str, Any] = {"eps": 0.0, "attack_steps": 0, "eps_warmup": 0.0} | {
    name: LATER_FIELDS[name] for name in ("norm", "attack_step_size", "attack_mode", "beta", "attacks")
}
"""What a knob that is not looked at must be set to."""


@dataclass(frozen=True)
class TrainingConfig:
    """All that a trained network depends on; its id names the network's folder.

    Parameters
    ----------
    data, data_checksum : str
        Name and checksum of the images; ``held_out`` of them are left for measuring.
    train_images : int
        So many of the others are trained on, the first of a random order; 0 for all.
    network : str
        A name in `empirical.models.MODELS`, with options as in ``resnet18:width=16``; its input is normalised by
        ``mean`` and ``std``, inside it.
    objective : str
        A name in `empirical.training.schemes.SCHEMES`.
    augment_deg, augment_shift : float
        Fresh rotation of each image, uniform in +-augment_deg, and shift of both axes, uniform in +-augment_shift of
        the width and then rounded to whole pixels (Kamath et al., Section 4). 0 for none. In every objective: what is
        attacked is the transformed image.
    crop_px, flip
        Shift by up to so many pixels with black borders, which is padding and cropping, and exchange of left and right
        in half of all cases; before the rotation.
    eps, norm, attack_steps, attack_step_size, attack_mode
        The attack of training, on the [0, 1] pixel scale; a step size of 0 stands for eps / 2 (fgsm: 1.25 eps). The
        network is in eval mode while it is attacked unless the mode is "train".
    eps_warmup : float
        Share of the updates over which eps grows to its value.
    beta : float
        Weight of the divergence in TRADES.
    attacks : tuple of str
        What "max" and "average" train against: names in `empirical.training.schemes.mixed.ADVERSARIES`.
    updates, batch_size, learning_rate, optimiser, momentum, weight_decay, clip_norm, schedule, milestones
        The descent. ``milestones`` are shares of the updates at which the schedule "step" divides the rate by 10.
    averaging : float
        Decay of the moving average of the weights that is the trained network; 0 for the last weights.
    validation, validate_every : int
        So many training images are kept out, and asked every so many updates; the best network by them is kept, too.
    compute : str
        Precision and memory format; "fastest" is chosen by the clock where training starts, and on record.
    phases : tuple of Phase
        What changes on the way: two-stage training, a curriculum.
    shape, classes
        Channels, height and width of the images, and the number of classes: those of the data.

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
    augment_deg: float
    eps: float  # [0, 1] pixel scale, "8/255" is understood; 0 for no attack in training
    attack_steps: int
    eps_warmup: float
    updates: int
    batch_size: int
    learning_rate: float
    seed: int
    mean: float | tuple[float, ...] = 0.0
    std: float | tuple[float, ...] = 1.0
    interpolation: str = "bilinear"
    padding: str = "zeros"
    method: int = METHOD
    train_images: int = 0
    augment_shift: float = 0.0
    crop_px: int = 0
    flip: bool = False
    resampling: str = "float64"
    norm: str = "linf"
    attack_step_size: float = 0.0
    attack_mode: str = "eval"
    beta: float = 0.0
    attacks: tuple[str, ...] = ()
    optimiser: str = "adam"
    momentum: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float = 0.0
    schedule: str = "linear"
    milestones: tuple[float, ...] = ()
    averaging: float = 0.0
    validation: int = 0
    validate_every: int = 0
    compute: str = "float32"
    phases: tuple[Phase, ...] = ()
    shape: tuple[int, int, int] = (1, 28, 28)
    classes: int = 10

    def __post_init__(self) -> None:
        # Equal configs have equal ids: 30 and 30.0, "8/255" and 8/255, a list and a tuple are the same.
        self._set("eps", checks.pixel_eps("eps", self.eps) if self.norm == "linf" else checks.size("eps", self.eps))
        for name in ("data", "data_checksum", "network", "objective"):
            if not isinstance(getattr(self, name), str):
                raise checks.InputError(f"{name}={getattr(self, name)!r} is not text; write {name}='...'")
        self._set("std", _each(self.std, lambda std: float(checks.positive("std", std, what=DEVIATION))))
        self._set("mean", _each(self.mean, lambda mean: checks.real("mean", mean)))
        for name in NOT_NEGATIVE:
            self._set(name, checks.not_negative(name, getattr(self, name)))
        for name, most in (("augment_deg", 180.0), ("augment_shift", 1.0), ("eps_warmup", 1.0)):
            if getattr(self, name) > most:
                raise checks.InputError(f"{name}={getattr(self, name):g} must be at most {most:g}; use {most / 2:g}")
        for name in ("momentum", "averaging"):
            if not getattr(self, name) < 1:
                raise checks.InputError(f"{name}={getattr(self, name):g} must be below 1; use 0.9 or 0.999")
        for name, least in COUNTS.items():
            self._set(name, checks.at_least(name, getattr(self, name), least, what="a count or a seed"))
        for name, values in CHOICES.items():
            checks.known(name, getattr(self, name), values)
        checks.boolean("flip", self.flip)
        self._set("attacks", tuple(self.attacks))
        self._set("milestones", tuple(checks.not_negative("milestones", one) for one in self.milestones))
        self._set("phases", in_order(self.phases))
        self._set("shape", _shape(self.shape))
        self._check_together()

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def _check_together(self) -> None:
        """What one field asks of another."""
        looked_at = OBJECTIVES.get(self.objective)
        for name, rest in RESTING.items():
            if looked_at is not None and name not in looked_at and getattr(self, name) != rest:
                raise checks.InputError(
                    f"{name}={_plain(getattr(self, name))} has no effect with objective={self.objective!r}; "
                    f"set it to {_plain(rest)}"
                )
        if self.milestones and self.schedule != "step":
            raise checks.InputError(
                f"milestones={self.milestones} have no effect with schedule={self.schedule!r}; use schedule='step'"
            )
        if self.momentum and self.optimiser != "sgd":
            raise checks.InputError(
                f"momentum={self.momentum:g} has no effect with optimiser={self.optimiser!r}; use optimiser='sgd'"
            )
        if bool(self.validation) != bool(self.validate_every):
            raise checks.InputError(
                f"validation={self.validation} and validate_every={self.validate_every} belong together; give both "
                "a number from 1 on, or both 0"
            )
        if self.objective == "fgsm" and not self.validation:
            raise checks.InputError(
                "validation=0 would let a collapse of objective='fgsm' pass unseen; keep some images out, such as "
                "validation=500 with validate_every=100"
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


DEVIATION = "a standard deviation of pixels in [0, 1]"
NOT_NEGATIVE = (
    *("augment_deg", "augment_shift", "eps_warmup", "attack_step_size", "beta"),
    *("learning_rate", "momentum", "weight_decay", "clip_norm", "averaging"),
)
COUNTS = {
    **{"held_out": 1, "attack_steps": 0, "updates": 1, "batch_size": 1, "seed": 0, "method": 1},
    **{"train_images": 0, "crop_px": 0, "validation": 0, "validate_every": 0, "classes": 1},
}
"""Whole numbers, with the least that they may be."""


def _each(values: Any, check: Any) -> Any:
    """A number checked, or one for each channel."""
    if isinstance(values, (tuple, list)) and values:
        return tuple(map(check, values))
    return check(values)


def _shape(shape: Any) -> tuple[int, ...]:
    """Channels, height and width."""
    if not isinstance(shape, (tuple, list)) or len(shape) != 3:
        raise checks.InputError(f"shape={shape!r} is not channels, height and width; write it like (3, 32, 32)")
    return tuple(checks.at_least("shape", one, 1, what="channels, height and width") for one in shape)


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else repr(value)
