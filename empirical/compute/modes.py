"""A model's mode, eval or training, and the way back: flags, gradients and the bits of its tensors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from empirical.compute import tensor_checks

Tensors = dict[tuple[nn.Module, str], Tensor]
"""By module, and name in it."""


@contextmanager
def settled(model: nn.Module) -> Iterator[None]:
    """The model in eval mode and without parameter gradients; afterwards everything is as it was.

    Modes are changed by ``train``: a layer may fold or cache its weights there, and would stay folded if only its flag
    came back. Folding and unfolding rounds, so tensors that it changed are put back bit by bit.
    """
    modes = {module: module.training for module in tensor_checks.model(model).modules()}
    needed = {parameter: parameter.requires_grad for parameter in model.parameters()}
    answering = [module for module in modes if _answers(module)] if any(modes.values()) else []
    before = _copies(answering)
    if any(modes.values()):
        _switch(model, False)
    now = _tensors(answering)
    folded = {place: copy for place, copy in before.items() if place not in now or not _same(copy, now[place])}
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter, requires in needed.items():
            parameter.requires_grad_(requires)
        wanted = _copies(answering) | folded
        _restore(modes)
        _put_back(answering, wanted)


@contextmanager
def kept(model: nn.Module) -> Iterator[None]:
    """Every parameter and buffer has its bits again afterwards, whatever a pass does to them."""
    before = _copies([model])
    try:
        yield
    finally:
        _put_back([model], before)


def names_in_eval_mode(model: nn.Module) -> set[str]:
    """The names of its state dict there: a layer may have others in training mode."""
    with settled(model):
        return set(model.state_dict())


def _answers(module: nn.Module) -> bool:
    """Whether it does more than to set flags when its mode changes."""
    return getattr(module.train, "__func__", None) is not nn.Module.train


def _switch(module: nn.Module, mode: bool) -> None:
    """``train(mode)``; an exported program refuses it, since its mode is the one that it was exported in."""
    try:
        module.train(mode)
    except NotImplementedError:
        module.training = mode
        for child in module.children():
            _switch(child, mode)


def _restore(modes: dict[nn.Module, bool]) -> None:
    """Outer modules first, since their ``train`` reaches those inside."""
    for module, mode in modes.items():
        if module.training != mode and _answers(module):
            _switch(module, mode)
        module.training = mode


def _tensors(modules: Iterable[nn.Module]) -> Tensors:
    inner = {one for module in modules for one in module.modules()}
    own = {one: [*one.named_parameters(recurse=False), *one.named_buffers(recurse=False)] for one in inner}
    return {(one, name): tensor for one, named in own.items() for name, tensor in named}


def _copies(modules: Iterable[nn.Module]) -> Tensors:
    return {place: tensor.detach().clone() for place, tensor in _tensors(modules).items()}


def _put_back(modules: Iterable[nn.Module], wanted: Tensors) -> None:
    with torch.no_grad():
        for place, tensor in _tensors(modules).items():
            if place in wanted and not _same(wanted[place], tensor):
                tensor.copy_(wanted[place])


def _same(one: Tensor, two: Tensor) -> bool:
    """Whether two tensors are equal; those that torch cannot compare count as different."""
    plain = one.layout is two.layout is torch.strided and not (one.is_nested or two.is_nested) and one.itemsize > 1
    return plain and one.shape == two.shape and one.dtype == two.dtype and torch.equal(one, two)
