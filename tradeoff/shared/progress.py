"""How long work tells how far it is: a function that is called with what has been done since the last call."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float], object]
"""Told how much work has been done since the last call, in the unit of whoever asks."""


def silent(done: float) -> None:
    """The progress of work that nobody watches."""
