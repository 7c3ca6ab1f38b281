"""A whole robustness profile for little more than one attack an image.

First a short search for a small perturbation that changes the answer, its radius adapted from step to step for each
image (in the spirit of the fast minimum-norm attack of Pintor et al. 2021, its first radius by DeepFool's linear
estimate). It claims an eps for each image: the largest of the grid at which the image still stands. Then one full
attack from a random start, at each image's own claimed eps, and a short one from the nearest adversarial image pulled
into that ball: where one fools the image the claim falls, and both are made again, until the image stands. What fools
at one eps fools at every larger one, so the profile falls.

Measured: stronger than PGD with the same number of steps at each eps of the grid, for a seventh of its gradients.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from empirical.attacks.base import frozen
from empirical.attacks.losses import Loss, cross_entropy, margin
from empirical.draws import Draws
from empirical.gradients import Gradients
from empirical.profiles import BATCH, logits, predict
from empirical.schedules.base import USUAL, Effort, Schedule, Standing, from_nearest, sizes, stands
from tradeoff import checks

BEYOND = 1.3
"""The search may look this much further than the largest eps: what it finds there is often pulled nearer."""
CLEAR = 1e-4
"""A success must lead by this share of the largest logit, so that rounding in another batch does not undo it."""
SHRINK = 0.3
"""The share by which a radius first shrinks or grows; it cools with the steps."""


@dataclass
class _Found:
    """The nearest adversarial image so far: its size (n,), infinite where none is known, and the image."""

    nearest: Tensor
    images: Tensor

    def take(self, rows: Tensor, moved: Tensor, size: Tensor) -> None:
        nearer = size < self.nearest[rows]
        self.nearest[rows[nearer]], self.images[rows[nearer]] = size[nearer], moved[nearer]


def attack(
    model: nn.Module,
    images: Tensor,
    labels: Tensor,
    indices: Tensor,
    grid: Tensor,
    *,
    draws: Draws,
    effort: Effort = USUAL,
    batch_size: int = BATCH,
) -> Standing:
    """images (n, c, h, w) in [0, 1], labels (n,) to be left, indices (n,), ascending grid (k,) -> `Standing`.

    Many more images than ``batch_size`` keep the batches full when some have left. An image whose answer is not its
    label from the start stands nowhere.
    """
    check(effort)
    with frozen(model):
        gradients = Gradients(model, effort.precision)
        found = _Found(torch.full_like(labels, math.inf, dtype=torch.float32), images.clone())
        wrong = (predict(model, images, batch_size=batch_size) != labels).nonzero()[:, 0]
        found.nearest[wrong] = 0.0
        sought = (found.nearest.isinf() & (grid[-1] > 0)).nonzero()[:, 0]
        for rows in sought.split(batch_size) if len(sought) else ():
            _search(model, gradients, images, labels, rows, float(grid[-1]) * BEYOND, found, effort.search_steps)
        for again in range(2):
            own = draws.part("again") if again else draws
            _confirm(model, gradients, images, labels, indices, grid, found, own, effort, batch_size)
            if not _verify(model, images, labels, found, batch_size):
                break
    return from_nearest(grid, found.nearest, found.images, gradients.evaluations)


def check(effort: Effort) -> None:
    """Refuse a step_size: the steps of this schedule follow eps and cool."""
    if effort.step_size is not None:
        raise checks.InputError(
            f"step_size={effort.step_size:g} has no effect with attack_schedule='warm', whose steps follow eps; leave "
            "it out, or use attack_schedule=literal"
        )


def _search(
    model: nn.Module,
    gradients: Gradients,
    images: Tensor,
    labels: Tensor,
    rows: Tensor,
    most: float,
    found: _Found,
    steps: int,
) -> None:
    """Ascend the margin; the radius of each image follows what it meets."""
    images, labels = images[rows], labels[rows]
    at, radius = images.clone(), torch.full_like(found.nearest[rows], math.inf)
    for step in range(steps):
        seen, heights, gradient = gradients(at, partial(_against, margin, labels))
        size, crossed = sizes(at, images), seen.argmax(dim=1) != labels
        _take_verified(model, at, size, labels, rows, crossed, found)
        cooling = (1 + math.cos(math.pi * step / steps)) / 2
        # To first order the margin reaches 0 after this much more; the gradient of a dead unit is no reason to stop.
        missing = (-heights).clamp(min=0) / gradient.flatten(1).abs().sum(dim=1).clamp(min=1e-12)
        known = found.nearest[rows]
        wider = torch.where(known.isinf() | radius.isinf(), 1.05 * missing + size, radius * (1 + SHRINK * cooling))
        radius = torch.where(crossed, torch.minimum(size, known) * (1 - SHRINK * cooling), wider)
        radius = torch.minimum(radius.clamp(max=most), known)
        at = _moved(at, images, radius, gradient, 0.1 + 0.9 * cooling if step else 1.0)
    _take_verified(model, at, sizes(at, images), labels, rows, torch.ones_like(labels, dtype=torch.bool), found)


def _confirm(
    model: nn.Module,
    gradients: Gradients,
    images: Tensor,
    labels: Tensor,
    indices: Tensor,
    grid: Tensor,
    found: _Found,
    draws: Draws,
    effort: Effort,
    batch_size: int,
) -> None:
    """The full attack at the eps that each image is claimed to survive, down where it fools.

    An image that stands is looked at once more, from where it is known to fall: its nearest adversarial image, pulled
    into the smaller ball.
    """
    left, short = torch.full_like(labels, effort.restarts), effort.search_steps // 2
    for attempt in itertools.count():
        claimed = stands(found.nearest, grid).sum(dim=1) - 1  # the last eps at which it stands
        eps = grid[claimed.clamp(min=0)]
        pending = ((claimed >= 0) & (eps > 0) & (left > 0)).nonzero()[:, 0]
        if not len(pending):
            return
        for rows in pending.split(batch_size):
            uniform = 2 * draws.again(attempt).uniform(indices[rows], tuple(images.shape[1:])) - 1
            start = (images[rows] + _column(eps[rows]) * uniform).clamp(0, 1)
            climb = partial(_full, model, gradients, images, labels, found=found)
            fooled = climb(rows, eps[rows], start, cross_entropy, effort.steps)
            left[rows] = torch.where(fooled, effort.restarts, left[rows] - 1)
        last = pending[(left[pending] == 0) & found.nearest[pending].isfinite()]
        for rows in last.split(batch_size) if short and len(last) else ():
            radius = _column(eps[rows])
            start = torch.minimum(torch.maximum(found.images[rows], images[rows] - radius), images[rows] + radius)
            fooled = climb(rows, eps[rows], start, margin, short)
            left[rows[fooled]] = effort.restarts


def _full(
    model: nn.Module,
    gradients: Gradients,
    images: Tensor,
    labels: Tensor,
    rows: Tensor,
    eps: Tensor,
    start: Tensor,
    loss: Loss,
    steps: int,
    *,
    found: _Found,
) -> Tensor:
    """(len(rows),) whether each image was fooled within its eps; a fooled one leaves the attack at once."""
    fooled, here, at = torch.zeros_like(rows, dtype=torch.bool), torch.arange(len(rows), device=rows.device), start
    for step in range(steps + 1):
        own = labels[rows[here]]
        if step < steps:
            seen, _, gradient = gradients(at, partial(_against, loss, own))
            crossed = seen.argmax(dim=1) != own
        else:  # after the last step, whatever the last gradient said
            crossed = torch.ones_like(own, dtype=torch.bool)
        size = sizes(at, images[rows[here]])
        won = _take_verified(model, at, size, own, rows[here], crossed, found)
        fooled[here[won]] = True
        if step == steps or bool(won.all()):
            break
        stays = ~won
        here, at, gradient = here[stays], at[stays], gradient[stays]
        at = _moved(at, images[rows[here]], eps[here], gradient, step_share(step, steps))
    return fooled


def _against(loss: Loss, labels: Tensor, seen: Tensor) -> Tensor:
    return loss(seen, labels)


def step_share(step: int, steps: int) -> float:
    """Size of a step as a share of eps: large, then cooling. All together they cross the ball three times."""
    return (12.4 * (1 + math.cos(math.pi * step / steps)) / 2 + 0.4) / steps


def _moved(at: Tensor, images: Tensor, radius: Tensor, gradient: Tensor, share: float) -> Tensor:
    """A step of ``share`` times the radius along the signs, then into the ball and into [0, 1]."""
    radius = _column(radius)
    moved = at + share * radius * gradient.sign()
    return torch.minimum(torch.maximum(moved, images - radius), images + radius).clamp(0, 1)


def _take_verified(
    model: nn.Module, at: Tensor, size: Tensor, labels: Tensor, rows: Tensor, crossed: Tensor, found: _Found
) -> Tensor:
    """(n,) which of the images that seem to have ``crossed`` really did, in float32; the nearer ones are kept."""
    some = crossed.nonzero()[:, 0]
    won = torch.zeros_like(crossed)
    if len(some):
        with torch.no_grad():
            judged = logits(model, at[some])
        won[some] = margin(judged, labels[some]) > CLEAR * judged.abs().amax(dim=1)
        found.take(rows[won], at[won], size[won])
    return won


def _verify(model: nn.Module, images: Tensor, labels: Tensor, found: _Found, batch_size: int) -> int:
    """One more pass over all that was found, in other batches; what does not hold there counts as never found."""
    rows = (found.nearest.isfinite() & (found.nearest > 0)).nonzero()[:, 0]
    if not len(rows):
        return 0
    lost = rows[predict(model, found.images[rows], batch_size=batch_size) == labels[rows]]
    found.nearest[lost], found.images[lost] = math.inf, images[lost]
    return len(lost)


def _column(values: Tensor) -> Tensor:
    return values[:, None, None, None]


WARM = Schedule(attack, check)
