"""Content identity and files that are whole or absent. Used by every room that writes."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tradeoff.shared import checks

CHECKSUM = "checksum"
told = logging.getLogger("tradeoff").warning
"""Says in one sentence what was found wrong and is made again: on the error stream, where nobody set up logging."""


class Damaged(checks.InputError):
    """A file, or a part of one, that is not what was written: ``what`` is wrong, and a way out for whoever needs it.

    Who can make it again does so, and tells.
    """

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what, way_out)
        self.what = what

    def __str__(self) -> str:
        return "; ".join(self.args)


def content_id(content: object) -> str:
    """Twelve hex digits that depend on the content alone, not on key order or file names.

    >>> content_id({"step": 16, "p": 0.7}) == content_id({"p": 0.7, "step": 16})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def json_line(content: object) -> str:
    """A content as one line of a JSON-lines file, keys sorted, without the line feed; NaN is refused.

    >>> json_line({"step": 16, "p": 0.7})
    '{"p": 0.7, "step": 16}'
    """
    return json.dumps(content, sort_keys=True, allow_nan=False)


def identifying(content: Mapping[str, Any], later: Mapping[str, object]) -> dict[str, Any]:
    """The part of a content that identifies: fields added ``later`` are left out while they have their default.

    So ids that were made before a field existed stay what they were.

    >>> identifying({"p": 0.7, "group": "cyclic"}, later={"group": "cyclic"})
    {'p': 0.7}
    """
    return {name: value for name, value in content.items() if name not in later or later[name] != value}


def output_folder(name: str, folder: str | Path) -> Path:
    """The folder, made if need be and shown to be writable before any work is done.

    Raises
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

    Raises
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


def append_lines(path: Path, lines: Iterable[str]) -> None:
    """Add whole lines to a file, flushed to disk; a torn last line, left by a killed process, is cut off first.

    Raises
    ------
    InputError
        If the disk refuses; what was whole before stays whole.
    """
    data = "".join(line + "\n" for line in lines).encode()
    try:
        with open(path, "a+b") as file:
            file.truncate(_whole_length(file.seek(0, os.SEEK_END), file))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise checks.InputError(
            f"{str(path)!r} cannot be written ({error.strerror}); free some space or name another folder"
        ) from None


def _whole_length(length: int, file: BinaryIO) -> int:
    """The length up to the last line feed."""
    while length:
        start = max(0, length - 4096)
        file.seek(start)
        found = file.read(length - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        length = start
    return 0


def checked_line(content: Mapping[str, Any]) -> str:
    """`json_line` of a content that can be checked on reading: under ``checksum`` stands the `content_id` of the rest.

    >>> checked_line({"hits": 3})
    '{"checksum": "...", "hits": 3}'
    """
    return json_line({**content, CHECKSUM: content_id(content)})


def read_lines(path: Path) -> list[dict[str, Any] | None]:
    """The objects of a file of `checked_line`, without their checksums; None for each line that is damaged.

    There are none if the file does not exist; a torn last line, left by a killed process, is left out.

    Raises
    ------
    InputError
        If a line has no checksum.
    """
    if not path.exists():
        return []
    *lines, _torn = path.read_bytes().split(b"\n")
    return [_checked(path, number, line) for number, line in enumerate(lines, start=1)]


def whole_lines(path: Path, *, again: str) -> list[dict[str, Any]]:
    """The contents of `read_lines`; of damaged lines it is told where they are and what is done ``again``."""
    found = read_lines(path)
    tell_damaged(path, found, again=again)
    return [content for content in found if content is not None]


def tell_damaged(path: Path, found: Sequence[object | None], *, again: str) -> None:
    """Tell which lines of a file are damaged, if there are any."""
    damaged = [str(number) for number, content in enumerate(found, start=1) if content is None]
    if damaged:
        told(f"{str(path)!r} is damaged in line {', '.join(damaged[:5])}{', ...' if len(damaged) > 5 else ''}; {again}")


def _checked(path: Path, number: int, line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    if CHECKSUM not in content:
        raise checks.InputError(
            f"{str(path)!r} has a line {number} without a checksum, as earlier versions wrote them; name another "
            "folder, or delete this file to make again what it holds"
        )
    stored = content.pop(CHECKSUM)
    try:
        return content if stored == content_id(content) else None
    except ValueError:  # NaN, which is never written
        return None


LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder for one command alone; the lock goes with the process, however it ends.

    Raises
    ------
    InputError
        If another command works in the folder.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows: there two runs in one folder are up to the user
        yield
        return
    with open(folder / LOCK, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise checks.InputError(
                f"out={str(folder)!r} is in use by another run; wait for it, or name another folder"
            ) from None
        yield
