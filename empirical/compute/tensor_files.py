"""Tensors in safetensors files, written in one piece and read with one sentence for what is wrong.

Every file carries the SHA-256 of all else that it holds: of its header without this entry (names, types, shapes, places
and the text), as sorted JSON, and of the bytes behind it. It is checked on reading, so that a bit that has flipped
since is told and never becomes another number. Entries are sorted, and the same tensors and text give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from tradeoff.shared import checks, storage

HASH, TEXT = "sha256", "__metadata__"
BLOCK = 1 << 20
"""Bytes that are hashed at once, so that a large file is not held in memory twice."""
WAY_OUT = "delete its folder and run again"


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    """Tensors and a text header as one safetensors file, whole or not at all."""
    storage.write_atomic(path, encoded(tensors, header))


def encoded(tensors: dict[str, Tensor], header: dict[str, str]) -> bytes:
    """The bytes of the file that holds these tensors and this text, its hash included."""
    plain = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    raw = memoryview(save(plain))
    start = 8 + int.from_bytes(raw[:8], "little")
    entries: dict[str, Any] = {**json.loads(bytes(raw[8:start])), TEXT: header}
    digest = _of_header(entries)
    digest.update(raw[start:])
    text = _sorted({**entries, TEXT: {**header, HASH: digest.hexdigest()}})
    text += b" " * (-len(text) % 8)  # the format wants numbers to begin at a multiple of 8
    return b"".join((len(text).to_bytes(8, "little"), text, raw[start:]))


def read_tensors(
    path: Path, *, way_out: str = WAY_OUT, of_others: bool = False
) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors and the text header of a safetensors file, its hash checked.

    ``way_out`` is what to do about a file that is not whole; a file ``of_others`` may be without a hash.

    Raises
    ------
    Damaged
        If the file is missing, torn, or not what was written.
    InputError
        If it has no hash.
    """
    header = read_header(path, way_out=way_out, of_others=of_others)
    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, header  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise _torn(path, error, way_out) from None


def read_header(path: Path, *, way_out: str = WAY_OUT, of_others: bool = False) -> dict[str, str]:
    """The text header alone, the hash of the whole file checked; errors as those of `read_tensors`."""
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise checks.InputError(f"{str(path)!r} is no regular file; {way_out}")
    try:
        with safe_open(path, framework="pt") as file:
            header = dict(file.metadata() or {})
        stored = header.pop(HASH, None)
        if stored is not None and stored != _hash(path):
            raise storage.Damaged(
                f"{str(path)!r} is damaged (its content is not that of which it holds the SHA-256)", way_out
            )
    except (OSError, SafetensorError) as error:
        raise _torn(path, error, way_out) from None
    if stored is None and not of_others:
        raise checks.InputError(
            f"{str(path)!r} holds no SHA-256 of its content, as earlier versions wrote files; {way_out}"
        )
    return header


def _torn(path: Path, error: Exception, way_out: str) -> storage.Damaged:
    return storage.Damaged(f"{str(path)!r} is not a whole safetensors file ({error})", way_out)


def read_if_sound(path: Path, *, again: str) -> tuple[dict[str, Tensor], dict[str, str]] | None:
    """What `read_tensors` returns; None where there is no file, or a damaged one, which is told, and what is done."""
    if not path.exists():
        return None
    try:
        return read_tensors(path)
    except storage.Damaged as error:
        storage.told(f"{error.what}; {again}")
        return None


def _hash(path: Path) -> str:
    """What the hash of a file should be whose header was found to be sound."""
    with open(path, "rb") as file:
        entries = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        entries[TEXT] = {name: text for name, text in entries[TEXT].items() if name != HASH}
        digest = _of_header(entries)
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _of_header(entries: dict[str, Any]) -> hashlib._Hash:
    return hashlib.sha256(_sorted(entries))


def _sorted(entries: dict[str, Any]) -> bytes:
    return json.dumps(entries, sort_keys=True, separators=(",", ":")).encode()
