"""How a command ends, and how it tells how far it is: exit codes, errors in one sentence, a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tradeoff.shared import checks, streams
from tradeoff.shared.names import quoted, sentence
from tradeoff.shared.progress import Progress, silent

ROOMS = ("tradeoff", "proofs", "empirical")
LAYOUT = "{l_bar}{bar}| {elapsed} so far, {remaining} left"


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


@contextmanager
def bar(total: float | None, what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on the error stream where that is a terminal, once the work has taken a second.

    ``total`` is the work to be done in the unit of what the caller is told, None where it is not known beforehand.
    """
    if quiet or streams.silent() or total == 0 or sys.stderr is None or not sys.stderr.isatty():
        yield silent
        return
    from tqdm import tqdm

    layout = {} if total is None else {"bar_format": LAYOUT}
    with tqdm(total=total, desc=what, unit_scale=True, leave=False, delay=1, **layout) as shown:
        yield shown.update
