"""What is measured of a network, and how. The plan, the model and the data make the identity of a run.

Importing this loads no torch, so that a command can say what it does at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from empirical.measurement.profile_attack import SCHEDULES
from tradeoff.shared import checks, storage

if TYPE_CHECKING:
    from torch import Tensor

    from empirical.data.images import ImageSet
    from empirical.measurement.profile_attack.base import Effort

GREY_EPS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
COLOUR_EPS = tuple(k / 255 for k in (0, 1, 2, 4, 8, 16))
MOST = 10**6
COUNTS = {
    "draws": (1, 10_000),
    "steps": (1, MOST),
    "restarts": (1, 10_000),
    "audit": (0, 2**31 - 1),
    "queries": (1, 2**31 - 1),
    "seed": (0, 2**63 - 1),
}
"""Whole numbers of a plan, the least that each may be, and the most that can be counted or waited for."""
MOST_SHIFT = 2**15
"""Pixels; more than images have."""
PAPER_STEP = 0.01
"""Of the per-eps schedule: Kamath et al., Section 4, 40 steps of 0.01 on MNIST."""
METHODS = {
    "answers": 1,
    "robustness": 2,
    "moves": 1,
    "control": 1,
    "joint": 2,
    "exact": 2,
    "distance": 1,
    "audit": 2,
}
"""How each part is computed: a number that is raised by hand when its results may change, and not by an edit that
leaves them. It stands in the identity of a run, so that no run goes on with numbers of another method."""
PARTS = tuple(part for part in METHODS if part != "answers")
"""What can be left out; the answers to the images as they are cannot."""
PRECISIONS = ("auto", "float32", "bfloat16")
"""Of gradients; auto takes bfloat16 where the processor computes in it and the network's gradients bear it."""
SEARCH_STEPS = 10
"""Of the adaptive and quick schedules where none are asked for."""
QUERIES = 5000
"""Of the search without gradients, as AutoAttack makes them."""
LATER_FIELDS: dict[str, Any] = {}
"""Fields of `Plan` added since, with their default; left out of identities while they have it."""


@dataclass(frozen=True)
class Plan:
    """Grids, draws and the effort of the attack; 0 is part of every grid. Lists may be text with commas, or one value.

    Raises
    ------
    InputError
        For a value out of range, a part that does not exist, or a setting that the schedule would ignore.
    """

    eps: tuple[float, ...] = GREY_EPS  # [0, 1] pixel scale, "8/255" is understood
    angles: tuple[float, ...] = (0.0, 30.0, 60.0, 90.0, 180.0)  # ranges of rotation, degrees both ways
    shifts: tuple[int, ...] = (0, 1, 2, 3, 4)  # ranges of translation, whole pixels both ways
    draws: int = 5  # random moves of each image
    attack_schedule: str = "adaptive"
    steps: int = 40
    search_steps: int | None = None  # of the adaptive and quick schedules, which take 10
    restarts: int = 1
    step_size: float | None = None  # of the per-eps schedule
    gradients: str = "auto"
    audit: int = 64  # images attacked independently at every eps
    queries: int = QUERIES  # of the search without gradients: on every claim if adaptive, else on the audited images
    skip: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("eps", "angles", "shifts", "skip"):
            object.__setattr__(self, name, checks.listed(name, getattr(self, name)))
        eps = {checks.pixel_eps("eps", value) for value in self.eps}
        angles = {checks.degrees("angles", value) for value in self.angles}
        shifts = {
            checks.at_most("shifts", checks.at_least("shifts", value, 0, what="pixels"), MOST_SHIFT)
            for value in self.shifts
        }
        object.__setattr__(self, "eps", tuple(sorted({0.0} | eps)))
        object.__setattr__(self, "angles", tuple(sorted({0.0} | angles)))
        object.__setattr__(self, "shifts", tuple(sorted({0} | shifts)))
        for name, (least, most) in COUNTS.items():
            value = checks.at_least(name, getattr(self, name), least, what="a count or a seed")
            object.__setattr__(self, name, checks.at_most(name, value, most))
        if self.step_size is not None:
            step_size = checks.positive("step_size", self.step_size, what="a step on the [0, 1] pixel scale")
            object.__setattr__(self, "step_size", step_size)
        if self.search_steps is not None:
            value = checks.at_least("search_steps", self.search_steps, 0, what="the steps of the search")
            object.__setattr__(self, "search_steps", checks.at_most("search_steps", value, MOST))
        checks.known("attack_schedule", self.attack_schedule, SCHEDULES)
        checks.known("gradients", self.gradients, PRECISIONS)
        for part in self.skip:
            checks.known("skip", part, PARTS)
        object.__setattr__(self, "skip", tuple(sorted(set(self.skip))))
        if "robustness" in self.skip and "audit" not in self.skip:
            object.__setattr__(self, "skip", tuple(sorted({*self.skip, "audit"})))  # nothing to audit
        if self.attack_schedule == "per_eps":
            self._per_eps()
        elif self.search_steps is None:
            object.__setattr__(self, "search_steps", SEARCH_STEPS)
        self.effort("float32")

    def _per_eps(self) -> None:
        """What this schedule would not look at is refused; a step that is not given is the paper's."""
        if self.search_steps not in (None, 0) or self.gradients == "bfloat16":
            raise checks.InputError(
                f"search_steps={self.search_steps}, gradients={self.gradients!r} have no effect with "
                "attack_schedule='per_eps', which does not search and works in float32; leave them out"
            )
        object.__setattr__(self, "search_steps", 0)
        if self.step_size is None:
            object.__setattr__(self, "step_size", PAPER_STEP)

    def effort(self, precision: str, kernels: str = "torch") -> Effort:
        """The attack's settings, refused here where the schedule would refuse them later."""
        from empirical.measurement.profile_attack.base import Effort

        asked = self.steps, self.search_steps or 0, self.restarts, self.step_size
        effort = Effort(*asked, precision=precision, queries=self.queries, kernels=kernels)
        SCHEDULES[self.attack_schedule].check(effort)
        return effort

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Plan:
        """The plan that a stored content describes; a field that it lacks was added later and has its first value."""
        if not isinstance(content, Mapping):
            raise checks.InputError(f"content={content!r} is no plan; pass what stands under plan in a run.json")
        for name in content:
            checks.known("content", name, cls.__dataclass_fields__)
        return cls(**(LATER_FIELDS | dict(content)))

    @property
    def content(self) -> dict[str, Any]:
        """The settings that identify a measurement."""
        return storage.identifying(asdict(self), LATER_FIELDS)

    @property
    def searches(self) -> bool:
        """Whether the attack on the profile has a search without gradients of its own."""
        return self.attack_schedule == "adaptive"

    @property
    def methods(self) -> dict[str, int]:
        """The version of the method of each part that is measured."""
        return {part: METHODS[part] for part in ("answers", *self.parts)}

    @property
    def parts(self) -> tuple[str, ...]:
        """What there is to do: ranges of 0 alone leave nothing to move, an audit of no image nothing to audit."""
        idle = {
            "moves": len(self.angles) == len(self.shifts) == 1,
            "control": len(self.angles) == 1,
            "joint": len(self.angles) == 1,
            "audit": not self.audit,
        }
        return tuple(part for part in PARTS if part not in self.skip and not idle.get(part, False))


def content(plan: Plan, precision: str, checksum: str, answers: Tensor, data: ImageSet) -> dict[str, Any]:
    """All that the numbers depend on but for rounding: plan, methods, the precision that is used, model and data.

    The source of this package is not part of it: an edit that changes numbers raises `METHODS`. The answers tell apart
    most networks that differ in their code alone; `measurement.run` looks closer before it goes on with what is on
    file.
    """
    return {
        "plan": plan.content | {"gradients": precision},
        "methods": plan.methods,
        "model": checksum,
        "answers": storage.content_id(answers.tolist()),
        "data": data.name,
        "data_checksum": data.checksum,
        "images": len(data),
        "which": storage.content_id(data.indices.tolist()),
    }


def audit_rows(images: int, plan: Plan) -> list[int]:
    """The images that are audited, chosen at random, so that a sorted data set does not give one class."""
    from empirical.compute.draws import Draws

    order = Draws(plan.seed, "audit").permutation(images)
    return sorted(order[: plan.audit].tolist())


def usual_eps(data: ImageSet) -> tuple[float, ...]:
    """Up to .3 for one channel, as on MNIST; up to 16/255 for several, as on CIFAR-10."""
    return GREY_EPS if data.images.shape[1] == 1 else COLOUR_EPS
