"""Each eps of a grid attacked by itself from a random start: the paper's way, and the measure of quicker ones."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import BATCH, frozen, predict
from empirical.measurement.profile_attack.base import USUAL, Effort, Outcome, Schedule, sizes
from tradeoff.shared import checks


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
    early_stop: bool = False,
) -> Outcome:
    """PGD at every eps for all images, in float32, nothing carried from one eps to the next: it need not fall.

    ``effort.step_size`` is fixed, whatever eps is (Kamath et al., Section 4: 40 steps of 0.01); None takes
    2.5 eps / steps. With ``early_stop`` an image counts as fooled at an eps also where one on the way is, and is then
    left alone there; ``evaluations`` are those of all steps all the same.
    """
    check(effort)
    nearest, best = torch.full_like(labels, math.inf, dtype=torch.float32), images.clone()
    unfooled = torch.ones(len(images), len(grid), dtype=torch.bool, device=images.device)
    evaluations = 0
    with frozen(model):
        for column, eps in enumerate(grid.tolist()):
            moved = images
            if eps > 0:
                pgd = PGD(eps, effort.steps, step_size=effort.step_size, early_stop=early_stop)
                own = draws.part(f"eps {eps}")
                parts = torch.arange(len(images)).split(batch_size)
                moved = torch.cat([pgd(model, images[p], labels[p], indices[p], draws=own) for p in parts])
                evaluations += effort.steps * len(images)
            fooled = predict(model, moved, batch_size=batch_size) != labels
            unfooled[:, column] = ~fooled
            size = sizes(moved, images)
            nearer = fooled & (size < nearest)
            nearest[nearer], best[nearer] = size[nearer], moved[nearer]
    return Outcome(unfooled, nearest, best, evaluations)


def check(effort: Effort) -> None:
    """Refuse more than one restart, and gradients in another precision than float32 or by other kernels."""
    if effort.restarts != 1 or effort.precision != "float32" or effort.kernels != "torch":
        raise checks.InputError(
            f"restarts={effort.restarts}, gradients={effort.precision!r}, kernels={effort.kernels!r} are not those of "
            "attack_schedule='per_eps', one run in float32 by torch alone; use restarts=1, gradients=float32 and "
            "kernels=torch, or attack_schedule=adaptive"
        )


PER_EPS = Schedule(attack, check)
