"""Content identity and files that are whole or absent. Used by every room that writes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

from tradeoff import checks


def content_id(content: object) -> str:
    """Twelve hex digits that depend on the content alone, not on key order or file names.

    >>> content_id({"step": 16, "p": 0.7}) == content_id({"p": 0.7, "step": 16})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def output_folder(name: str, folder: str | Path) -> Path:
    """The folder, made if need be and shown to be writable before any work is done.

    Errors
    ------
    InputError
        If it cannot be made or written; ``name`` is the argument that asked for it.
    """
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise checks.InputError(
            f"{name}={str(folder)!r} cannot be written ({error.strerror}); name a folder in which files can be made"
        ) from None
    return path


def write_atomic(path: Path, content: bytes | str) -> None:
    """Write to a temporary name, flush to disk, rename: nobody sees half a file, and a failure leaves the old one.

    Errors
    ------
    InputError
        If the disk refuses (full, read-only); the temporary file is removed.
    """
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise checks.InputError(
            f"{str(path)!r} cannot be written ({error.strerror}); free some space or name another folder"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
