"""A whole robustness profile: what one attack an image costs along gradients, and what AutoAttack adds to them.

First a short search for a small perturbation that changes the answer (`minimum_norm`). It claims an eps for each image:
the largest of the grid at which the image is still unfooled. Then, at each image's own claimed eps, a short attack from
the nearest adversarial image pulled into that ball, and a full one from a random start: where one fools the image the
claim falls, and both are made again, until the image is unfooled (`confirmation`). What fools at one eps fools at
larger ones too, so the profile falls. That is the schedule `quick`: stronger than PGD with the same number of steps at
each eps of the grid, for an eighth of its gradients.

Where gradients mislead, it claims too much. So the schedule `adaptive` sets the attacks of AutoAttack on every claim:
two along gradients and a random search that follows none (`ensemble`). Most of its time is the latter.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.compute.forward import BATCH, frozen
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack.base import USUAL, Effort, Lowered, Outcome, Schedule, unfooled_at
from empirical.measurement.profile_attack.confirmation import confirm
from empirical.measurement.profile_attack.ensemble import Ensemble
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
    ensemble: bool = True,
) -> Outcome:
    """images (n, c, h, w) in [0, 1], labels (n,) to be left, indices (n,), ascending grid (k,) -> `Outcome`.

    Many more images than ``batch_size`` keep the batches full when some have left. An image whose answer is not its
    label from the start is unfooled nowhere.
    """
    check(effort)
    with frozen(model):
        gradients = Gradients(model, effort.precision, kernels=effort.kernels)
        verifier = Verifier(model, images, labels, batch_size, kernels=effort.kernels)

        def follow(rows: Tensor, draws: Draws) -> None:
            confirm(gradients, images, labels, indices, rows, grid, verifier, draws, effort, batch_size)

        exact = gradients if effort.precision == "float32" else Gradients(model, "float32", kernels=effort.kernels)
        others = Ensemble(exact, images, labels, indices, grid, verifier, effort, batch_size)
        lowered = Lowered.nothing(len(images), grid) if ensemble else None
        sought = (verifier.nearest.isinf() & (grid[-1] > 0)).nonzero()[:, 0]
        for rows in sought.split(batch_size) if len(sought) else ():
            search(gradients, images, labels, rows, float(grid[-1]) * BEYOND, verifier, effort.search_steps)
        rows = torch.arange(len(images), device=images.device)
        for again in range(ROUNDS):
            own = draws.part(f"again {again}") if again else draws
            follow(rows, own)
            if lowered is not None:
                lowered.quick[rows] = unfooled_at(verifier.nearest[rows], grid)
                others.lower(rows, own, follow, lowered)
            rows = verifier.again()
            if not len(rows):
                break
    unfooled = unfooled_at(verifier.nearest, grid)
    evaluations = gradients.evaluations + (exact.evaluations if exact is not gradients else 0)
    return Outcome(unfooled, verifier.nearest, verifier.images, evaluations, exact.queries, lowered)


def check(effort: Effort) -> None:
    """Refuse a step_size: the steps of this schedule follow eps and cool."""
    if effort.step_size is not None:
        raise checks.InputError(
            f"step_size={effort.step_size:g} has no effect with attack_schedule='adaptive' or 'quick', whose steps "
            "follow eps; leave it out, or use attack_schedule=per_eps"
        )


ADAPTIVE = Schedule(attack, check)
QUICK = Schedule(partial(attack, ensemble=False), check)
