"""Content identity and files that are whole or absent. Used by every room that writes."""

from __future__ import annotations

import hashlib
import json
import logging
import math
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tradeoff.shared import checks
from tradeoff.shared.names import quoted

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
    """A content as one line of a JSON-lines file, keys sorted, without the line feed.

    What JSON has no number for, NaN and infinity, is null: a value that cannot be had takes no other along.

    >>> json_line({"step": 16, "p": 0.7, "error": math.inf})
    '{"error": null, "p": 0.7, "step": 16}'
    """
    return json.dumps(_plain(content), sort_keys=True, allow_nan=False)


def json_text(content: object) -> str:
    """A content as the text of a JSON file to be looked at, in the order of its keys; null as in `json_line`."""
    return json.dumps(_plain(content), indent=2, allow_nan=False) + "\n"


def _plain(content: object) -> object:
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _plain(value) for key, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, (list, tuple)) else content


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
    path = Path(checks.place(name, str(folder)))
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except (OSError, ValueError) as error:  # the latter of letters that no name holds
        why = error.strerror if isinstance(error, OSError) else error
        raise checks.InputError(
            f"{name}={quoted(str(folder))} cannot be written ({why}); name a folder in which files can be made"
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
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")  # read again by `clear_leftovers`
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise checks.InputError(
            f"{quoted(str(path))} cannot be written ({error.strerror}); free some space or name another folder"
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


LEFTOVER = re.compile(r"\..+\.(\d+)\.part")
"""The temporary name of a file, and the process that writes it."""


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that were killed left half-written in the folder; for whoever has it locked.

    What a living process writes is left alone. This one writes nothing now, so that a file with its number is one of an
    earlier process: in a container they all have the same.
    """
    with os.scandir(folder) as entries:
        found = [(entry.name, match) for entry in entries if (match := LEFTOVER.fullmatch(entry.name))]
    for name, match in found:
        process = int(match[1])
        if process == os.getpid() or not _alive(process):
            (folder / name).unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if os.name != "posix":  # elsewhere a signal 0 ends the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


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
            f"{quoted(str(path))} cannot be written ({error.strerror}); free some space or name another folder"
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

    >>> checked_line({"hits": 3, "error": math.nan})
    '{"checksum": "...", "error": null, "hits": 3}'
    """
    plain = {key: _plain(value) for key, value in content.items()}
    return json_line({**plain, CHECKSUM: content_id(plain)})


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
        where = ", ".join(damaged[:5]) + (", ..." if len(damaged) > 5 else "")
        told(f"{quoted(str(path))} is damaged in line {where}; {again}")


def _checked(path: Path, number: int, line: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    if CHECKSUM not in content:
        raise checks.InputError(
            f"{quoted(str(path))} has a line {number} without a checksum, as earlier versions wrote them; name another "
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
    """The folder for one command alone, without what killed ones left half-written in it.

    The lock goes with the process, however it ends.

    Raises
    ------
    InputError
        If another command works in the folder, or no lock can be had there: without one two commands could spoil each
        other's files.
    """
    try:
        import fcntl
    except ImportError:  # not on Windows: there two runs in one folder are up to the user
        yield
        return
    name = quoted(str(folder))
    try:
        # Whatever a link of this name points to is neither followed nor emptied.
        file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise checks.InputError(
            f"out={name} has a {LOCK} that cannot be opened ({error.strerror}); remove it, or name another folder"
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise checks.InputError(f"out={name} is in use by another run; wait for it, or name another folder") from None
    except OSError as error:
        os.close(file)
        raise checks.InputError(
            f"out={name} lies on a file system that gives no locks ({error.strerror}), and two runs could spoil each "
            "other's files there; name a folder on a disk of this machine"
        ) from None
    try:
        clear_leftovers(folder)
        yield
    finally:
        os.close(file)
