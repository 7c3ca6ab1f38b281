"""What identifies the weights of a network: names, shapes, types and bytes of its tensors."""

from __future__ import annotations

import hashlib
import re

import torch
from torch import Tensor, nn

from empirical.compute.modes import settled
from tradeoff.shared import checks


def named_tensors(model: nn.Module) -> list[tuple[str, Tensor]]:
    """Every parameter and buffer by name, also those that a state dict leaves out; sorted.

    Raises
    ------
    InputError
        If one has no value yet.
    """
    named = [*model.named_parameters(remove_duplicate=False), *model.named_buffers(remove_duplicate=False)]
    for name, tensor in named:
        if torch.nn.parameter.is_lazy(tensor) or tensor.is_meta:
            raise checks.InputError(
                f"model has no values in {name!r} yet (a lazy layer, or the meta device); build it on the CPU, and run "
                "one batch through it before it is returned"
            )
    return sorted(named, key=lambda pair: pair[0])


def of_weights(model: nn.Module) -> str:
    """Content hash of a network: the text of its modules, and name, dtype, shape and bytes of every tensor in it.

    The same on every device and in either mode: it is that of eval mode. It does not see code: two networks that differ
    inside ``forward`` alone have the same checksum, and a version of torch that writes its modules differently gives
    another one.

    Raises
    ------
    InputError
        If a tensor has no value yet.
    """
    # A function shown with its place in memory would give the same network another checksum in every process.
    digest = hashlib.sha256(re.sub(r" at 0x[0-9a-fA-F]+", "", repr(model)).encode())
    with settled(model):  # a layer that folds or caches its weights has others in training mode
        for name, tensor in named_tensors(model):
            shape = [tuple(part.shape) for part in tensor.unbind()] if tensor.is_nested else tuple(tensor.shape)
            digest.update(f"\n{name} {tensor.dtype} {shape}\n".encode())
            digest.update(content(tensor))
    return digest.hexdigest()[:16]


def content(tensor: Tensor) -> bytes:
    """The bytes of a tensor's numbers; of a sparse one also those that say where they stand."""
    if len(parts := _parts(tensor.detach())) > 1 or tensor.is_nested:
        return b"".join(content(part) for part in parts)
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def _parts(tensor: Tensor) -> list[Tensor]:
    """The plain tensors that a tensor is made of."""
    if tensor.is_nested:
        return list(tensor.unbind())
    if tensor.is_quantized:
        return [tensor.int_repr(), tensor.dequantize()]
    if tensor.layout is torch.sparse_coo:
        return [tensor._indices(), tensor._values()]
    if tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
        return [tensor.crow_indices(), tensor.col_indices(), tensor.values()]
    if tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
        return [tensor.ccol_indices(), tensor.row_indices(), tensor.values()]
    return [tensor]
