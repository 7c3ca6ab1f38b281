"""Every way to a robustness profile: ours, the attacks of other libraries at every eps, and minimum-norm attacks.

A side says at which eps each image stands; images that are answered wrongly do not stand anywhere. What fools at one
eps fools at every larger one, on every side alike. Sizes are judged here, by one forward pass over the images that a
side returns. Gradients are counted on the way: images whose gradient is asked for, however a library asks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from machine import library
from profile_networks import Case
from torch import Tensor, nn

from empirical.attacks import ATTACKS
from empirical.attacks.auto import AutoAttack, installed
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.compute.gradients import supported
from empirical.compute.kernels.choice import choose
from empirical.measurement.profile_attack import SCHEDULES
from empirical.measurement.profile_attack.base import Effort, sizes, unfooled_at

STEPS = 40
BATCH, BATCHES = 250, {"ours, bfloat16": 500}
"""The best of 64, 125, 250 and 500 for each side; half the numbers of bytes allow twice the images."""
ALPHA, LARGE_ALPHA = 10.0, 100.0
"""Of FMN; with its default of 1 it is much weaker. On some networks 10 is as much of a trap, so that with as many
gradients as ours it gets both."""


@dataclass(frozen=True)
class Found:
    """(n, k) whether each image stands at each eps, and gradients of single images."""

    standing: Tensor
    gradients: int


CHOSEN: dict[tuple[int, str], str] = {}
"""Kernels by network and precision."""
Side = Callable[[], Found]
Moved = Callable[[nn.Module, Tensor, Tensor], Tensor]
"""(model, images, labels) -> images."""


class Counted(nn.Module):
    """Counts the images of which a gradient is asked for."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network, self.gradients = network, 0
        self.training = network.training

    def forward(self, images: Tensor) -> Tensor:
        if torch.is_grad_enabled() and images.requires_grad:
            self.gradients += len(images)
        logits: Tensor = self.network(images)
        return logits


def ours(case: Case, precision: str) -> Found:
    """Our quick schedule, which attacks the answers, with the kernels that a measurement would choose."""
    data, batch_size = case.data, BATCHES.get(f"ours, {precision}", BATCH)
    answers = predict(case.model, data.images)
    found = SCHEDULES["quick"](
        *(case.model, data.images, answers, data.indices, torch.tensor(case.eps)),
        draws=Draws(0, "profile"),
        effort=Effort(STEPS, precision=precision, kernels=kernels(case, precision)),
        batch_size=batch_size,
    )
    return Found(found.unfooled & (answers == data.labels)[:, None], found.evaluations)


def kernels(case: Case, precision: str) -> str:
    """The quickest that suit the network, chosen once and outside the clock: sides are warmed up."""
    place = id(case.model), precision
    if place not in CHOSEN:
        batch_size = BATCHES.get(f"ours, {precision}", BATCH)
        CHOSEN[place] = choose(case.model, case.data.images, precision, batch_size=batch_size)[0]
    return CHOSEN[place]


def of_sizes(case: Case, attack: Callable[[nn.Module, Tensor, Tensor], Tensor]) -> Found:
    """A side from sizes: ``attack`` returns (n,), infinite where it failed."""
    model = Counted(case.model)
    parts = zip(case.data.images.split(BATCH), case.data.labels.split(BATCH), strict=True)
    found = torch.cat([attack(model, images, labels) for images, labels in parts])
    return Found(unfooled_at(found, torch.tensor(case.eps)), model.gradients)


def judged(model: nn.Module, images: Tensor, labels: Tensor, moved: Tensor) -> Tensor:
    """(n,) the size of each perturbation that changes the answer, 0 where it was wrong before, else infinite."""
    moved = moved.detach().clamp(0, 1)
    with torch.no_grad():
        wrong, fooled = (model(some).argmax(dim=1) != labels for some in (images, moved))
    return torch.where(wrong, 0.0, torch.where(fooled, sizes(moved, images), torch.inf))


def at_every(case: Case, attack: Callable[[float], Moved]) -> Found:
    """A fixed-eps attack at every eps, as its users write it."""

    def smallest(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        return torch.stack(
            [judged(model, images, labels, attack(eps)(model, images, labels)) for eps in case.eps]
        ).amin(0)

    return of_sizes(case, smallest)


def minimal(case: Case, attack: Callable[[float], Moved]) -> Found:
    """A fixed-eps attack made a minimum-norm one: for each image a bisection over the eps of the grid."""

    def smallest(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
        best = judged(model, images, labels, images)
        withstood, fooled = torch.full(labels.shape, -1), torch.full(labels.shape, len(case.eps))
        fooled[best == 0] = -1
        while bool((open_ := fooled - withstood > 1).any()):
            middle = (withstood + fooled) // 2
            for index in middle[open_].unique().tolist():
                rows = (open_ & (middle == index)).nonzero()[:, 0]
                moved = attack(case.eps[index])(model, images[rows], labels[rows])
                size = judged(model, images[rows], labels[rows], moved)
                best[rows] = best[rows].minimum(size)
                fooled[rows[size.isfinite()]], withstood[rows[size.isinf()]] = index, index
        return best

    return of_sizes(case, smallest)


def own(name: str, **settings: int) -> Callable[[float], Moved]:
    """One of our attacks at an eps, its draws keyed by the place in the batch."""

    def at(eps: float) -> Moved:
        attack = ATTACKS[name](eps, **settings)
        return lambda model, images, labels: attack(
            model, images, labels, torch.arange(len(images)), draws=Draws(0, "peer")
        )

    return at


def automatic(eps: float) -> Moved:
    """AutoAttack at an eps."""
    attack = AutoAttack(eps)
    return lambda model, images, labels: attack(
        model, images, labels, torch.arange(len(images)), draws=Draws(0, "peer")
    )


def sides(case: Case, *, gradients: int | None = None) -> tuple[dict[str, Side], dict[str, str]]:
    """Every side by name, and why others are left out.

    With ``gradients``, an image, which ours took, FMN is given as many.
    """
    found: dict[str, Side] = {}
    left_out: dict[str, str] = {}
    for precision in ("bfloat16", "float32"):
        if precision == "float32" or supported(torch.device("cpu")):
            found[f"ours, {precision}"] = lambda precision=precision: ours(case, precision)
        else:
            left_out[f"ours, {precision}"] = "this processor has no bfloat16 of its own"
    if torchattacks := library("torchattacks"):

        def pgd(eps: float) -> Moved:
            return lambda model, x, y: torchattacks.PGD(model, eps, 2.5 * eps / STEPS, STEPS)(x, y)

        found["torchattacks PGD"] = lambda: at_every(case, pgd)
    if foolbox := library("foolbox"):
        found |= of_foolbox(foolbox, case, gradients)
    left_out |= {
        side: f"{name} is not installed"
        for side, name in (("torchattacks PGD", "torchattacks"), ("foolbox PGD and FMN", "foolbox"))
        if library(name) is None
    }
    found["minimal APGD"] = lambda: minimal(case, own("apgd_ce"))
    if installed():
        found["minimal AutoAttack"] = lambda: minimal(case, automatic)
    else:
        left_out["minimal AutoAttack"] = "autoattack is not installed"
    return found, left_out


def of_foolbox(foolbox: Any, case: Case, gradients: int | None) -> dict[str, Side]:
    """PGD at every eps, and FMN with several numbers of steps."""

    def held(model: nn.Module) -> Any:
        return foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")

    def pgd(eps: float) -> Moved:
        attack = foolbox.attacks.LinfPGD(abs_stepsize=2.5 * eps / STEPS, steps=STEPS)
        return lambda model, x, y: attack(held(model), x, y, epsilons=eps)[1]

    def fmn(steps: int, alpha: float = ALPHA) -> Side:
        attack = foolbox.attacks.LInfFMNAttack(steps=steps, max_stepsize=alpha)

        def smallest(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
            return judged(model, images, labels, attack(held(model), images, labels, epsilons=None)[0])

        return lambda: of_sizes(case, smallest)

    found = {"foolbox PGD": lambda: at_every(case, pgd), "FMN, 40 steps": fmn(40), "FMN, 1,000 steps": fmn(1000)}
    if gradients is None:
        return found
    as_many = {"FMN, as many gradients": fmn(gradients), "FMN, as many, alpha 100": fmn(gradients, LARGE_ALPHA)}
    return found | as_many


def optimality(standing: Mapping[str, Tensor], eps: tuple[float, ...], clean: int) -> dict[str, float]:
    """Of each side, how much of the area between clean accuracy and the envelope of all sides it takes away.

    ``standing`` holds (n, k) for each side, ``clean`` how many of the n images are right as they are. An image stands
    under the envelope where it stands on every side. Areas are those below accuracy over eps, by trapezoids from eps 0,
    where every side has the clean accuracy, up to the first eps at which nothing stands under the envelope. 1 is the
    envelope itself; a side that fools nothing has 0.
    """
    envelope = torch.stack(list(standing.values())).all(dim=0).sum(dim=0)
    points = 2 + int((envelope > 0).sum())  # 0, where something stands, and the first eps where nothing does
    grid = torch.tensor((0.0, *eps), dtype=torch.float64)[:points]

    def taken(counts: Tensor) -> float:
        fooled = clean - torch.cat([torch.tensor([clean]), counts])[:points].double()
        return float(torch.trapezoid(fooled, grid))

    most = taken(envelope)
    return {name: taken(table.sum(dim=0)) / most if most else math.nan for name, table in standing.items()}
