"""Flow fields (stAdv, Xiao et al. 2018): every pixel is read a little off its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.attacks.base import held
from empirical.attacks.losses import fooled, margin
from empirical.compute import tensor_checks
from empirical.compute.draws import Draws
from empirical.compute.forward import slopes
from empirical.transforms.resampling import flow
from tradeoff.shared import checks

FIRST, SECOND, FLOOR = 0.9, 0.999, 1e-8
"""Adam's usual constants (Kingma & Ba 2015)."""


@dataclass(frozen=True)
class Flow:
    """Adam on max(z_y - max_{k != y} z_k, -kappa) + tau * roughness, from the zero field, until the image is fooled.

    The authors use L-BFGS with a line search over the whole batch; Adam treats each image alone, so that it is attacked
    alike in any batch. They set no ``limit_px``; here no pixel is read further away than that along an axis, unless it
    is None. Their tau is 0.05, ten times ours: on 28 x 28 digits it spares most images that can be fooled. No draws.
    """

    limit_px: float | None = 2.0
    tau: float = 0.005
    kappa: float = 0.0
    steps: int = 100
    rate_px: float = 0.1  # Adam's step

    def __post_init__(self) -> None:
        if self.limit_px is not None:
            checks.not_negative("limit_px", self.limit_px)
        for name in ("tau", "kappa"):
            checks.not_negative(name, getattr(self, name))
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")
        checks.positive("rate_px", self.rate_px, what="Adam's step in pixels")

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,) -> images whose values stay in each image's own range."""
        field = self.field(model, images, labels)
        return flow(images.detach(), field)

    def field(self, model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        """(n, 2, h, w) pixels right and down from which each pixel is read."""
        tensor_checks.images(images)
        images = images.detach()
        zero = no_flow(images)

        def objective(at: list[Tensor], rows: Tensor) -> tuple[Tensor, Tensor]:
            logits = model(flow(images[rows], at[0]))
            return logits, -margin(logits, labels[rows]).clamp(max=self.kappa) + self.tau * roughness(at[0])

        with held(model, images, labels):
            return descend(objective, [Knob(zero, self.limit_px, self.rate_px)], labels, self.steps)[0]


def no_flow(images: Tensor) -> Tensor:
    """(n, 2, h, w) zeros, in float32 at least: Adam's squares underflow in half precision."""
    return torch.zeros_like(images[:, :1], dtype=torch.promote_types(images.dtype, torch.float32)).repeat(1, 2, 1, 1)


def roughness(flow_px: Tensor) -> Tensor:
    """(n,): sum over pixels p and their four neighbours q of |flow(p) - flow(q)|, each pair twice as in the paper.

    The published program takes the four diagonal neighbours; the paper's text says the four adjacent ones.
    """
    down, right = flow_px.diff(dim=2), flow_px.diff(dim=3)
    # The tiny number keeps the root's slope finite at the zero field.
    pairs = [(difference.square().sum(dim=1) + 1e-12).sqrt().sum((1, 2)) for difference in (down, right)]
    return 2 * (pairs[0] + pairs[1])


@dataclass(frozen=True, eq=False)
class Knob:
    """Something to turn for each image: where it starts (n, ...), how far from 0 it may go, and Adam's step."""

    start: Tensor
    limit: float | None
    rate: float


Objective = Callable[[list[Tensor], Tensor], tuple[Tensor, Tensor]]


def descend(objective: Objective, knobs: list[Knob], labels: Tensor, steps: int) -> list[Tensor]:
    """Adam on each image alone, clamped to the limits; an image stays where it was first fooled.

    ``objective`` takes the knobs of some rows, and these rows, and returns logits and what falls.
    """
    final = [knob.start.clone() for knob in knobs]
    at, rows = [knob.start for knob in knobs], torch.arange(len(labels), device=labels.device)
    first, second = [torch.zeros_like(x) for x in at], [torch.zeros_like(x) for x in at]
    for step in range(1, steps + 1):
        at = [x.detach().requires_grad_() for x in at]
        with torch.enable_grad():
            logits, losses = objective(at, rows)
            turns = slopes(losses, at)
        unfooled = ~fooled(logits, labels[rows])
        rows = rows[unfooled]
        if not len(rows):
            break
        for j, knob in enumerate(knobs):
            slope = turns[j][unfooled]
            first[j] = FIRST * first[j][unfooled] + (1 - FIRST) * slope
            second[j] = SECOND * second[j][unfooled] + (1 - SECOND) * slope.square()
            size = knob.rate / (1 - FIRST**step)
            spread = (second[j] / (1 - SECOND**step)).sqrt() + FLOOR
            turned = at[j].detach()[unfooled] - size * first[j] / spread
            at[j] = turned if knob.limit is None else turned.clamp(-knob.limit, knob.limit)
            final[j][rows] = at[j]
    return final
