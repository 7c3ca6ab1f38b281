"""Projected gradient ascent on the cross-entropy in the l_inf ball (Madry et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from empirical.attacks.base import frozen
from empirical.draws import Draws
from tradeoff import checks


@dataclass(frozen=True)
class PGD:
    """Random start, ``steps`` signed gradient steps, projected on the ball and on [0, 1] after each.

    The default step size 2.5 eps / steps crosses the ball from any start; a fixed 0.01 with 40 steps (the paper's)
    cannot for eps above 0.2.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood
    steps: int = 40
    step_size: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", checks.pixel_eps("eps", self.eps))
        checks.at_least("steps", self.steps, 1, what="the number of gradient steps")

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in [0, 1], labels (n,), indices (n,) -> adversarial images, same shape and range."""
        step_size = 2.5 * self.eps / self.steps if self.step_size is None else self.step_size
        low, high = (images - self.eps).clamp(0, 1), (images + self.eps).clamp(0, 1)
        start = 2 * draws.uniform(indices, tuple(images.shape[1:])) - 1
        adversarial = torch.clamp(images + self.eps * start, low, high)
        with frozen(model), torch.enable_grad():
            for _ in range(self.steps):
                adversarial.requires_grad_()
                # The sum, so that an image's gradient does not depend on the size of its batch.
                loss = F.cross_entropy(model(adversarial), labels, reduction="sum")
                (gradient,) = torch.autograd.grad(loss, adversarial)
                with torch.no_grad():
                    adversarial = torch.clamp(adversarial + step_size * gradient.sign(), low, high)
        return adversarial.detach()
