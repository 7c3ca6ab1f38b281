"""What an attack is, how a model is held while it is attacked or measured, and the two moves that attacks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from empirical.attacks.losses import margin
from empirical.draws import Draws


class Attack(Protocol):
    """Moves images within its budget to change the answer away from ``labels``.

    Which labels is the caller's choice: the true ones measure adversarial accuracy, the predicted ones the fooling
    rate; where an answer is right the two are the same attack.
    """

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,), indices (n,) that key the draws -> adversarial images, same shape."""
        ...


@contextmanager
def frozen(model: nn.Module) -> Iterator[None]:
    """`settled`, and every forward pass gets a copy of its images.

    So a model that works on its input in place, as ``x.sub_(mean)`` does, moves neither the images that are measured
    nor the point where a gradient is taken.
    """
    with settled(model):
        copies = model.register_forward_pre_hook(lambda _, given: tuple(part.clone() for part in given))
        try:
            yield
        finally:
            copies.remove()


@contextmanager
def settled(model: nn.Module) -> Iterator[None]:
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


def ascent(model: nn.Module, at: Tensor, loss: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Logits (n, classes), ``loss`` of them (n,), and its gradient by the images ``at``; by nothing else.

    The gradient is that of the sum, so that an image's does not depend on the size of its batch.
    """
    at = at.detach().requires_grad_()
    with torch.enable_grad():
        logits = model(at)
        losses = loss(logits)
        (gradient,) = torch.autograd.grad(losses.sum(), at)
    return logits.detach(), losses.detach(), gradient


def best_of(model: nn.Module, images: Tensor, labels: Tensor, runs: Iterable[Callable[[Tensor], Tensor]]) -> Tensor:
    """The best image of several runs, the untouched one among them; each run attacks only what still stands.

    A run takes the rows of the images that are not fooled yet and returns these images moved. An image that was fooled
    stays fooled; among the others the largest margin counts. The answer is that of a fresh forward pass.
    """
    best = images.detach().clone()
    with torch.no_grad():
        logits = model(images)
        margins, standing = margin(logits, labels), logits.argmax(dim=1) == labels
        for run in runs:
            rows = standing.nonzero()[:, 0]
            if not len(rows):
                break
            moved = run(rows)
            logits = model(moved)
            found, fooled = margin(logits, labels[rows]), logits.argmax(dim=1) != labels[rows]
            better = fooled | (found > margins[rows])
            best[rows[better]], margins[rows[better]] = moved[better], found[better]
            standing[rows] = ~fooled
    return best
