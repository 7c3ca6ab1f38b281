"""How far long work is: a progress bar where somebody watches, a line now and then where the output goes into a file.

The time that is left is judged by all work so far, so that it settles as the work goes on: stages whose cost was
guessed too high or too low move it once, and do not swing it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tradeoff.shared import streams
from tradeoff.shared.progress import Progress, silent

LAYOUT = "{l_bar}{bar}| {elapsed} so far, {remaining} left{postfix}"
EVERY = 30.0
"""Seconds between two lines; work that is done sooner says nothing."""


@contextmanager
def bar(total: float | None, what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """Progress on the error stream: a bar on a terminal, once the work has taken a second, else a line now and then.

    ``total`` is the work to be done in the unit of what the caller is told, None where it is not known beforehand.
    """
    if quiet or streams.silent() or total == 0 or sys.stderr is None:
        yield silent
        return
    if not sys.stderr.isatty():
        yield Lines(total, what)
        return
    from tqdm import tqdm

    layout = {} if total is None else {"bar_format": LAYOUT}
    with tqdm(total=total, desc=what, unit_scale=True, leave=False, delay=1, smoothing=0, **layout) as shown:
        yield _Bar(shown)


class _Bar:
    """A bar that can be called with the work done, and noted beside."""

    def __init__(self, shown: Any) -> None:
        self._shown = shown

    def __call__(self, done: float) -> None:
        self._shown.update(done)

    def note(self, text: str) -> None:
        self._shown.set_postfix_str(text, refresh=False)


def note(progress: Progress, text: str) -> None:
    """What to say beside the progress of `bar`, such as the loss; the latest counts."""
    if isinstance(progress, (_Bar, Lines)):
        progress.note(text)


class Lines:
    """Called with the work done since the last call, tells of it on the error stream every so many seconds.

    >>> seconds = iter([0.0, 40.0, 50.0, 80.0])
    >>> told = Lines(100, "measuring", clock=lambda: next(seconds), say=print)
    >>> for _ in range(3):
    ...     told(20)
    measuring: 20 %, 0:40 so far, about 2:40 left
    measuring: 60 %, 1:20 so far, about 0:53 left
    """

    def __init__(
        self,
        total: float | None,
        what: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        say: Callable[[str], object] = streams.complain,
    ) -> None:
        self._total, self._what, self._clock, self._say = total, what, clock, say
        self._done, self._start = 0.0, clock()
        self._told = self._start
        self._note = ""

    def __call__(self, done: float) -> None:
        self._done += done
        now = self._clock()
        if now - self._told < EVERY:
            return
        self._told = now
        self._say(f"{self._what}: {self._so_far(now - self._start)}{self._note}")

    def note(self, text: str) -> None:
        """Say this at the end of the next line."""
        self._note = f"; {text}"

    def _so_far(self, seconds: float) -> str:
        if not self._total or not self._done:
            return f"{short(seconds)} so far"
        share = min(self._done / self._total, 1.0)
        return f"{100 * share:.0f} %, {short(seconds)} so far, about {short(seconds * (1 - share) / share)} left"


def short(seconds: float) -> str:
    """0:40, or 1:02:03."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
