"""DeepFool in l_2 (Moosavi-Dezfooli et al. 2016): how far is the nearest image with another answer?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Std, length_of
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

LEAST = 1e-4
"""The shortest step, as a share of what was added so far."""


@dataclass(frozen=True, eq=False)
class Distances:
    """What DeepFool found: images (n, c, h, w), the norm (n,) of each perturbation, and whether the answer left.

    ``norms`` are l_2 norms of what was really added, overshoot and clipping included, in units of the std if there is
    one. A norm means a distance only where ``flipped``, which is what a fresh forward pass of the final image says.
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
        if self.eps is not None:
            object.__setattr__(self, "eps", self._ball.eps)
        checks.at_least("steps", self.steps, 1, what="the number of linearisations")
        checks.not_negative("overshoot", self.overshoot)
        if self.candidates is not None:
            checks.at_least("candidates", self.candidates, 2, what="classes considered, the label's among them")

    @property
    def _ball(self) -> Ball:
        return Ball(1e6 if self.eps is None else self.eps, "l2", self.bounds, self.std)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,) -> images beyond the boundary, same shape and range."""
        return self.distances(model, images, labels).images

    def distances(self, model: nn.Module, images: Tensor, labels: Tensor) -> Distances:
        """Moved images, norms of their perturbations, and which of them a fresh forward pass answers otherwise."""
        region = self._ball.around(images)
        images = region.images
        with frozen(model):
            total, at, rows = torch.zeros_like(images), images.clone(), torch.arange(len(images), device=images.device)
            for _ in range(self.steps):
                least = LEAST * length_of(total[rows] / region.scale)
                step, unfooled = self._step(model, at[rows], labels[rows], least, region.scale)
                rows = rows[unfooled]
                if not len(rows):
                    break
                total[rows] += step
                # The overshoot is of the sum: on the last step alone it would leave many images on the boundary.
                at[rows] = region.take(rows).project(images[rows] + (1 + self.overshoot) * total[rows])
            with torch.no_grad():
                flipped = model(at).argmax(dim=1) != labels
        return Distances(at, length_of((at - images) / region.scale).flatten(), flipped)

    def _step(
        self, model: nn.Module, at: Tensor, labels: Tensor, least: Tensor, scale: float | Tensor
    ) -> tuple[Tensor, Tensor]:
        """For the images that still have their label: the step to the nearest linearised boundary; and which these are.

        The nearest is the class l with the least |z_l - z_y| / ||grad z_l - grad z_y||.
        """
        at = at.detach().requires_grad_()
        with torch.enable_grad():
            logits = model(at)
            unfooled = logits.argmax(dim=1) == labels
            if not unfooled.any():
                return at.detach()[:0], unfooled
            order = logits.detach().scatter(1, labels[:, None], float("inf")).argsort(dim=1, descending=True)
            order = order[:, : self.candidates or logits.shape[1]]
            gaps = logits.gather(1, order[:, 1:]) - logits.gather(1, order[:, :1])  # negative while unfooled
            slopes = [
                torch.autograd.grad(gaps[:, k].sum(), at, retain_graph=True)[0][unfooled] * scale
                for k in range(gaps.shape[1])
            ]
        normals = torch.stack(slopes, 1)  # (unfooled, candidates, c, h, w), in units of the std
        lengths = torch.linalg.vector_norm(normals.flatten(2), dim=2).clamp(min=1e-30)
        away = gaps.detach()[unfooled].abs()
        nearest = (away / lengths).argmin(dim=1, keepdim=True)
        normal = normals[torch.arange(len(normals), device=at.device), nearest[:, 0]]
        length = lengths.gather(1, nearest)[..., None, None]
        # Where the slope falls towards the boundary, steps to it shrink without end: none is below ``least``.
        far = torch.maximum(away.gather(1, nearest)[..., None, None] / length, least[unfooled])
        return far * normal / length * scale, unfooled
