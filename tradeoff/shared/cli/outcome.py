"""How a command ends: exit codes, and errors in one sentence."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tradeoff.shared import checks, streams
from tradeoff.shared.names import quoted, sentence

ROOMS = ("tradeoff", "proofs", "empirical")


def answered(program: str, run: Callable[[], int], *, interrupted: str, extra: str = "") -> int:
    """The exit code of a command: that of ``run``, or why it could not be run, in one sentence on the error stream.

    Parameters
    ----------
    program : str
        What was typed, in front of the sentence.
    run : callable
        Does the work and returns its exit code.
    interrupted : str
        What Ctrl-C leaves behind.
    extra : str
        The extra of this package that brings what a room needs, for a missing package.

    Returns
    -------
    int
        2 for input or files that cannot be used, a package that is missing, or output that cannot be written; 130 after
        Ctrl-C; 1 where the reader of a pipe has seen enough.
    """
    streams.legible()
    try:
        try:
            return _told(program, run, interrupted, extra)
        finally:
            streams.flush()  # and not when Python ends, where an error is a traceback
    except BrokenPipeError:
        streams.drop(sys.stdout)
        return 1
    except OSError as error:
        if streams.fails():
            streams.drop(sys.stdout)
            why = f"the output cannot be written ({error.strerror}); send it somewhere else"
        elif error.filename is not None:
            why = f"{quoted(error.filename)} cannot be used ({error.strerror}); name a file or folder that can be"
        else:
            raise
        streams.complain(f"{program}: {why}")
        return 2


def _told(program: str, run: Callable[[], int], interrupted: str, extra: str) -> int:
    """The exit code of ``run``, or why it could not be run, said on the error stream."""
    try:
        return run()
    except checks.InputError as error:
        streams.complain(f"{program}: {sentence(error)}")
        return 2
    except KeyboardInterrupt:
        streams.complain(f"{program}: interrupted{interrupted}")
        return 130
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").split(".")[0] in ROOMS:
            raise
        missing = f"the package {quoted(error.name)} is missing"
        streams.complain(f"{program}: {missing}; install it with pip install -e '.[{extra}]'")
        return 2
