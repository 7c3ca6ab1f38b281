"""How far long work is: a progress bar where somebody watches, a line now and then where the output goes into a file.

The time that is left is judged by all work so far, so that it settles as the work goes on: stages whose cost was
guessed too high or too low move it once, and do not swing it.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tradeoff.shared import streams
from tradeoff.shared.progress import Progress, silent

LAYOUT = "{l_bar}{bar}| {elapsed} so far, {remaining} left{postfix}"
EVERY = 30.0
"""Seconds between two lines; work that is done sooner says nothing."""
LOOK = 5.0
"""Seconds between two looks at the clock, while the work itself tells nothing."""


@contextmanager
def bar(total: float | None, what: str, *, quiet: bool = False) -> Iterator[Progress]:
    """Progress on the error stream: a bar on a terminal, once the work has taken a second, else a line now and then.

    ``total`` is the work to be done in the unit of what the caller is told, None where it is not known beforehand.
    What is yielded is a `tradeoff.shared.progress.Listener`, unless nobody is to be told.
    """
    if quiet or streams.silent() or total == 0 or sys.stderr is None:
        yield silent
        return
    if not sys.stderr.isatty():
        lines = Lines(total, what)
        with _watched(lines.tell):
            yield lines
        return
    from tqdm import tqdm

    layout = {} if total is None else {"bar_format": LAYOUT}
    with tqdm(total=total, desc=what, unit_scale=True, leave=False, delay=1, smoothing=0, **layout) as shown:
        yield _Bar(shown, what)


class _Bar:
    """A bar that can be called with the work done, named by its stage, and noted beside."""

    def __init__(self, shown: Any, what: str) -> None:
        self._shown, self._what = shown, what

    def __call__(self, done: float) -> None:
        self._shown.update(done)

    def begin(self, stage: str) -> None:
        self._shown.set_description(f"{self._what} {stage}", refresh=False)

    def note(self, text: str) -> None:
        self._shown.set_postfix_str(text, refresh=False)


@contextmanager
def _watched(look: Callable[[], object]) -> Iterator[None]:
    """Inside, ``look`` is called every LOOK seconds, since a long stage tells nothing until it ends."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK):
            look()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


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
        self._told = self._counted = self._start
        self._stage = self._note = ""
        self._one_at_a_time = threading.RLock()

    def __call__(self, done: float) -> None:
        with self._one_at_a_time:
            self._done += done
            self._counted = self._clock()
            self._tell(self._counted)

    def begin(self, stage: str) -> None:
        """Name this in every line from now on."""
        with self._one_at_a_time:
            self._stage = f" {stage}"
            self._tell(self._clock())

    def note(self, text: str) -> None:
        """Say this at the end of the next line."""
        self._note = f"; {text}"

    def tell(self) -> None:
        """A line, if it is time for one."""
        with self._one_at_a_time:
            self._tell(self._clock())

    def _tell(self, now: float) -> None:
        if now - self._told >= EVERY:
            self._told = now
            self._say(f"{self._what}{self._stage}: {self._so_far(now)}{self._note}")

    def _so_far(self, now: float) -> str:
        """The time left is judged where work was counted last, and runs down from there; where the work takes longer
        than it should, none is told.
        """
        spent = f"{short(now - self._start)} so far"
        if not self._total or not self._done:
            return spent
        share = min(self._done / self._total, 1.0)
        left = (self._counted - self._start) * (1 - share) / share - (now - self._counted)
        return f"{100 * share:.0f} %, {spent}" + (f", about {short(left)} left" if left >= 0 else "")


def short(seconds: float) -> str:
    """0:40, or 1:02:03."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
