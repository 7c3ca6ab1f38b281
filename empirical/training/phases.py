"""What changes in the course of a training: two stages in either order, or a curriculum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tradeoff.shared import checks

if TYPE_CHECKING:
    from empirical.training.config import TrainingConfig

MAY_CHANGE = (
    *("objective", "augment_deg", "augment_shift", "crop_px", "flip", "eps", "norm"),
    *("attack_steps", "attack_step_size", "attack_mode", "eps_warmup", "beta", "attacks"),
)
"""Fields of a config that a phase may set; all others hold for the whole training."""


@dataclass(frozen=True)
class Phase:
    """From ``start`` on, a share of the updates, the fields in ``changes`` have other values.

    With ``restart`` the optimiser forgets, and the learning rate begins its schedule anew: a second training that
    starts from the weights of the first. Without, both go on.

    >>> Phase(0.5, {"objective": "pgd", "eps": 0.1, "attack_steps": 5}).restart
    True

    Raises
    ------
    InputError
        For a start outside (0, 1), or a field that no phase may change.
    """

    start: float
    changes: Any  # a mapping, kept as sorted pairs: a config can be hashed
    restart: bool = True

    def __post_init__(self) -> None:
        start = checks.real("start", self.start)
        if not 0 < start < 1:
            raise checks.InputError(f"start={start:g} must lie between 0 and 1, a share of the updates; use 0.5")
        object.__setattr__(self, "start", start)
        checks.boolean("restart", self.restart)
        pairs = dict(self.changes if isinstance(self.changes, Mapping) else map(tuple, self.changes))
        for name in pairs:
            checks.known("changes", name, MAY_CHANGE)
        settled = {name: tuple(value) if isinstance(value, list) else value for name, value in pairs.items()}
        object.__setattr__(self, "changes", tuple(sorted(settled.items())))


def in_order(phases: Sequence[Any]) -> tuple[Phase, ...]:
    """The phases of a config, also as JSON has them; each must start after the one before."""
    found = tuple(one if isinstance(one, Phase) else Phase(**one) for one in phases)
    starts = [phase.start for phase in found]
    if starts != sorted(set(starts)):
        raise checks.InputError(f"phases start at {starts}; list them in order, each start once")
    return found


@dataclass(frozen=True)
class Stage:
    """A stretch of updates in which nothing changes but eps that warms up and the learning rate."""

    config: TrainingConfig
    first: int
    updates: int
    restart: bool

    def warm(self, update: int) -> float:
        """The share of eps at this update."""
        rising = max(1.0, self.config.eps_warmup * self.updates)
        return min(1.0, (update - self.first + 1) / rising)


@lru_cache(maxsize=64)
def stages(config: TrainingConfig) -> tuple[Stage, ...]:
    """The stretches of a training, in order.

    Raises
    ------
    InputError
        If a phase sets what its objective does not look at, or two phases start at the same update.
    """
    firsts = [0, *(round(phase.start * config.updates) for phase in config.phases), config.updates]
    if firsts != sorted(set(firsts)):
        raise checks.InputError(
            f"updates={config.updates} are too few for phases that start at {[phase.start for phase in config.phases]}"
            "; every phase needs an update of its own"
        )
    made, now = [], replace(config, phases=())
    for number, first in enumerate(firsts[:-1]):
        if number:
            now = replace(now, **dict(config.phases[number - 1].changes))
        restart = number == 0 or config.phases[number - 1].restart
        made.append(Stage(now, first, firsts[number + 1] - first, restart))
    return tuple(made)


def at(config: TrainingConfig, update: int) -> Stage:
    """The stretch that an update, counted from 0, belongs to."""
    return next(stage for stage in reversed(stages(config)) if stage.first <= update)


def cusp(eps: float, degrees: float = 180.0, *, other: Mapping[str, Any] | None = None) -> tuple[Phase, ...]:
    """The second and third step of CuSP, the curriculum over both perturbations, up to ``eps`` and ``degrees``.

    Kamath et al. (NeurIPS 2021): 120 epochs, of which 75 with a quarter of eps and two thirds of the angles, 15 with
    half and five sixths, and 30 with all; the rate falls by 10 at epochs 75, 90 and 100 and never begins anew. The
    first step is the config itself.

    >>> [(phase.start, dict(phase.changes)["augment_deg"]) for phase in cusp(8 / 255)]
    [(0.625, 150.0), (0.75, 180.0)]
    """
    fixed = dict(other or {})
    half = {**fixed, "eps": eps / 2, "augment_deg": degrees * 5 / 6}
    return Phase(75 / 120, half, restart=False), Phase(
        90 / 120, {**fixed, "eps": eps, "augment_deg": degrees}, restart=False
    )


def cusp_start(eps: float, degrees: float = 180.0) -> dict[str, Any]:
    """The first step of CuSP, and its learning rate's schedule, as fields of a config."""
    milestones = (75 / 120, 90 / 120, 100 / 120)
    return {"eps": eps / 4, "augment_deg": degrees * 2 / 3, "schedule": "step", "milestones": milestones}
