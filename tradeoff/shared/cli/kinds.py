"""What values a flag takes: how its text is read, how its values are called in --help, and the rule that they obey.

Every kind refuses what is impossible when the command line is read, before anything is loaded or computed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tradeoff.shared import checks
from tradeoff.shared.names import quoted

Reader = Callable[[str, object], object]
"""(name of the flag, text or a value of a file) -> value, or an InputError."""
MOST_WHOLE = 2**31 - 1
"""No count of images, steps or draws is larger."""
MOST_SEED = 2**63 - 1


def at_commas(text: str) -> list[str]:
    """The parts of a list's text.

    >>> at_commas("0, 8/255,.1")
    ['0', '8/255', '.1']
    """
    return [part.strip() for part in text.split(",")]


def at_names(text: str) -> list[str]:
    """The parts of a list whose entries may hold commas before numbers.

    >>> at_names("bayes:1,augmented:-1,0,1,sign_x0")
    ['bayes:1', 'augmented:-1,0,1', 'sign_x0']
    """
    return [part.strip() for part in re.split(r",(?!\s*[-+]?\d)", text)]


@dataclass(frozen=True)
class Kind:
    """Values of one kind.

    Parameters
    ----------
    read : callable
        (name, raw value) -> value; raises InputError for what it refuses.
    metavar : str
        What stands for a value in --help; "" for a switch.
    rule : str
        What values there are, with their unit, as --help says it.
    parts : callable
        The entries of a list of such values, out of its text.

    Examples
    --------
    >>> whole(1, what="a number of images")("limit", "1e3")
    1000
    """

    read: Reader
    metavar: str
    rule: str = ""
    parts: Callable[[str], list[str]] = at_commas

    def __call__(self, name: str, value: object) -> object:
        return self.read(name, value)


def whole(least: int, most: int = MOST_WHOLE, *, what: str, metavar: str = "N") -> Kind:
    """Whole numbers from ``least`` to ``most``; ``what`` says what they count."""

    def read(name: str, value: object) -> int:
        return checks.at_most(name, checks.at_least(name, checks.integer(name, value), least, what=what), most)

    return Kind(read, metavar, f"{least} or more")


def one_of(names: Iterable[str]) -> Kind:
    """Names out of a registry, which loads nothing of what it names."""
    names = list(names)
    return Kind(lambda name, value: checks.known(name, _text(name, value), names), "NAME", f"one of {', '.join(names)}")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise checks.InputError(f"{name}={quoted(value)} is not text; put it in quotation marks")
    return value


def _some_text(name: str, value: object) -> str:
    if not _text(name, value).strip():
        raise checks.InputError(f"{name}={quoted(value)} is empty; write something there, or leave {name} out")
    return _text(name, value)


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise checks.InputError(f"{name}={quoted(value)} is not true or false; write {name} = true")
    return value


text = Kind(_some_text, "TEXT")
"""Any text but an empty one."""
written = Kind(_text, "TEXT")
"""Text that whoever reads it checks by a rule of its own."""
place = Kind(lambda name, value: checks.place(name, _text(name, value)), "DIR")
"""The path of a folder."""
file = Kind(place.read, "FILE")
"""The path of a file."""
switch = Kind(_switch, "")
"""True or false: by its name alone on a command line."""
count = whole(1, what="a count")
seed = whole(0, MOST_SEED, what="the seed of a random generator")
processes = Kind(checks.processes, "N", f"1 to {checks.MOST_PROCESSES}")
pixel_eps = Kind(checks.pixel_eps, "EPS", "0 to 1 on the [0, 1] pixel scale, like 0.1 or 8/255")
rotation = Kind(checks.degrees, "DEG", "0 to 180 degrees")
pixels = whole(0, 2**15, what="a number of pixels", metavar="PX")
scaled_radius = Kind(checks.radius, "A", "0 or more, in units of the signal's scale: eps * sqrt(d)")
