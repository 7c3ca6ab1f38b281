"""What an attack is, how a model is held while it is attacked, and how the best of several runs is chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from empirical.attacks.losses import fooled, margin
from empirical.compute import tensor_checks
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from tradeoff.shared import checks

UNUSED, NO_DRAWS = torch.empty(0), Draws(0, "unused")
"""In place of indices and draws, where nothing is drawn."""


class Attack(Protocol):
    """Moves images within its budget to change the answer away from ``labels``.

    Which labels is the caller's choice: the true ones measure adversarial accuracy, the predicted ones the fooling
    rate; where an answer is right the two are the same attack.
    """

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w), labels (n,), indices (n,) that key the draws -> adversarial images, same shape."""
        ...


@contextmanager
def held(
    model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor = UNUSED, draws: Draws = NO_DRAWS
) -> Iterator[None]:
    """`frozen`, for an attack on these images: every attack enters here, so here its arguments are checked.

    Raises
    ------
    InputError
        For images, labels or indices of another form or type than attacks take, for labels that are none of the
        model's classes, or for a model that fails.
    """
    tensor_checks.labels(labels, len(tensor_checks.images(images)))
    if indices is not UNUSED and len(tensor_checks.indices(indices)) != len(images):
        raise checks.InputError(f"indices are {len(indices)} for {len(images)} images; pass one for each: arange(n)")
    if not isinstance(draws, Draws):
        raise checks.InputError(f"draws={draws!r} is none; pass draws=Draws(seed=0, purpose='attack')")
    with frozen(model, classes=max(int(labels.max()) + 1 if len(labels) else 0, 2)):
        yield


def best_of(model: nn.Module, images: Tensor, labels: Tensor, runs: Iterable[Callable[[Tensor], Tensor]]) -> Tensor:
    """The best image of several runs, the untouched one among them; each run attacks only what is still unfooled.

    A run takes the rows of the images that are not fooled yet and returns these images moved. An image that was fooled
    stays fooled; among the others the largest margin counts. The answer is that of a fresh forward pass.
    """
    best = images.detach().clone()
    with torch.no_grad():
        logits = model(images)
        margins, unfooled = margin(logits, labels), ~fooled(logits, labels)
        for run in runs:
            rows = unfooled.nonzero()[:, 0]
            if not len(rows):
                break
            moved = run(rows)
            logits = model(moved)
            found, hit = margin(logits, labels[rows]), fooled(logits, labels[rows])
            better = hit | (found > margins[rows])
            best[rows[better]], margins[rows[better]] = moved[better], found[better]
            unfooled[rows] = ~hit
    return best
