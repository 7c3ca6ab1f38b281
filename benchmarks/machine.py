"""What every comparison with other libraries writes down, and how it finds them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import warnings
from collections.abc import Iterable
from typing import Any


def library(name: str) -> Any:
    """The library, or None where it is not installed."""
    if importlib.util.find_spec(name) is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(name)


def surroundings(libraries: Iterable[str]) -> dict[str, Any]:
    """Machine, load and versions; to be taken before anything is measured."""
    machine = {"cpu": platform.machine(), "python": platform.python_version(), "load": os.getloadavg()}
    return {"machine": machine, "versions": {name: _version(name) for name in libraries}}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
