"""How long work tells how far it is: a function that is called with what has been done since the last call.

Whoever shows it may listen to more: a `Listener` hears which stage begins, and what to say beside the progress. A plain
function is told of neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

Progress = Callable[[float], object]
"""Told how much work has been done since the last call, in the unit of whoever asks."""


@runtime_checkable
class Listener(Protocol):
    """A progress that is shown with the stage that the work is in, and with a remark."""

    def __call__(self, done: float) -> object:
        """Count work that has been done since the last call."""

    def begin(self, stage: str) -> None:
        """Name the stage that begins."""

    def note(self, text: str) -> None:
        """Show a remark beside the progress from now on."""


def silent(done: float) -> None:
    """The progress of work that nobody watches."""


def begin(progress: Progress, stage: str) -> None:
    """Tell which stage begins, to whoever listens."""
    if isinstance(progress, Listener):
        progress.begin(stage)


def note(progress: Progress, text: str) -> None:
    """What to say beside the progress, such as the loss; the latest counts."""
    if isinstance(progress, Listener):
        progress.note(text)
