"""A dataclass field that is also a flag, and the flags that many commands share: each is worded once."""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field
from typing import Any

from tradeoff.shared.cli import kinds
from tradeoff.shared.cli.kinds import Kind

INPUT, METHOD, OUTPUT, GENERAL = "input", "method", "output", "general"
GROUPS = (INPUT, METHOD, OUTPUT, GENERAL)
"""Of flags, in the order in which --help shows them."""


@dataclass(frozen=True)
class Flag:
    """How a field is a flag; see `option`."""

    kind: Kind
    help: str
    many: bool
    group: str
    metavar: str
    usual: str
    missing: str
    front: bool
    repeats: bool


def option(
    kind: Kind,
    help: str,
    *,
    default: Any = MISSING,
    usual: str = "",
    many: bool = False,
    group: str = METHOD,
    metavar: str = "",
    missing: str = "",
    front: bool = False,
    repeats: bool = False,
) -> Any:
    """A dataclass field that is also a flag.

    Parameters
    ----------
    kind : Kind
        What values it takes.
    help : str
        What it means; the rule of its kind and the default are said after it.
    default : object, optional
        Value where none is given.
    usual : str
        What --help says of a default that depends on something else.
    many : bool
        Whether it is a list, a tuple in the dataclass.
    group : str
        One of `GROUPS`.
    metavar : str
        What stands for a value in --help, if the kind has no better word.
    missing : str
        The way out where it must be given and is not.
    front : bool
        Whether it stands without a name in front of the flags.
    repeats : bool
        Whether a list may hold an entry twice.

    Returns
    -------
    dataclasses.Field
        To stand in a dataclass.
    """
    made = Flag(kind, help, many, group, metavar or kind.metavar, usual, missing, front, repeats)
    return field(metadata={"flag": made}) if default is MISSING else field(default=default, metadata={"flag": made})


def flag_of(spec: Field[Any]) -> Flag:
    """How a dataclass field is a flag."""
    found: Flag = spec.metadata["flag"]
    return found


def out_option(what: str, default: str | None = None, *, usual: str = "") -> Any:
    """``--out DIR``: where files go."""
    return option(kinds.place, f"folder for {what}", default=default, usual=usual, group=OUTPUT)


def json_option(what: str) -> Any:
    """``--json``: results for another program."""
    return option(
        kinds.switch,
        f"{what} as JSON, one object a line, and nothing else on standard output",
        default=False,
        group=OUTPUT,
    )


def no_figure_option() -> Any:
    """``--no-figure``: numbers and words alone."""
    return option(
        kinds.switch, "draw no figure; numbers and words are written all the same", default=False, group=OUTPUT
    )


def quiet_option() -> Any:
    """``--quiet``: results and errors, and no word beside them."""
    return option(
        kinds.switch,
        "no progress and no remarks; results and errors are said all the same",
        default=False,
        group=OUTPUT,
    )


def limit_option(what: str, default: int, *, least: int = 1, most: int = kinds.MOST_WHOLE, chosen: str = "") -> Any:
    """``--limit N``: of many things so many at most; ``chosen`` says which."""
    kind = kinds.whole(least, most, what=f"a number of {what}")
    return option(kind, f"{what} at most{chosen and ', '}{chosen}", default=default, group=INPUT)


def seed_option(what: str) -> Any:
    """``--seed N``: what is drawn at random is the same with the same seed."""
    return option(kinds.seed, f"seed of {what}", default=0)


def workers_option(what: str, default: int | None = 2, *, usual: str = "") -> Any:
    """``--workers N``: processes at the same time."""
    return option(kinds.processes, f"processes that {what}", default=default, usual=usual)
