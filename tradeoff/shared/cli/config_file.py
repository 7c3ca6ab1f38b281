"""A file of flags, TOML or JSON: by name, each with its value."""

from __future__ import annotations

import errno
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tradeoff.shared import checks
from tradeoff.shared.cli.parser import nearest
from tradeoff.shared.names import quoted, shown

EXAMPLES = {"TOML": "lines like p = 0.7", "JSON": 'one object like {"p": 0.7}'}
MOST_NAMED = 12
"""Flags that are named where none is near."""


def values(path: str, names: Sequence[str]) -> dict[str, Any]:
    """What the file says of the flags with these names; - and _ are alike in keys.

    A name that ends with .json is JSON, any other TOML.

    Raises
    ------
    InputError
        For a file that cannot be read, is no TOML or JSON, or holds a key twice or an unknown one.
    """
    form = "JSON" if Path(path).suffix.lower() == ".json" else "TOML"
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise OSError(errno.EINVAL, "it is no regular file")  # a pipe would be waited for without end
        written = Path(path).read_text(encoding="utf-8-sig")  # some editors begin with a mark of bytes
        pairs = _json(written) if form == "JSON" else list(tomllib.loads(written).items())
    except OSError as error:
        raise checks.InputError(
            f"config={quoted(path)} cannot be read ({error.strerror}); name a TOML or JSON file that exists"
        ) from None
    except RecursionError:
        raise checks.InputError(f"config={quoted(path)} is nested too deeply; write {EXAMPLES[form]}") from None
    except ValueError as error:  # also bytes that are no UTF-8, and numbers of thousands of digits
        raise checks.InputError(
            f"config={quoted(path)} is not {form} ({shown(error)}); write {EXAMPLES[form]}"
        ) from None
    return _checked(path, pairs, names)


def _json(written: str) -> list[tuple[str, Any]]:
    """The pairs of the outermost object, a key that comes twice twice."""
    outermost: list[tuple[str, Any]] = []

    def kept(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        outermost[:] = pairs  # of the object that ends last, which is the outermost
        return dict(pairs)

    if not isinstance(json.loads(written, object_pairs_hook=kept), dict):
        raise ValueError("it is no object")
    return outermost


def _checked(path: str, pairs: Sequence[tuple[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        name = key.replace("-", "_")
        if name in found:
            raise checks.InputError(
                f"config={quoted(path)} has {quoted(key)} twice (- and _ are alike); keep one of them"
            )
        if name not in names:
            near = nearest(name, names)
            way_out = f"the nearest {'is' if len(near) == 1 else 'are'} {', '.join(near)}"
            more = ", ..." if len(names) > MOST_NAMED else ""
            some = f"use any of {', '.join(names[:MOST_NAMED])}{more}"
            raise checks.InputError(
                f"config={quoted(path)} has the unknown key {quoted(key)}; {way_out if near else some}"
            )
        found[name] = value
    return found
