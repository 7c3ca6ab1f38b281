"""Models with one thing wrong, and the measurement that shows it: each trips exactly the flag of its name.

Most of them tell images whose left half is white from images whose right half is. White and black are 1 and 0, so the
answer cannot be changed below eps = 1/2, by anything: where such a model is to be robust, it is, and what a flag sees
is the fault that was made on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.data.images import ImageSet
from empirical.measurement.plan import Plan

SIDE, IMAGES = 8, 32
PARTS = ("moves", "control", "joint", "exact", "distance")
"""What the flags do not look at."""


def halves(contrast: float = 1.0) -> Tensor:
    """(IMAGES, 1, SIDE, SIDE) images by turns brighter on the left and on the right, by ``contrast``."""
    bright = torch.arange(SIDE) < SIDE // 2
    left = torch.where(bright, 0.5 + contrast / 2, 0.5 - contrast / 2).expand(1, SIDE, SIDE)
    return torch.stack([left, left.flip(2)]).repeat(IMAGES // 2, 1, 1, 1)


def labelled(images: Tensor) -> ImageSet:
    """Images by turns of class 0 and class 1."""
    numbers = torch.arange(len(images))
    return ImageSet("faulty", "faulty", 2, images, numbers % 2, numbers)


def plan(*eps: float, audit: int = IMAGES, schedule: str = "quick", steps: int = 10, search_steps: int = 5) -> Plan:
    """A short measurement of robustness, in float32 so that it is the same everywhere."""
    return Plan(
        eps=eps,
        audit=audit,
        queries=100,
        attack_schedule=schedule,
        steps=steps,
        search_steps=None if schedule == "per_eps" else search_steps,
        gradients="float32",
        skip=PARTS,
    )


class Scored(nn.Module):
    """Class 0 where a score (n,) of the images is positive, else class 1."""

    def __init__(self, score: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.score = score
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """(n, c, h, w) -> (n, 2)."""
        score = self.score(images)
        return torch.stack([score, -score], dim=1)


def brighter_left(images: Tensor) -> Tensor:
    """(n,) mean of the left half minus that of the right, all channels together."""
    return images[..., : SIDE // 2].mean(dim=(1, 2, 3)) - images[..., SIDE // 2 :].mean(dim=(1, 2, 3))


def reversed_gradient(images: Tensor) -> Tensor:
    """The honest score, whose gradient points the wrong way."""
    score = brighter_left(images)
    return 2 * score.detach() - score


def with_dropout(images: Tensor) -> Tensor:
    """Dropout that no mode switches off."""
    return brighter_left(functional.dropout(images, 0.1, training=True))


class Dropping(nn.Module):
    """The honest score, behind a dropout that is on in training mode."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.1)

    def forward(self, images: Tensor) -> Tensor:
        """(n, c, h, w) -> (n,)."""
        return brighter_left(self.dropout(images))


def minus_mean_of_batch(images: Tensor) -> Tensor:
    score = brighter_left(images)
    return score - 0.2 * score.mean()


def centred_in_place(images: Tensor) -> Tensor:
    return brighter_left(images.sub_(0.5))


def other_sign_with_gradients(images: Tensor) -> Tensor:
    """Another function where it is attacked than where it is verified."""
    return brighter_left(images) * (-1 if images.requires_grad else 1)


def saturated(images: Tensor) -> Tensor:
    """So sure that the softmax of the other class underflows."""
    return 1e4 * brighter_left(images)


def made_for_centred(images: Tensor) -> Tensor:
    """Right for pixels in [-1, 1], whose left half is 1 or -1; of pixels in [0, 1] it always says class 0."""
    return images[..., : SIDE // 2].mean(dim=(1, 2, 3)) + 0.1


def smoothed_if_rough(images: Tensor) -> Tensor:
    """Decides by a faint channel, which any attack turns, but takes rough images for attacked; there the other judges.

    A random start is as rough as its eps: within .05 it passes, within .2 it does not.
    """
    faint, clear = brighter_left(images[:, :1]), brighter_left(images[:, 1:])
    rough = images[:, :1].diff(dim=3).abs().mean(dim=(1, 2, 3)) > 0.08
    return torch.where(rough, clear, faint)


WEAK_EPS = 0.1


@dataclass(frozen=True)
class WeakInside:
    """The first channel is robust; the second, grey in every image, turns the answer where most pixels lie in a strip.

    The strip is a plateau from .3 to .7 of WEAK_EPS, to which the gradient points from nearly everywhere. An attack
    whose step is shorter than the strip is wide walks in and stays. One with a longer step jumps beyond, where no
    gradient leads back; and an attack that tries corners of the ball only never meets it.
    """

    eps: float = WEAK_EPS

    def __call__(self, images: Tensor) -> Tensor:
        """(n, 2, h, w) -> (n,)."""
        move = (images[:, 1] - 0.5) / self.eps
        slope, rise = 0.1 * (move + 1) / 1.2, 10 * (move - 0.2)
        inside = torch.where(move < 0.2, slope, (0.1 + 0.9 * rise).clamp(max=1)) * (10 * (0.8 - move)).clamp(0, 1)
        return brighter_left(images[:, :1]) * (0.65 - inside.mean(dim=(1, 2)))


def beside(first: Tensor, second: Tensor) -> Tensor:
    """Two channels."""
    return torch.cat([first, second], dim=1)


Faulty = tuple[nn.Module, ImageSet, Plan]
"""What is handed to `measurement.run`."""
FAULTY_MODELS: dict[str, Callable[[], Faulty]] = {
    "training_mode": lambda: (Scored(Dropping()).train(), labelled(halves()), plan(0.1, 0.3)),
    "changing": lambda: (Scored(with_dropout), labelled(halves()), plan(0.1, 0.3)),
    "batch": lambda: (Scored(minus_mean_of_batch), labelled(halves()), plan(0.1, 0.3)),
    "inputs": lambda: (Scored(centred_in_place), labelled(halves()), plan(0.1, 0.3)),
    "near_chance": lambda: (Scored(made_for_centred), labelled(halves().repeat(2, 1, 1, 1)), plan(0.1, 0.3)),
    "zero_gradients": lambda: (Scored(saturated), labelled(halves()), plan(0.1, 0.3)),
    "eps_zero": lambda: (Scored(other_sign_with_gradients), labelled(halves()), plan(0.1, 0.3)),
    "short_steps": lambda: (
        Scored(brighter_left),
        labelled(halves()),
        plan(0.1, 0.4, schedule="per_eps", steps=40),  # of 0.01 each, the paper's
    ),
    "not_monotone": lambda: (
        Scored(smoothed_if_rough),
        labelled(beside(halves(0.04), halves())),
        plan(0.05, 0.2),
    ),
    "grey_bound": lambda: (Scored(reversed_gradient), labelled(halves()), plan(0.1, 0.3, 0.6)),
    "black_box": lambda: (Scored(reversed_gradient), labelled(halves(0.1)), plan(0.1, 0.2, schedule="adaptive")),
    "weak_schedule": lambda: (
        Scored(WeakInside()),
        labelled(beside(halves(), torch.full_like(halves(), 0.5))),
        plan(WEAK_EPS, search_steps=0),  # ten steps: the first ones are longer than the radius
    ),
}
"""(model, images, plan) by the name of the one flag that a measurement of it raises."""
