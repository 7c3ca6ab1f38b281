"""The commands of ``python -m empirical``, each a function of what follows its name; loaded when it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tradeoff.shared import checks
from tradeoff.shared.cli import option, text
from tradeoff.shared.registry import Registry

PROGRAM = "python -m empirical"
COMMANDS = Registry(
    {
        "measure": "empirical.commands.measure:main",
        "verify": "empirical.commands.verify:main",
        "reproduce": "empirical.commands.reproduce:main",
        "check-attack": "empirical.commands.check_attack:main",
        "known-answers": "empirical.commands.check_attack:known",
        "examples": "empirical.commands.examples:main",
        "figures": "empirical.commands.figures:main",
    }
)


def kernels_option() -> Any:
    """The flag of every command that follows gradients; `kernel_choice` knows the names."""
    return option(
        text,
        "auto (the quickest here), torch, channels_last or ours: what computes gradients; set it for the same bits "
        "again in another folder (default: auto)",
        metavar="NAME",
        default="auto",
    )


def in_front(arguments: Sequence[str], what: str, way_out: str) -> tuple[str, list[str]]:
    """What stands in front of the flags, "" where help is asked for, and the rest.

    Raises
    ------
    InputError
        If nothing stands there.
    """
    if arguments and arguments[0] in ("-h", "--help"):
        return "", list(arguments)
    if not arguments or arguments[0].startswith("-"):
        raise checks.InputError(f"{what} is missing; {way_out}")
    return arguments[0], list(arguments[1:])


def named(arguments: Sequence[str], what: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """The name in front of the flags, one of ``names``, and the rest; the first name where help is asked for."""
    name, rest = in_front(arguments, what, f"use one of {', '.join(names)}")
    return checks.known(what, name or names[0], names), rest
