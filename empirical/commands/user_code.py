"""A function of the user's own, named as FILE.py:NAME or package.module:NAME. Naming it runs the file: that is its use.

Nothing else in this package executes a file that it did not write; it does so inside `contained.contained`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from tradeoff.shared import checks


def load(name: str, spec: str) -> Callable[..., Any]:
    """The callable that ``spec`` names; ``name`` is the argument that asked for it.

    Raises
    ------
    InputError
        If the file or module does not exist, fails while it runs, or has no such callable.
    """
    place, colon, attribute = spec.rpartition(":")
    if not colon or not place or not attribute:
        raise checks.InputError(f"{name}={spec!r} names no function; write FILE.py:NAME or package.module:NAME")
    if place.endswith(".py") and not Path(place).is_file():
        raise checks.InputError(f"{name}={spec!r}: there is no file {place!r}; name one that exists")
    try:
        module = _file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except ModuleNotFoundError as error:
        raise checks.InputError(
            f"{name}={spec!r} needs the module {error.name!r}, which is not installed; install it, or name a file"
        ) from None
    except Exception as error:
        raise checks.InputError(
            f"{name}={spec!r} failed while it was loaded ({checks.reason(error)}); run it by itself"
        ) from error
    found = getattr(module, attribute, None)
    if not callable(found):
        there = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise checks.InputError(
            f"{name}={spec!r}: {place} has no function {attribute!r}; it has {', '.join(there) or 'none'}"
        )
    return found  # type: ignore[no-any-return]


def _file(path: Path) -> ModuleType:
    made = importlib.util.spec_from_file_location(path.stem, path)
    assert made is not None
    assert made.loader is not None
    module = importlib.util.module_from_spec(made)
    sys.modules.setdefault(made.name, module)  # dataclasses look their module up
    made.loader.exec_module(module)
    return module
