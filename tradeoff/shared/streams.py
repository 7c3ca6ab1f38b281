"""The streams of a command: text that any console can show, and what happens where nobody can read it any more."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TextIO

_SILENT: ContextVar[bool] = ContextVar("silent", default=False)


def legible() -> None:
    """From now on a character that the console's encoding lacks is a question mark there, and no error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


@contextlib.contextmanager
def beside_files() -> Iterator[Callable[[str], None]]:
    """A function that prints while files are still to be made.

    Where the output fails (its reader has gone, its disk is full) the work goes on; the error comes when it is done.
    """
    failed: list[OSError] = []

    def say(text: str) -> None:
        if failed:
            return
        try:
            print(text, flush=True)
        except OSError as error:
            failed.append(error)

    yield say
    if failed:
        raise failed[0]


def complain(text: str) -> None:
    """A line on the error stream; where there is none, or it fails, too, there is nobody to tell."""
    if sys.stderr is None:
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)


@contextlib.contextmanager
def remarks(*, silent: bool) -> Iterator[None]:
    """Inside, remarks and progress are shown, or kept to themselves; errors and results are none of them."""
    before = _SILENT.set(silent)
    try:
        yield
    finally:
        _SILENT.reset(before)


def silent() -> bool:
    """Whether nobody wants remarks, as with --quiet."""
    return _SILENT.get()


def remark(text: str) -> None:
    """A line on the error stream beside the results, for whoever wants to hear it."""
    if not silent():
        complain(text)


def fails() -> bool:
    """Whether standard output refuses what is written to it."""
    try:
        flush()
        with contextlib.suppress(io.UnsupportedOperation):  # a stream that stands for another has no descriptor
            os.write(sys.stdout.fileno(), b"")  # nothing waits where Python does not buffer
    except OSError:
        return True
    return False


def flush() -> None:
    """Write what waits; a process that was started without standard output has none."""
    if sys.stdout is not None:
        sys.stdout.flush()


def drop(stream: TextIO) -> None:
    """What still waits in a broken stream goes nowhere, also when Python flushes it for the last time."""
    with contextlib.suppress(io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
