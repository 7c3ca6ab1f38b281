"""A command as data: its flags, and what is done with their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tradeoff.shared import streams
from tradeoff.shared.cli.fitting import show
from tradeoff.shared.cli.parser import VERSION, Parser, parser
from tradeoff.shared.cli.reading import read


@dataclass(frozen=True)
class Command:
    """A command; it is called with its arguments (by default those of the process) and returns the exit code.

    Parameters
    ----------
    program : str
        What is typed, such as "python -m proofs".
    about : str
        What it does, for --help.
    configs : tuple of dataclasses
        Their fields are the flags (`option`).
    run : callable
        Does the work: of one dict for each dataclass, with the values that were given; returns the exit code.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from tradeoff.shared.cli import limit_option, quiet_option
    >>> @dataclass(frozen=True)
    ... class Options:
    ...     limit: int = limit_option("images", 1000)
    ...     quiet: bool = quiet_option()
    >>> command = Command("python -m mine", "Shows images.", (Options,), lambda given: print(Options(**given)) or 0)
    >>> command(["--limit", "1e2"])
    Options(limit=100, quiet=False)
    0
    >>> command(["--limit", "0"])
    Traceback (most recent call last):
    tradeoff.shared.checks.InputError: limit=0 must be at least 1: it is a number of images; use limit=1
    """

    program: str
    about: str
    configs: tuple[type, ...]
    run: Callable[..., int]

    def parser(self) -> Parser:
        """The parser of its flags."""
        return parser(self.program, self.about, *self.configs)

    def read(self, arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The values that were given, a dict for each dataclass; see `reading.read`."""
        return read(self.parser(), arguments, *self.configs)

    def __call__(self, arguments: Sequence[str] | None = None) -> int:
        given = self.read(arguments)
        with streams.remarks(silent=any(values.get("quiet", False) for values in given)):
            return self.run(*given)


def page(text: str, arguments: Sequence[str]) -> bool:
    """Whether a page that leads to other commands, or the version, was asked for; it is printed then."""
    if list(arguments) in ([], ["-h"], ["--help"]):
        show(text)
        return True
    if list(arguments) == ["--version"]:
        print(VERSION)
        return True
    return False
