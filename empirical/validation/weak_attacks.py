"""Attacks that are weak on purpose: what `check-attack` must catch. Each is PGD with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

from empirical.attacks.ball import Ball
from empirical.attacks.base import Attack
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import ascent, frozen


@dataclass(frozen=True)
class WrongLabel:
    """PGD that drives every image towards its label."""

    eps: float

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,) of two classes -> images within eps."""
        return PGD(self.eps, loss="margin")(model, images, 1 - labels, indices, draws=draws)


@dataclass(frozen=True)
class WrongLoss:
    """PGD on the size of the logits, which does not know the label."""

    eps: float
    steps: int = 40

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) -> images within eps."""
        region = Ball(self.eps).around(images)
        at = region.start(indices, draws)
        with frozen(model):
            for _ in range(self.steps):
                _, _, gradient = ascent(model, at, lambda logits: logits.square().sum(dim=1))
                at = region.step(at, gradient, 2.5 * self.eps / self.steps)
        return at.detach()


WEAK_ATTACKS: dict[str, Callable[[float], Attack]] = {
    "half_steps": lambda eps: PGD(eps, 20, eps / 40, loss="margin"),
    "no_random_start": lambda eps: PGD(eps, loss="margin", random_start=False),
    "wrong_label": WrongLabel,
    "one_step": lambda eps: PGD(eps, 1, eps / 2, loss="margin"),
    "wrong_loss": WrongLoss,
    "vanishing_loss": lambda eps: PGD(eps, loss="cross_entropy"),
    "short_radius": lambda eps: PGD(0.9 * eps, loss="margin"),
}
"""Weak attacks by name. ``vanishing_loss`` is PGD on the cross-entropy, as it is commonly written: it is weak where a
softmax saturates and, like every attack that follows gradients, where they are masked."""
