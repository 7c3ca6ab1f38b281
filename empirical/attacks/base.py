"""What an attack is, how a model is held while it is attacked or measured, and the two moves that attacks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import torch
from torch import Tensor, nn

from empirical.attacks.losses import margin
from empirical.compute.draws import Draws


class Attack(Protocol):
    """Moves images within its budget to change the answer away from ``labels``.

    Which labels is the caller's choice: the true ones measure adversarial accuracy, the predicted ones the fooling
    rate; where an answer is right the two are the same attack.
    """

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,), indices (n,) that key the draws -> adversarial images, same shape."""
        ...


def best_of(model: nn.Module, images: Tensor, labels: Tensor, runs: Iterable[Callable[[Tensor], Tensor]]) -> Tensor:
    """The best image of several runs, the untouched one among them; each run attacks only what is still unfooled.

    A run takes the rows of the images that are not fooled yet and returns these images moved. An image that was fooled
    stays fooled; among the others the largest margin counts. The answer is that of a fresh forward pass.
    """
    best = images.detach().clone()
    with torch.no_grad():
        logits = model(images)
        margins, unfooled = margin(logits, labels), logits.argmax(dim=1) == labels
        for run in runs:
            rows = unfooled.nonzero()[:, 0]
            if not len(rows):
                break
            moved = run(rows)
            logits = model(moved)
            found, fooled = margin(logits, labels[rows]), logits.argmax(dim=1) != labels[rows]
            better = fooled | (found > margins[rows])
            best[rows[better]], margins[rows[better]] = moved[better], found[better]
            unfooled[rows] = ~fooled
    return best
