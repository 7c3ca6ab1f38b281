"""Networks that cannot be asked as they are: weights of another type than the images, and scripts without hooks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from empirical.compute.modes import settled


class InItsType(nn.Module):
    """A network whose images are brought to the type of its weights, and whose logits come back in the images' type.

    >>> network = InItsType(nn.Sequential(nn.Flatten(), nn.Linear(4, 2)).double())
    >>> network(torch.zeros(3, 1, 2, 2)).dtype
    torch.float32
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.training = network.training  # a wrapper is in the mode of what it wraps

    def forward(self, images: Tensor) -> Tensor:
        logits: Tensor = self.network(images.to(type_of(self.network) or images.dtype))
        return logits.to(images.dtype) if isinstance(logits, Tensor) else logits


def askable(model: nn.Module, images: Tensor) -> nn.Module:
    """The model, if it takes the images, or in its own type if its weights are all of one other type.

    A model that brings images to another type itself is asked as it is written.
    """
    if isinstance(model, torch.jit.ScriptModule):
        return InItsType(model)
    if type_of(model) in (None, images.dtype) or _takes(model, images[:1]):
        return model
    return InItsType(model)


def type_of(model: nn.Module) -> torch.dtype | None:
    """The type of all floating-point weights and buffers, if it is one."""
    found = {part.dtype for part in (*model.parameters(), *model.buffers()) if part.is_floating_point()}
    return found.pop() if len(found) == 1 else None


def _takes(model: nn.Module, images: Tensor) -> bool:
    with settled(model), torch.no_grad():
        try:
            model(images.clone())
        except Exception:
            return False
    return True
