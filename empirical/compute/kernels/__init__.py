"""A network as the kernels of a name run it: torch's own, torch's with channels last, or those of `kernels.cpu`.

Which of them is quickest depends on the processor, the network, the precision and the batch, so it is measured
(`kernels.choice`), not believed. They round differently: what one of them makes has the same bits again, what two of
them make does not.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from empirical.compute.kernels import cpu
from empirical.compute.kernels.cpu import channels_last, viewed
from tradeoff.shared import checks


class _ChannelsLast(TorchFunctionMode):
    """While active, images that are channels last can be viewed as a network views them that knows one layout."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func is Tensor.view and args[0].ndim == 4:
            return viewed(*args, **kwargs or {})
        return func(*args, **kwargs or {})


@dataclass(frozen=True)
class Kind:
    """What is in force while a network of these parameters computes, and how its images lie; CPU alone, or anywhere."""

    mode: Callable[[nn.Module], AbstractContextManager[object]]
    channels_last: bool
    cpu_alone: bool = False


KERNELS = {
    "torch": Kind(lambda _: nullcontext(), channels_last=False),
    "channels_last": Kind(lambda _: _ChannelsLast(), channels_last=True),
    "ours": Kind(lambda model: cpu.Kernels(model.parameters()), channels_last=False, cpu_alone=True),
}
"""By name, the most trusted first."""


class Prepared:
    """images -> logits by a model in a precision and by kernels of a name; to be held by `frozen` while this is used.

    The model itself works where nothing has to be changed for it, else a copy of it: in bfloat16, and for weights that
    are channels last.

    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(144, 2)).requires_grad_(False)
    >>> images = torch.rand(3, 1, 8, 8)
    >>> torch.allclose(Prepared(model, "channels_last")(images), model(images), atol=1e-6)
    True
    """

    def __init__(self, model: nn.Module, kernels: str, dtype: torch.dtype = torch.float32) -> None:
        checks.known("kernels", kernels, KERNELS)
        kind = KERNELS[kernels]
        self.dtype, self._last = dtype, kind.channels_last
        last = kind.channels_last or (kind.cpu_alone and dtype != torch.float32)
        self._model = _copy(model, dtype, last=last) if last or dtype != torch.float32 else model
        self._mode = kind.mode(self._model)

    def laid(self, images: Tensor) -> Tensor:
        """The images in the precision and the layout that are computed with."""
        images = images.to(self.dtype)
        return channels_last(images) if self._last and images.ndim == 4 else images

    def __call__(self, images: Tensor) -> Tensor:
        """(n, c, h, w) images, laid or not, -> what the model returns, in its precision."""
        with self._mode:
            logits: Tensor = self._model(self.laid(images))
        return logits


def _copy(model: nn.Module, dtype: torch.dtype, *, last: bool) -> nn.Module:
    """A frozen copy; the layouts of the model itself stay as they are."""
    twin = copy.deepcopy(model).to(dtype).eval()
    for parameter in twin.parameters():
        parameter.requires_grad_(False)
        if last and parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return twin
