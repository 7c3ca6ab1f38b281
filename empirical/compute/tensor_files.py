"""Tensors in safetensors files, written in one piece and read with one sentence for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from tradeoff.shared import checks, storage


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    """Tensors and a text header as one safetensors file, whole or not at all; the same content has the same bytes."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    storage.write_atomic(path, _in_order(save(plain, metadata=header)))


def _in_order(file: bytes) -> bytes:
    """A safetensors file with the texts of its header sorted: the library writes them as a hash table has them."""
    end = 8 + int.from_bytes(file[:8], "little")
    header = json.loads(file[8:end])
    if "__metadata__" in header:
        header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + file[end:]


def read_tensors(
    path: Path, *, way_out: str = "delete its folder and run again"
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the header of a safetensors file; ``way_out`` is what to do about a file that is not whole.

    Raises
    ------
    InputError
        If the file is missing or damaged.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise checks.InputError(f"{str(path)!r} is no regular file; {way_out}")
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise checks.InputError(f"{str(path)!r} is not a whole safetensors file ({error}); {way_out}") from None
