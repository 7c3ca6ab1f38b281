"""How hard a profile's attack tries, and what it finds: where each image is unfooled, and its nearest success."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.compute import tensor_checks
from empirical.measurement.plan import QUERIES, SEARCH_STEPS
from tradeoff.shared import checks

SLACK = 2e-7
"""A perturbation of size eps, added to a pixel and taken off again in float32, may come out larger by this much."""


@dataclass(frozen=True)
class Effort:
    """Settings of an attack on a profile; a schedule refuses those that it would ignore."""

    steps: int = 40
    search_steps: int = SEARCH_STEPS  # of `adaptive` and `quick`
    restarts: int = 1  # of `adaptive` and `quick`
    step_size: float | None = None  # of `per_eps`, the same for every eps
    precision: str = "float32"  # of the gradients that `adaptive` and `quick` follow
    queries: int = QUERIES  # of the random search of `adaptive`
    kernels: str = "torch"  # that compute them, and verify

    def __post_init__(self) -> None:
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")
        checks.at_least("search_steps", self.search_steps, 0, what="the number of gradient steps of the search")
        checks.at_least("restarts", self.restarts, 1, what="the number of full attacks that an image must survive")
        checks.at_least("queries", self.queries, 1, what="the number of logits asked for by image")
        if self.step_size is not None:
            object.__setattr__(self, "step_size", checks.size("step_size", self.step_size))


USUAL = Effort()


@dataclass(frozen=True, eq=False)
class Lowered:
    """What an ensemble of attacks did to the claims of a quick one.

    quick (n, k): who was unfooled before; by_loss, by_search (n,): whose claim fell to an attack on a loss, and to a
    search without gradients.
    """

    quick: Tensor
    by_loss: Tensor
    by_search: Tensor

    @classmethod
    def nothing(cls, images: int, grid: Tensor) -> Lowered:
        """Before anything is attacked."""
        no = torch.zeros(images, dtype=torch.bool, device=grid.device)
        return cls(torch.ones(images, len(grid), dtype=torch.bool, device=grid.device), no, no.clone())


@dataclass(frozen=True, eq=False)
class Outcome:
    """n images against a grid of k ascending eps, and what it cost.

    unfooled (n, k): whether the answer did not change at that eps. nearest (n,): the l_inf size of the smallest
    perturbation found that changes it, infinite where none was; images (n, c, h, w): the image moved by it, or as it
    was. Every success is what a float32 forward pass says about the stored image. lowered: what the ensemble did, if
    the schedule has one.
    """

    unfooled: Tensor
    nearest: Tensor
    images: Tensor
    evaluations: int  # gradients of single images
    queries: int = 0  # single images that only logits were asked for
    lowered: Lowered | None = None


def unfooled_at(nearest: Tensor, grid: Tensor) -> Tensor:
    """(n, k) whether no success of size at most eps is known; at eps = 0 only the image as it is counts.

    An image of one ball lies in every larger ball, so what fools at one eps is carried upwards.
    """
    return nearest[:, None] > torch.where(grid > 0, grid + SLACK, grid)[None]


def claimed(nearest: Tensor, grid: Tensor) -> Tensor:
    """(n,) the last eps of the grid at which each image is unfooled; its first one for an image unfooled nowhere."""
    return grid[(unfooled_at(nearest, grid).sum(dim=1) - 1).clamp(min=0)]


def attackable(nearest: Tensor, grid: Tensor) -> Tensor:
    """(n,) whether an image is unfooled at an eps where there is something to attack."""
    return unfooled_at(nearest, grid)[:, 0] & (claimed(nearest, grid) > 0)


def column(values: Tensor) -> Tensor:
    """(n,) -> (n, 1, 1, 1), to go with images."""
    return values[:, None, None, None]


def sizes(moved: Tensor, images: Tensor) -> Tensor:
    """(n,) l_inf size of each perturbation."""
    return (moved - images).flatten(1).abs().amax(dim=1) if len(images) else torch.zeros(0, device=images.device)


@dataclass(frozen=True)
class Schedule:
    """An attack on a whole profile, (model, images, labels, indices, grid, *, draws, effort, batch_size) -> `Outcome`,
    and what it says to settings that it would ignore.

    Raises
    ------
    InputError
        For images that are no float32, in which successes are verified, or labels that do not go with them.
    """

    attack: Callable[..., Outcome]
    check: Callable[[Effort], None]

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, *given: object, **named: object) -> Outcome:
        tensor_checks.labels(labels, len(tensor_checks.images(images)))
        if images.dtype != torch.float32:
            raise checks.InputError(
                f"images are {images.dtype}, and what fools is verified in float32; use images.float(), and "
                "own_type.askable(model, images) for a model of another type"
            )
        return self.attack(model, images, labels, *given, **named)
