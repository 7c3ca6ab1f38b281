"""Registries that name what they hold as "module:attribute", so that listing the names loads nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import Any


def loaded(place: str) -> Any:
    """The attribute that "module:attribute" names.

    >>> loaded("math:tau") > 6
    True
    """
    module, _, attribute = place.partition(":")
    return getattr(importlib.import_module(module), attribute)


class Registry(Mapping[str, Any]):
    """Things by name, each loaded when it is asked for.

    Parameters
    ----------
    places : mapping of str to str
        Where each name's thing is, as "module:attribute".

    Examples
    --------
    >>> constants = Registry({"tau": "math:tau", "missing": "no.such.module:x"})
    >>> list(constants), round(constants["tau"], 2)
    (['tau', 'missing'], 6.28)
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def __getitem__(self, name: str) -> Any:
        return loaded(self._places[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
