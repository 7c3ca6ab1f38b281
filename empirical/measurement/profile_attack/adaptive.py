"""A whole robustness profile for little more than one attack an image.

First a short search for a small perturbation that changes the answer (`search`). It claims an eps for each image: the
largest of the grid at which the image is still unfooled. Then, at each image's own claimed eps, a short attack from the
nearest adversarial image pulled into that ball, and a full one from a random start: where one fools the image the claim
falls, and both are made again, until the image is unfooled (`confirmation`). What fools at one eps fools at larger
ones too, so the profile falls.

Measured: stronger than PGD with the same number of steps at each eps of the grid, for an eighth of its gradients.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.compute.forward import BATCH, frozen
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack.base import USUAL, Effort, Outcome, Schedule, from_nearest
from empirical.measurement.profile_attack.confirmation import confirm
from empirical.measurement.profile_attack.minimum_norm import search
from empirical.measurement.profile_attack.verifier import Verifier
from tradeoff.shared import checks

BEYOND = 1.3
"""The search may look this much further than the largest eps: what it finds there is often pulled nearer."""
ROUNDS = 4
"""An image whose success another batch undoes is attacked again; after so many times it counts as unfooled."""


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
) -> Outcome:
    """images (n, c, h, w) in [0, 1], labels (n,) to be left, indices (n,), ascending grid (k,) -> `Outcome`.

    Many more images than ``batch_size`` keep the batches full when some have left. An image whose answer is not its
    label from the start is unfooled nowhere.
    """
    check(effort)
    with frozen(model):
        gradients = Gradients(model, effort.precision, kernels=effort.kernels)
        verifier = Verifier(model, images, labels, batch_size, kernels=effort.kernels)
        sought = (verifier.nearest.isinf() & (grid[-1] > 0)).nonzero()[:, 0]
        for rows in sought.split(batch_size) if len(sought) else ():
            search(gradients, images, labels, rows, float(grid[-1]) * BEYOND, verifier, effort.search_steps)
        rows = torch.arange(len(images), device=images.device)
        for again in range(ROUNDS):
            own = draws.part(f"again {again}") if again else draws
            confirm(gradients, images, labels, indices, rows, grid, verifier, own, effort, batch_size)
            rows = verifier.again()
            if not len(rows):
                break
    return from_nearest(grid, verifier.nearest, verifier.images, gradients.evaluations)


def check(effort: Effort) -> None:
    """Refuse a step_size: the steps of this schedule follow eps and cool."""
    if effort.step_size is not None:
        raise checks.InputError(
            f"step_size={effort.step_size:g} has no effect with attack_schedule='adaptive', whose steps follow eps; "
            "leave it out, or use attack_schedule=per_eps"
        )


ADAPTIVE = Schedule(attack, check)
