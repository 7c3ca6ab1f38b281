"""A batch through a network: its mode and gradients kept as they were, its errors told, what it returns checked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from empirical.compute import tensor_checks
from empirical.compute.device import out_of_memory
from empirical.compute.modes import settled
from tradeoff.shared import checks

BATCH = 64
"""The fastest size on a CPU for small networks; results do not depend on it beyond float rounding."""
HALVES = (torch.float16, torch.bfloat16)
"""Types in which a logit has too few digits for a loss."""


class ModelError(checks.InputError):
    """A network that cannot be asked, or not this: it failed, returned no logits, or has no gradient to follow."""


def predict(model: nn.Module, images: Tensor, *, batch_size: int = BATCH) -> Tensor:
    """(n,) predicted labels in eval mode; errors as those of `logits`."""
    size = checks.at_least("batch_size", batch_size, 1, what="the number of images of a forward pass")
    size = min(size, max(len(tensor_checks.images(images)), 1))
    with frozen(model), torch.no_grad():
        return torch.cat([logits(model, batch).argmax(dim=1) for batch in images.split(size)])


def logits(model: Callable[[Tensor], Any], batch: Tensor) -> Tensor:
    """(n, classes) what the model returns for a batch, in the mode that it is in.

    Raises
    ------
    ModelError
        If the model fails, whatever it raises, returns another shape than (n, classes), a single class, or anything
        that is not finite.
    """
    try:
        found = model(batch)
    except Exception as error:
        _tell(model, error, batch)
        raise
    found = _usual(found, batch)
    if not found.isfinite().all():
        raise ModelError("model returned NaN or infinite logits; check its weights and its normalisation")
    return found


def _usual(found: Any, batch: Tensor, classes: int = 2) -> Tensor:
    """What a model returned, if it is (n, at least ``classes``) logits; half precision made float32, which is exact."""
    shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
    said = f"model returned {shape} for {len(batch)} images"
    if shape in ((len(batch),), (len(batch), 1)):
        raise ModelError(
            f"{said}, one logit for each, which says the same of all; of two classes return both logits, [0, z] for a "
            "single logit z: torch.stack([torch.zeros_like(z), z], 1) with z of shape (n,)"
        )
    if not isinstance(found, Tensor) or found.ndim != 2 or len(found) != len(batch):
        raise ModelError(f"{said}; it must return logits of shape (n, classes)")
    if not found.is_floating_point():
        raise ModelError(f"{said} of type {found.dtype}; it must return logits, not labels: leave out argmax")
    if found.shape[1] < classes:
        raise ModelError(
            f"model has {found.shape[1]} logits, but labels go up to {classes - 1}; labels count from 0 and must be "
            "those that the model was trained on"
        )
    return found.float() if found.dtype in HALVES else found


def _tell(model: Callable[[Tensor], Any], error: Exception, batch: Tensor) -> None:
    """What the model raised, in one sentence; memory that ran out is for the caller, who may try fewer images."""
    if isinstance(error, checks.InputError) or out_of_memory(error):
        return
    parts = model.parameters() if isinstance(model, nn.Module) else ()
    own = {str(part.dtype) for part in parts if part.is_floating_point()} - {str(batch.dtype)}
    way_out = "pass images of the size and channels that it was made for, and try it on a batch of them by itself"
    if own:
        way_out = (
            f"its weights are {', '.join(sorted(own))} and the images {batch.dtype}: use model.float() and "
            "images.float(), or let forward bring the images to the type of the weights"
        )
    raise ModelError(
        f"model cannot take images of shape {tuple(batch.shape)} ({checks.reason(error)}); {way_out}"
    ) from error


@contextmanager
def frozen(model: nn.Module, *, classes: int = 2) -> Iterator[None]:
    """`settled`, and every forward pass gets a copy of its images and returns logits of at least so many ``classes``.

    So a model that works on its input in place, as ``x.sub_(mean)`` does, moves neither the images that are measured
    nor the point where a gradient is taken. Whatever the model raises becomes one sentence.

    Raises
    ------
    ModelError
        If the model fails or does not return such logits, or is one that cannot be held like this.
    """
    failed: list[tuple[BaseException, Tensor]] = []

    def copied(module: nn.Module, given: Any) -> Any:
        return tuple(part.clone() if isinstance(part, Tensor) else part for part in given)

    def checked(module: nn.Module, given: Any, found: Any) -> Any:
        error = sys.exc_info()[1]
        if found is None and error is not None:  # forward raised, and the hook is called all the same
            failed.append((error, given[0]))
            return None
        return _usual(found, given[0], classes)

    if isinstance(model, torch.jit.ScriptModule):
        raise ModelError("model is a ScriptModule, whose passes cannot be watched; pass nn.Sequential(model)")
    with settled(model):
        hooks = [
            model.register_forward_pre_hook(copied),
            model.register_forward_hook(checked, always_call=True),
        ]
        try:
            yield
        except Exception as error:
            for own, batch in failed:
                if own is error:
                    _tell(model, error, batch)
            raise
        finally:
            for hook in hooks:
                hook.remove()


def ascent(model: nn.Module, at: Tensor, loss: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Logits (n, classes), ``loss`` of them (n,), and its gradient by the images ``at``; by nothing else.

    The gradient is that of the sum, so that an image's does not depend on the size of its batch.
    """
    at = at.detach().requires_grad_()
    with torch.enable_grad():
        logits = model(at)
        losses = loss(logits)
        (gradient,) = slopes(losses, [at])
    return logits.detach(), losses.detach(), gradient


def slopes(losses: Tensor, by: list[Tensor], *, again: bool = False) -> list[Tensor]:
    """Gradients of the sum of ``losses``; ``again`` keeps what the next call on the same passes needs.

    A number without a finite slope gets 0: it is left where it is, and the others show the way.

    Raises
    ------
    ModelError
        If the losses do not depend on what they are to be derived by, as far as torch can tell.
    """
    try:
        found = torch.autograd.grad(losses.sum(), by, retain_graph=again)
    except Exception as error:
        if isinstance(error, checks.InputError) or out_of_memory(error):
            raise
        raise ModelError(
            f"model has no gradient by its images ({checks.reason(error)}); attacks follow it, so compute the logits "
            "from the images by torch operations alone, without detach, numpy or no_grad"
        ) from error
    return [slope.nan_to_num(0.0, 0.0, 0.0) for slope in found]
