"""What an attack is, and how a model is held while it is attacked or measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from torch import Tensor, nn

from empirical.draws import Draws


class Attack(Protocol):
    """Moves images within an l_inf ball to change the answer away from ``labels``."""

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in [0, 1], labels (n,), indices (n,) -> adversarial images, same shape and range."""
        ...


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """The model in eval mode and without parameter gradients; afterwards everything is as it was."""
    modes = {module: module.training for module in model.modules()}
    needed = {parameter: parameter.requires_grad for parameter in model.parameters()}
    model.eval()
    for parameter in needed:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter, requires in needed.items():
            parameter.requires_grad_(requires)
        for module, training in modes.items():
            module.training = training
