"""Projected gradient ascent in the l_inf or l_2 ball (Madry et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Region, Std
from empirical.attacks.base import best_of, held
from empirical.attacks.losses import LOSSES, fooled, margin
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent
from empirical.compute.logit_scale import lead
from tradeoff.shared import checks

CLEAR = 1e-4
"""An image is left alone early if another class leads by this share of the mean lead: rounding does not undo that."""
ENOUGH = 0.75
"""Images that are left alone are taken out of the batch when so many are left: a CPU prepares its convolutions anew for
every size of a batch."""


@dataclass(frozen=True)
class PGD:
    """Random start, ``steps`` steps of steepest ascent, each projected on the ball and on the bounds.

    The default step size 2.5 eps / steps crosses the ball from any start; a fixed 0.01 with 40 steps (the paper's)
    cannot for eps above 0.2. One run returns its last image; with more ``restarts`` the best one counts, and images
    that were fooled are not attacked again. Restart r draws as ``restart=r`` does. With ``early_stop`` an image is left
    alone where it is fooled first: all are fooled that the last images fool, and those that are fooled on the way.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    steps: int = 40
    step_size: float | None = None
    norm: str = "linf"
    loss: str = "cross_entropy"  # a name in LOSSES
    restarts: int = 1
    random_start: bool = True
    bounds: Bounds = PIXELS
    std: Std = None
    early_stop: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", self.ball.eps)
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")
        if self.step_size is not None:
            object.__setattr__(self, "step_size", checks.size("step_size", self.step_size))
        checks.known("loss", self.loss, LOSSES)
        checks.boolean("random_start", self.random_start)
        checks.boolean("early_stop", self.early_stop)
        checks.at_least("restarts", self.restarts, 1, what="the number of runs")
        if self.restarts > 1 and not self.random_start:
            raise checks.InputError(
                f"restarts={self.restarts} with random_start=False would repeat one run; use restarts=1"
            )

    @property
    def ball(self) -> Ball:
        return Ball(self.eps, self.norm, self.bounds, self.std)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,), indices (n,) -> adversarial images, same shape and range."""
        region = self.ball.around(images)

        def run(rows: Tensor, restart: int) -> Tensor:
            return self._climb(model, region.take(rows), labels[rows], indices[rows], draws.again(restart))

        with held(model, images, labels, indices, draws):
            if self.restarts == 1:
                return self._climb(model, region, labels, indices, draws)
            return best_of(model, images, labels, [partial(run, restart=r) for r in range(self.restarts)])

    def _climb(self, model: nn.Module, region: Region, labels: Tensor, indices: Tensor, draws: Draws) -> Tensor:
        size = 2.5 * self.eps / self.steps if self.step_size is None else self.step_size
        at = region.start(indices, draws) if self.random_start else region.images
        if self.early_stop:
            return self._until_fooled(model, region, labels, at, size)
        for _ in range(self.steps):
            at, _ = self._step(model, region, labels, at, size)
        return at

    def _step(self, model: nn.Module, region: Region, labels: Tensor, at: Tensor, size: float) -> tuple[Tensor, Tensor]:
        """Where a step from ``at`` leads, and the logits there where it came from."""
        logits, _, gradient = ascent(model, at, lambda logits: LOSSES[self.loss](logits, labels))
        return region.step(at, gradient, size).detach(), logits

    def _until_fooled(self, model: nn.Module, region: Region, labels: Tensor, at: Tensor, size: float) -> Tensor:
        """The first image of each run that fools the model in a pass without gradients, else the last."""
        best, rows = at.detach().clone(), torch.arange(len(at), device=at.device)
        left = torch.ones_like(rows, dtype=torch.bool)
        for _ in range(self.steps):
            moved, logits = self._step(model, region, labels, at, size)
            claims = (left & fooled(logits, labels)).nonzero()[:, 0]
            left[claims] = ~_clearly_fooled(model, at[claims], labels[claims])
            at = torch.where(left[:, None, None, None], moved, at)
            if int(left.sum()) <= ENOUGH * len(left):
                best[rows] = at
                rows, at, labels, region = rows[left], at[left], labels[left], region.take(left.nonzero()[:, 0])
                left = left[left]
            if not len(rows):
                break
        best[rows] = at
        return best


def _clearly_fooled(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    if not len(images):
        return torch.zeros_like(labels, dtype=torch.bool)
    with torch.no_grad():
        found = model(images)
    ahead = margin(found, labels)
    return ahead > CLEAR * float(lead(found).mean())
