"""Flags and --help out of dataclasses: groups in one order, rules, units and defaults said in one way."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from fractions import Fraction
from typing import Any, NoReturn

from tradeoff import __version__
from tradeoff.shared import checks
from tradeoff.shared.cli import kinds
from tradeoff.shared.cli.fitting import paragraphs
from tradeoff.shared.cli.options import GENERAL, GROUPS, Flag, flag_of
from tradeoff.shared.names import shown

VERSION = f"robustness-tradeoff {__version__}"
EPILOG = """\
Lists take commas or spaces alike: --name 1,2 3 is --name 1 2 3. A --config file holds any of the flags by name
(name = [1, 2], in JSON {"name": [1, 2]}); what stands on the command line wins, and --no-NAME there takes back a
switch that the file sets. Exit code 2: something cannot be used, and a sentence says what would do."""
MOST_NEAREST = 3


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one sentence, without the usage in front of it."""

    flags: dict[str, Flag]
    """By field name; those of `parser` alone."""

    def error(self, message: str) -> NoReturn:
        raise checks.InputError(f"{shown(message)}; see {self.prog} --help")

    def parse_flags(self, arguments: list[str]) -> dict[str, Any]:
        """What was given, by field name; what was not is None.

        Raises
        ------
        InputError
            For flags that do not exist, with the nearest ones that do, or that have no value.
        """
        given, unknown = self.parse_known_args(arguments)
        if unknown:
            known = [name for action in self._actions for name in action.option_strings if name.startswith("--")]
            strange = next((one for one in unknown if one.startswith("-")), "").split("=")[0]
            near = nearest(strange, [name for name in known if not name.startswith("--no-") or name == "--no-figure"])
            hint = f" (did you mean {' or '.join(near)}?)" if near and strange else ""
            raise checks.InputError(f"unrecognized arguments: {shown(' '.join(unknown))}{hint}; see {self.prog} --help")
        return vars(given)


def nearest(name: str, names: Iterable[str]) -> list[str]:
    """The names that a mistyped one may have meant, the likeliest first.

    >>> nearest("--esp", ["--eps", "--steps", "--out"])
    ['--eps']
    """
    bare = {name.removeprefix("--"): name for name in names}
    found = difflib.get_close_matches(name.removeprefix("--"), bare, n=MOST_NEAREST, cutoff=0.6)
    return [bare[one] for one in found]


def parser(program: str, description: str, *configs: type) -> Parser:
    """A parser with one flag for each field of the dataclasses, and --config, --version and --help."""
    made = Parser(
        prog=program,
        description=paragraphs(description),
        epilog=paragraphs(EPILOG),
        allow_abbrev=False,
        add_help=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.flags = {spec.name: flag_of(spec) for config in configs for spec in fields(config)}
    in_front = "".join(f" {flag.metavar}" for flag in made.flags.values() if flag.front)
    made.usage = f"{program}{in_front} [--FLAG VALUE ...]"
    for name in GROUPS:
        group = made.add_argument_group(name)
        for config in configs:
            for spec in fields(config):
                if flag_of(spec).group == name:
                    _add(group, spec)
        if name == GENERAL:
            group.add_argument("--config", metavar="FILE", help="TOML or JSON file with any of these flags")
            group.add_argument("--version", action="version", version=VERSION, help="print the version and end")
            group.add_argument("-h", "--help", action="help", help="print this and end")
    return made


def _add(group: Any, spec: Field[Any]) -> None:
    flag, name, about = flag_of(spec), flag_name(spec.name), _about(spec).replace("%", "%%")
    if flag.front:
        group.add_argument(spec.name, nargs="?", metavar=flag.metavar, help=about)
    elif flag.kind is kinds.switch:
        group.add_argument(name, action="store_const", const=True, help=about)
        back = "--with-" + spec.name.removeprefix("no_") if spec.name.startswith("no_") else f"--no-{name[2:]}"
        group.add_argument(back, dest=spec.name, action="store_const", const=False, help=argparse.SUPPRESS)
    elif flag.many:
        # --model A --model B is --model A B: of two values none is dropped without a word.
        group.add_argument(name, action="append", metavar=f"{flag.metavar},...", help=about)
    else:
        group.add_argument(name, metavar=flag.metavar, help=about)


def flag_name(name: str) -> str:
    """The flag of a field.

    >>> flag_name("scaled_radius")
    '--scaled-radius'
    """
    return "--" + name.replace("_", "-")


def _about(spec: Field[Any]) -> str:
    """What a flag means, its rule and its default."""
    flag = flag_of(spec)
    rule = f"; {flag.kind.rule}" if flag.kind.rule else ""
    usual = flag.usual
    if not usual and flag.kind is not kinds.switch and spec.default not in (MISSING, None, ()):
        usual = as_typed(spec.default)
    return f"{flag.help}{rule}" + (f" (default: {usual})" if usual else "")


def as_typed(value: object) -> str:
    """A default as a person would type it.

    >>> as_typed((0.0, 0.5, 30)), as_typed(2.0), as_typed("auto")
    ('0,0.5,30', '2', 'auto')
    """
    if isinstance(value, tuple):
        return ",".join(map(as_typed, value))
    if isinstance(value, Fraction):
        return str(value)
    return f"{value:g}" if isinstance(value, float) else re.sub(r"\s", "_", str(value))
