"""DeepFool in l_2 (Moosavi-Dezfooli et al. 2016): how far is the nearest image with another answer?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Std, length_of, scaled
from empirical.attacks.base import held
from empirical.attacks.losses import fooled
from empirical.compute.draws import Draws
from empirical.compute.forward import slopes
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

LEAST = 1e-4
"""The shortest step, as a share of what was added so far."""
FARTHEST = 1e6
"""The longest step, and norm, where no eps is given: any image of the usual scale is left far behind."""


@dataclass(frozen=True, eq=False)
class Distances:
    """What DeepFool found: images (n, c, h, w), the norm (n,) of each perturbation, and whether the answer left.

    ``norms`` are l_2 norms of what was really added, overshoot and clipping included, in units of the std if there is
    one. A norm means a distance only where ``flipped``, which is what a fresh forward pass of the final image says; an
    image from which no slope leads away stays where it is, unflipped.
    """

    images: Tensor
    norms: Tensor
    flipped: Tensor

    @property
    def unflipped(self) -> Frequency:
        """The share of images whose answer could not be changed."""
        return Frequency(int((~self.flipped).sum()), len(self.flipped))


@dataclass(frozen=True)
class DeepFool:
    """Steps to the nearest boundary of the linearised network, added up; the sum is lengthened by ``overshoot``.

    The labels are those to leave: pass the predicted ones for the distance of Kamath et al.; an image with another
    answer has distance 0. On a linear network the first step is exact. With ``eps``, a longer perturbation is shrunk to
    that norm. No draws.
    """

    eps: float | None = None  # l_2, see `ball`; None: as far as it takes
    steps: int = 50
    overshoot: float = 0.02
    candidates: int | None = 10  # classes considered, by falling logit; None for all
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        ball = self._ball  # checks the budget
        if self.eps is not None:
            object.__setattr__(self, "eps", ball.eps)
        checks.at_least("steps", self.steps, 1, what="the number of linearisations")
        checks.not_negative("overshoot", self.overshoot)
        if self.candidates is not None:
            checks.at_least("candidates", self.candidates, 2, what="classes considered, the label's among them")

    @property
    def _ball(self) -> Ball:
        return Ball(FARTHEST if self.eps is None else self.eps, "l2", self.bounds, self.std)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,) -> images beyond the boundary, same shape and range."""
        return self.distances(model, images, labels).images

    def distances(self, model: nn.Module, images: Tensor, labels: Tensor) -> Distances:
        """Moved images, norms of their perturbations, and which of them a fresh forward pass answers otherwise."""
        region = self._ball.around(images)
        images = region.images
        with held(model, images, labels):
            total = torch.zeros_like(images, dtype=torch.promote_types(images.dtype, torch.float32))
            at, rows = images.clone(), torch.arange(len(images), device=images.device)
            for _ in range(self.steps):
                least = LEAST * length_of(total[rows] / region.scale)
                step, moves = self._step(model, at[rows], labels[rows], least, region.scale)
                rows = rows[moves]
                if not len(rows):
                    break
                total[rows] += step
                # The overshoot is of the sum: on the last step alone it would leave many images on the boundary.
                at[rows] = region.take(rows).project(images[rows] + (1 + self.overshoot) * total[rows])
            with torch.no_grad():
                flipped = fooled(model(at), labels)
        return Distances(at, length_of((at - images) / region.scale).flatten(), flipped)

    def _step(
        self, model: nn.Module, at: Tensor, labels: Tensor, least: Tensor, scale: float | Tensor
    ) -> tuple[Tensor, Tensor]:
        """The step to the nearest linearised boundary; and (n,) which images take one.

        Those do that still have their label and a slope. The nearest is the class l with the least
        |z_l - z_y| / ||grad z_l - grad z_y||.
        """
        at = at.detach().requires_grad_()
        with torch.enable_grad():
            logits = model(at)
            unfooled = ~fooled(logits, labels)
            if not unfooled.any():
                return least[:0], unfooled
            order = logits.detach().scatter(1, labels[:, None], float("inf")).argsort(dim=1, descending=True)
            order = order[:, : self.candidates or logits.shape[1]]
            gaps = logits.gather(1, order[:, 1:]) - logits.gather(1, order[:, :1])  # negative while unfooled
            ways = [slopes(gaps[:, k], [at], again=True)[0][unfooled] for k in range(gaps.shape[1])]
        normals = torch.stack(ways, 1).to(least.dtype) * scale  # (unfooled, candidates, c, h, w), in units of the std
        away, (normals, powers) = gaps.detach()[unfooled].abs(), _without_powers(normals)
        lengths = torch.linalg.vector_norm(normals.flatten(2), dim=2)
        distances = torch.where(lengths > 0, torch.ldexp(away / lengths.clamp(min=0.5), -powers), math.inf)
        nearest = distances.nan_to_num(math.inf).argmin(dim=1, keepdim=True)
        far, length = distances.gather(1, nearest), lengths.gather(1, nearest)
        sloped = far.isfinite()[:, 0]
        moves = unfooled.clone()
        moves[unfooled] = sloped
        normal = normals[torch.arange(len(normals), device=at.device), nearest[:, 0]][sloped]
        # Where the slope falls towards the boundary, steps to it shrink without end: none is below ``least``.
        far = torch.maximum(far[sloped].clamp(max=FARTHEST)[..., None, None], least[moves])
        return far * normal / length[sloped][..., None, None] * scale, moves


def _without_powers(normals: Tensor) -> tuple[Tensor, Tensor]:
    """(n, k, c, h, w) normals without their powers of two (n, k), so that no square of them under- or overflows."""
    each = normals.flatten(0, 1)
    powers = torch.frexp(each.flatten(1).abs().amax(dim=1)).exponent
    return scaled(each, -powers).view_as(normals), powers.view(normals.shape[:2])
