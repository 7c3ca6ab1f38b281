"""Arrays of frozen values are frozen, too: who writes into one is told, and no later answer is another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cached_property, wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Held = TypeVar("Held")
Scalar = TypeVar("Scalar", bound=np.generic)


def freeze(made: Held) -> Held:
    """What was made, read-only from now on if it is an array."""
    if isinstance(made, np.ndarray):
        made.setflags(write=False)
    return made


def freeze_fields(value: Any) -> None:
    """Freeze every array of a dataclass; for its ``__post_init__``, where the arrays were made for it."""
    for spec in fields(value):
        freeze(getattr(value, spec.name))


def frozen(given: NDArray[Scalar]) -> NDArray[Scalar]:
    """An array of the caller's as nobody can change it: itself if it is such an array, else a copy.

    >>> weights = np.zeros(2)
    >>> kept = frozen(weights)
    >>> weights[0] = 1
    >>> kept, frozen(kept) is kept
    (array([0., 0.]), True)
    """
    return freeze(given.copy()) if given.flags.writeable or given.base is not None else given


def cached_array(method: Callable[[Any], Held]) -> cached_property[Held]:
    """A `functools.cached_property` whose array is read-only."""

    @wraps(method)
    def made(self: Any) -> Held:
        return freeze(method(self))

    return cached_property(made)
