"""Registries that name what they hold as "module:attribute", so that listing names loads nothing."""

from __future__ import annotations

import importlib
from typing import Any


def loaded(place: str) -> Any:
    """The attribute that "module:attribute" names.

    >>> loaded("math:tau") > 6
    True
    """
    module, _, attribute = place.partition(":")
    return getattr(importlib.import_module(module), attribute)
