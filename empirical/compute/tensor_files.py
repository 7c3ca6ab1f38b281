"""Tensors in safetensors files, written in one piece and read with one sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from tradeoff.shared import checks, storage

WAY_OUT = "delete its folder and run again"


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    """Tensors and a text header as one safetensors file, whole or not at all."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    storage.write_atomic(path, save(plain, metadata=header))


def read_tensors(path: Path, *, way_out: str = WAY_OUT) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the header of a safetensors file; ``way_out`` is what to do about a file that is not whole.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    with _opened(path, way_out) as file:
        return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118


def read_header(path: Path, *, way_out: str = WAY_OUT) -> dict[str, str]:
    """The header alone; errors as those of `read_tensors`."""
    with _opened(path, way_out) as file:
        return dict(file.metadata() or {})


@contextmanager
def _opened(path: Path, way_out: str) -> Iterator[Any]:
    try:
        with safe_open(path, framework="pt") as file:
            yield file
    except (OSError, SafetensorError) as error:
        raise checks.InputError(f"{str(path)!r} is not a whole safetensors file ({error}); {way_out}") from None
