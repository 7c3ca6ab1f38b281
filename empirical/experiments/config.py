"""A run of an experiment: a network that is trained, and how it is measured. Its content is its identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from empirical.measurement.plan import Plan
from empirical.training.config import LATER_FIELDS, TrainingConfig
from tradeoff.shared import checks, storage


@dataclass(frozen=True)
class RunConfig:
    """A network, and the plan by which it is measured on held-out images.

    Parameters
    ----------
    training : TrainingConfig
        Data, network, objective, budget and seed.
    plan : Plan
        Grids and effort of the measurement.
    images : int
        How many of the held-out images are measured, the first ones.
    other_methods : mapping of str to int, optional
        Versions of the methods by which a stored run was measured, where they are not those of this version.

    Raises
    ------
    InputError
        If ``images`` is below 1.

    Notes
    -----
    The id is a hash of the settings and of the versions of the methods (`empirical.measurement.plan.METHODS`). It does
    not depend on the machine, nor on the source of this package.
    """

    training: TrainingConfig
    plan: Plan
    images: int
    other_methods: Mapping[str, int] | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        checks.at_least("images", checks.integer("images", self.images), 1, what="the number of measured images")

    @property
    def methods(self) -> Mapping[str, int]:
        """The version of the method of each part that is measured."""
        return self.plan.methods if self.other_methods is None else self.other_methods

    @property
    def content(self) -> dict[str, Any]:
        """The settings as JSON."""
        return {
            "training": storage.identifying(asdict(self.training), LATER_FIELDS),
            "plan": self.plan.content,
            "images": self.images,
            "methods": dict(self.methods),
        }

    @property
    def id(self) -> str:
        """Content hash."""
        return storage.content_id(self.content)

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> RunConfig:
        """The run that a content describes, also one that was read from a JSON file."""
        training, plan = TrainingConfig.from_content(content["training"]), Plan.from_content(content["plan"])
        methods = content["methods"]
        return cls(training, plan, content["images"], None if methods == plan.methods else methods)
