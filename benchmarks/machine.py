"""What every comparison with other libraries writes down, and how it finds them."""

from __future__ import annotations

import importlib
import importlib.util
import os
import warnings
from collections.abc import Iterable
from typing import Any

from tradeoff.shared import machine


def library(name: str) -> Any:
    """The library, or None where it is not installed."""
    if importlib.util.find_spec(name) is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def surroundings(libraries: Iterable[str]) -> dict[str, Any]:
    """Machine, load and versions, None for a library that is missing; to be taken before anything is measured."""
    names = tuple(libraries)
    known = machine.versions(*names)
    where = {"cpu": machine.describe()["processor"], "python": known["python"], "load": os.getloadavg()}
    return {"machine": where, "versions": {name: known.get(name) for name in names}}
