"""Command line and --config file -> values: the command line in front, every value checked by its kind."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from tradeoff.shared import checks
from tradeoff.shared.cli import config_file, kinds
from tradeoff.shared.cli.options import Flag
from tradeoff.shared.cli.parser import Parser, flag_name
from tradeoff.shared.names import quoted

FLAG = re.compile(r"--[A-Za-z]|-(?!inf|nan)[A-Za-z]", re.IGNORECASE)
"""How a flag begins; -1, -1/255, -inf and the word -+-+ are values."""


def read(made: Parser, arguments: Sequence[str] | None, *configs: type) -> list[dict[str, Any]]:
    """For each dataclass the values that were given: by flag, else in the --config file. Others keep their defaults.

    Raises
    ------
    InputError
        For an unknown flag or key, a value that cannot be read or is impossible, a file that is missing or cannot be
        read, and for what must be given and is not.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    given = made.parse_flags(_one_value_each(words, made.flags))
    path = given.pop("config")
    raw = config_file.values(path, list(made.flags)) if path is not None else {}
    raw.update({name: _typed_list(made.flags[name], value) for name, value in given.items() if value is not None})
    values = {name: value_of(name, made.flags[name], raw[name]) for name in made.flags if name in raw}
    for name, flag in made.flags.items():
        if flag.missing and name not in values:
            raise checks.InputError(f"{name} is missing; {flag.missing}")
    return [{spec.name: values[spec.name] for spec in fields(config) if spec.name in values} for config in configs]


def _one_value_each(words: Sequence[str], flags: dict[str, Flag]) -> list[str]:
    """Every value with its flag in front, ``--eps 0 -1/255`` as ``--eps=0 --eps=-1/255``.

    So a value may begin with a minus, which argparse would take for a flag.
    """
    lists = {flag_name(name) for name, flag in flags.items() if flag.many}
    single = {flag_name(name) for name, flag in flags.items() if not (flag.many or flag.front)}
    single -= {flag_name(name) for name, flag in flags.items() if flag.kind is kinds.switch}
    made: list[str] = []
    of, opened = "", False  # the flag whose values these are, and whether it still waits for its first
    for word in words:
        if not FLAG.match(word) and of:
            if opened:
                made.pop()
            made.append(f"{of}={word}")
            of, opened = of if of in lists else "", False
            continue
        made.append(word)
        name, equals, _ = word.partition("=")
        of = name if name in lists or (name in single | {"--config"} and not equals) else ""
        opened = bool(of) and not equals
    return made


def _typed_list(flag: Flag, value: Any) -> Any:
    """The entries of a list as it was typed: a comma may stand at the end of all words but the last."""
    if not flag.many:
        return value
    *former, last = value
    return [
        part for word in [*(word.rstrip().removesuffix(",") for word in former), last] for part in flag.kind.parts(word)
    ]


def value_of(name: str, flag: Flag, raw: object) -> object:
    """A value, or a tuple of them, out of what was typed or stands in a file.

    Raises
    ------
    InputError
        For what the flag's kind refuses, an empty list, and an entry that comes twice where that makes no sense.
    """
    if not flag.many:
        return flag.kind(name, raw)
    parts = flag.kind.parts(raw) if isinstance(raw, str) else raw if isinstance(raw, list) else [raw]
    if not parts:
        raise checks.InputError(f"{name}={quoted(raw)} is not a list with at least one value; write {name} = [...]")
    if "" in parts:
        raise checks.InputError(
            f"{name}={quoted(','.join(map(str, parts)))} has an empty entry; write one value between two commas"
        )
    found: dict[object, object] = {}
    values = tuple(flag.kind(name, part) for part in parts)
    for part, value in zip(parts, values, strict=True):
        if value in found and not flag.repeats:
            also = "" if part == found[value] else f", as {quoted(found[value])} and as {quoted(part)}"
            raise checks.InputError(f"{name} holds {quoted(part)} twice{also}; leave one of them out")
        found[value] = part
    return values
