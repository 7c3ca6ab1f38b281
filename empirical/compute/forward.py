"""A batch through a network: its mode and gradients kept as they were, shapes and finiteness checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from empirical.compute.device import out_of_memory
from tradeoff.shared import checks

BATCH = 64
"""The fastest size on a CPU for small networks; results do not depend on it beyond float rounding."""


def predict(model: nn.Module, images: Tensor, *, batch_size: int = BATCH) -> Tensor:
    """(n,) predicted labels in eval mode; errors as those of `logits`."""
    with frozen(model), torch.no_grad():
        return torch.cat([logits(model, batch).argmax(dim=1) for batch in images.split(batch_size)])


def logits(model: Callable[[Tensor], Any], batch: Tensor) -> Tensor:
    """(n, classes) what the model returns for a batch, in the mode that it is in.

    Raises
    ------
    InputError
        If the model returns another shape than (n, classes), or anything that is not finite.
    """
    try:
        found = model(batch)
    except (RuntimeError, ValueError) as error:
        if isinstance(error, checks.InputError) or out_of_memory(error):  # for the caller to try fewer images at once
            raise
        raise checks.InputError(
            f"model cannot take images of shape {tuple(batch.shape)} ({str(error).splitlines()[0]}); "
            "pass images of the size and channels that it was made for"
        ) from None
    if not isinstance(found, Tensor) or found.ndim != 2 or len(found) != len(batch):
        shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
        raise checks.InputError(
            f"model returned {shape} for {len(batch)} images; it must return logits of shape (n, classes)"
        )
    if not found.isfinite().all():
        raise checks.InputError("model returned NaN or infinite logits; check its weights and its normalisation")
    return found


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
