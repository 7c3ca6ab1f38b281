"""Attacks that are weak on purpose: what `check-attack` must catch. Each is PGD with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.base import frozen
from empirical.draws import Draws


@dataclass(frozen=True)
class Planted:
    """Signed gradient steps on the loss of the logits, from a random start or from the image itself."""

    eps: float
    loss: Callable[[Tensor, Tensor], Tensor]
    steps: int = 40
    step_share: float = 2.5 / 40
    random_start: bool = True

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in [0, 1] -> images within eps, as weak as planned."""
        low, high = (images - self.eps).clamp(0, 1), (images + self.eps).clamp(0, 1)
        moved = images
        if self.random_start:
            moved = torch.clamp(
                images + self.eps * (2 * draws.uniform(indices, tuple(images.shape[1:])) - 1), low, high
            )
        with frozen(model), torch.enable_grad():
            for _ in range(self.steps):
                moved = moved.detach().requires_grad_()
                (gradient,) = torch.autograd.grad(self.loss(model(moved), labels), moved)
                moved = torch.clamp(moved + self.step_share * self.eps * gradient.sign(), low, high)
        return moved.detach()


def margin(logits: Tensor, labels: Tensor) -> Tensor:
    """The best wrong logit minus that of the label, summed: grows towards a wrong answer, whatever the scale."""
    own = logits.gather(1, labels[:, None])[:, 0]
    others = logits.scatter(1, labels[:, None], -torch.inf).amax(dim=1)
    return (others - own).sum()


def _wrong_label(logits: Tensor, labels: Tensor) -> Tensor:
    return margin(logits, (labels + 1) % logits.shape[1])


def _wrong_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The norm of the logits: a loss that does not know the label."""
    return logits.square().sum()


def _cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits, labels, reduction="sum")


PLANTED: dict[str, Callable[[float], Planted]] = {
    "half_steps": lambda eps: Planted(eps, margin, steps=20, step_share=1 / 40),
    "no_random_start": lambda eps: Planted(eps, margin, random_start=False),
    "wrong_label": lambda eps: Planted(eps, _wrong_label),
    "one_step": lambda eps: Planted(eps, margin, steps=1, step_share=0.5),
    "wrong_loss": lambda eps: Planted(eps, _wrong_loss),
    "vanishing_loss": lambda eps: Planted(eps, _cross_entropy),
    "short_radius": lambda eps: Planted(0.9 * eps, margin),
}
"""Weak attacks by name. ``vanishing_loss`` is PGD on the cross-entropy as it is commonly written: it is weak where a
softmax saturates, and nowhere else."""
