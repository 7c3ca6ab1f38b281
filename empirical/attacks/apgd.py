"""APGD: projected gradient ascent with momentum and a step size that adapts (Croce & Hein 2020, Algorithm 1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial

import torch
from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Region, Std
from empirical.attacks.base import best_of, held
from empirical.attacks.losses import LOSSES, dlr_targeted, fooled
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent
from tradeoff.shared import checks

Ascend = Callable[[Tensor, Callable[[Tensor], Tensor]], tuple[Tensor, Tensor, Tensor]]
"""Images, loss of logits -> logits, losses, gradient: `forward.ascent` of a model, or `Gradients`."""
MOMENTUM, RISES = 0.75, 0.75
"""The share of the new step in a move, and the share of steps that must raise the loss for the size to stay."""


@dataclass(frozen=True)
class APGD:
    """Step 2 eps at first, halved at checkpoints where the loss rises too seldom, going on from the best point.

    With cross-entropy it is APGD-CE, registered as ``apgd_ce``. Images that are wrong already, or were fooled in an
    earlier restart, are not attacked (again).
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    steps: int = 100
    norm: str = "linf"
    loss: str = "cross_entropy"  # a name in LOSSES
    restarts: int = 1
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", Ball(self.eps, self.norm, self.bounds, self.std).eps)
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")
        checks.at_least("restarts", self.restarts, 1, what="the number of runs")
        checks.known("loss", self.loss, LOSSES)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,), indices (n,) -> adversarial images, same shape and range."""
        region = Ball(self.eps, self.norm, self.bounds, self.std).around(images)

        def run(rows: Tensor, restart: int) -> Tensor:
            start = region.take(rows).start(indices[rows], draws.again(restart))

            def loss(logits: Tensor, kept: Tensor) -> Tensor:
                return LOSSES[self.loss](logits, labels[rows][kept])

            return climb(partial(ascent, model), region.take(rows), labels[rows], start, loss, self.steps)

        with held(model, images, labels, indices, draws):
            return best_of(model, images, labels, [partial(run, restart=r) for r in range(self.restarts)])


@dataclass(frozen=True)
class TargetedAPGD:
    """APGD on the targeted DLR loss, towards each of the ``targets`` likeliest other classes in turn.

    Registered as ``apgd_dlr_t``; 9 targets as in AutoAttack. The loss needs four classes.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    steps: int = 100
    norm: str = "linf"
    targets: int = 9
    restarts: int = 1
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", Ball(self.eps, self.norm, self.bounds, self.std).eps)
        for name, what in (("steps", "gradient steps"), ("targets", "classes aimed at"), ("restarts", "runs")):
            checks.at_least(name, getattr(self, name), 1, what=f"the number of {what}")

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,), indices (n,) -> adversarial images, same shape and range."""
        region = Ball(self.eps, self.norm, self.bounds, self.std).around(images)

        def run(rows: Tensor, restart: int, target: int) -> Tensor:
            aims, part = order[rows, target], draws.again(restart).part(f"target {target}")
            start = region.take(rows).start(indices[rows], part)

            def loss(logits: Tensor, kept: Tensor) -> Tensor:
                return dlr_targeted(logits, labels[rows][kept], aims[kept])

            return climb(partial(ascent, model), region.take(rows), labels[rows], start, loss, self.steps)

        with held(model, images, labels, indices, draws):
            with torch.no_grad():
                logits = model(images)
            dlr_targeted(logits, labels, labels)  # refuses too few classes, also where no image is left to attack
            others = logits.scatter(1, labels[:, None], -float("inf")).argsort(dim=1, descending=True)
            order = others[:, : min(self.targets, logits.shape[1] - 1)]
            runs = [partial(run, restart=r, target=t) for r in range(self.restarts) for t in range(order.shape[1])]
            return best_of(model, images, labels, runs)


@dataclass
class _State:
    """Where the images of a run are: their rows, the present and the last point, the best one, and the step size."""

    rows: Tensor
    at: Tensor
    before: Tensor
    height: Tensor
    gradient: Tensor
    top: Tensor
    top_height: Tensor
    top_gradient: Tensor
    size: Tensor
    rises: Tensor  # steps that raised the loss since the last checkpoint
    halved: Tensor  # whether the size was halved at the last checkpoint
    last_top: Tensor  # the best loss at the last checkpoint

    def take(self, kept: Tensor) -> _State:
        return _State(**{field.name: getattr(self, field.name)[kept] for field in fields(self)})

    def checkpoint(self, span: int) -> None:
        """Halve the size and go back to the best point where the loss rose too seldom, or its best stood still."""
        halved = (self.rises <= RISES * span) | (~self.halved & (self.last_top >= self.top_height))
        self.size = torch.where(halved[:, None, None, None], self.size / 2, self.size)
        self.at, self.gradient = _where(halved, self.top, self.at), _where(halved, self.top_gradient, self.gradient)
        self.height = torch.where(halved, self.top_height, self.height)
        self.halved, self.last_top, self.rises = halved, self.top_height, torch.zeros_like(self.rises)


def climb(
    ascend: Ascend,
    region: Region,
    labels: Tensor,
    start: Tensor,
    loss: Callable[[Tensor, Tensor], Tensor],
    steps: int,
) -> Tensor:
    """One run from ``start``: the first image found that changes the answer, or else the one of the largest loss.

    ``loss`` takes logits and the rows that they belong to; images that are fooled leave the run at the checkpoints.
    """
    rows = torch.arange(len(start), device=start.device)
    logits, height, gradient = ascend(start, partial(_of_rows, loss, rows))
    size, never = torch.full_like(height, 2 * region.eps)[:, None, None, None], torch.zeros_like(height)
    state = _State(rows, start, start, height, gradient, start, height, gradient, size, never, never == 0, height)
    hit, done = start.clone(), fooled(logits, labels)
    around, checkpoints, since = region, spans(steps), 0
    span = next(checkpoints)
    for step in range(steps):
        plain = around.step(state.at, state.gradient, state.size)
        share = MOMENTUM if step else 1.0
        moved = state.at + share * (plain - state.at) + (1 - share) * (state.at - state.before)
        state.before, state.at, lower = state.at, around.project(moved), state.height
        logits, state.height, state.gradient = ascend(state.at, partial(_of_rows, loss, state.rows))
        new = fooled(logits, labels[state.rows]) & ~done[state.rows]
        hit[state.rows[new]], done[state.rows[new]] = state.at[new], True
        _climbed(state, lower)
        since += 1
        if since == span:
            state.checkpoint(span)
            state = state.take(~done[state.rows])
            around, span, since = region.take(state.rows), next(checkpoints), 0
            if not len(state.rows):
                break
    still = ~done[state.rows]
    hit[state.rows[still]] = state.top[still]
    return hit


def _of_rows(loss: Callable[[Tensor, Tensor], Tensor], rows: Tensor, logits: Tensor) -> Tensor:
    return loss(logits, rows)


def _climbed(state: _State, lower: Tensor) -> None:
    """Count the step if it rose, and keep the best point."""
    state.rises = state.rises + (state.height > lower)
    better = state.height > state.top_height
    state.top, state.top_gradient = (
        _where(better, state.at, state.top),
        _where(better, state.gradient, state.top_gradient),
    )
    state.top_height = torch.where(better, state.height, state.top_height)


def spans(steps: int) -> Iterator[int]:
    """Steps between checkpoints: 22 % of all, then 3 % fewer each time, not below 6 %; each at least 1."""
    span, fewer, least = max(int(0.22 * steps), 1), max(int(0.03 * steps), 1), max(int(0.06 * steps), 1)
    while True:
        yield span
        span = max(span - fewer, least)


def _where(rows: Tensor, one: Tensor, other: Tensor) -> Tensor:
    return torch.where(rows[:, None, None, None], one, other)
