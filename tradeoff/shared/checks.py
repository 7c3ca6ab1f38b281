"""Argument checks with one wording: the argument, its value, the rule, and a way out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from fractions import Fraction

from tradeoff.shared.names import quoted, shown

MOST = 1e6
"""Radii up to here, and signals up to a tenth, neither overflow nor lose digits."""
MOST_PROCESSES = 256
MOST_WRITTEN, EXPONENT = 200, re.compile(r"[eE][-+]?\d{4}")
"""Characters of a fraction, and an exponent that none needs."""


class InputError(ValueError):
    """Something a person typed, or a file that a person named, cannot be used; the message says what would do."""


def real(name: str, value: object) -> float:
    """A finite real number, from a number or from text.

    >>> real("p", "0.7")
    0.7
    """
    return _number(name, value, math.isfinite, "it must be a finite number; write it like 0.7 or 2")


def at_most(name: str, value: int, most: int) -> int:
    """A whole number that is not above what can be computed."""
    value = integer(name, value)
    if value > most:
        raise InputError(f"{name}={shown(value)} is more than can be done here; use at most {most}")
    return value


def _number(name: str, value: object, accept: Callable[[float], bool], rule: str) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError):  # the last of a tensor that holds several
        raise InputError(f"{name}={quoted(value)} is not a number: {rule}") from None
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    if not accept(number):
        raise InputError(f"{name}={shown(value)} is not allowed: {rule}")
    return number


def integer(name: str, value: object) -> int:
    """A whole number, from a number or from text; ``1e6`` and ``1_000_000`` are understood.

    >>> integer("trials", "1e6")
    1000000
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            pass
    try:
        number = real(name, value)
    except InputError:
        number = math.nan
    if not number.is_integer():
        raise InputError(f"{name}={quoted(value)} is not a whole number; write it like 64 or 1e6")
    return int(number)


def at_least(name: str, value: int, least: int, *, what: str) -> int:
    """A whole number that is not below ``least``; ``what`` says what it counts."""
    value = integer(name, value)
    if value < least:
        way_out = shown(max(least, abs(value)))
        raise InputError(f"{name}={shown(value)} must be at least {least}: it is {what}; use {name}={way_out}")
    return value


def processes(name: str, value: object) -> int:
    """A number of processes that one machine may run."""
    return at_most(name, at_least(name, integer(name, value), 1, what="a number of processes"), MOST_PROCESSES)


def reliability(name: str, value: object) -> float:
    """The probability p that the sign of x_0 equals the label: in [1/2, 1)."""
    rule = "it is the probability that x_0 shows the label and must lie in [0.5, 1), log-odds finite; try p=0.7"
    return _number(name, value, lambda p: 0.5 <= p < 1, rule)


def signal(name: str, value: object) -> float:
    """The length s of the mean vector: positive."""
    rule = "it is the distance of the class means from 0 and must be positive and at most 1e5; the paper uses 2"
    return _number(name, value, lambda s: 0 < s <= MOST / 10, rule)


def radius(name: str, value: object) -> float:
    """A perturbation size: not negative, and not so large that squares overflow."""
    rule = "it is a radius and must be finite, not negative and at most 1e6; use a value such as 1 (Theorem 2 has 4)"
    return _number(name, value, lambda a: 0 <= a <= MOST, rule)


def positive(name: str, value: object, *, what: str) -> float:
    """A finite number above 0, as a number or as a fraction like "1/255"; ``what`` says what it is."""
    return _ratio(name, value, lambda x: 0 < x < math.inf, f"it is {what} and must be positive; try {name}=0.5")


def ratio(name: str, value: object) -> float:
    """A finite number, as a number or as a fraction like "1/255".

    >>> ratio("mean", "-1/4")
    -0.25
    """
    return _ratio(name, value, math.isfinite, "it must be a finite number; write it like 0.5 or 127/255")


def not_negative(name: str, value: object) -> float:
    """A finite number from 0 on."""
    return _number(name, value, lambda x: 0 <= x < math.inf, "it must be finite and not negative; write it like 0.1")


def pixel_eps(name: str, value: object) -> float:
    """A perturbation size on the [0, 1] pixel scale, as a number or as a fraction like "8/255".

    >>> pixel_eps("eps", "51/255")
    0.2
    """
    rule = "it is an l_inf radius on the [0, 1] pixel scale; write it like 0.1 or 8/255"
    return _ratio(name, value, lambda found: 0 <= found <= 1, rule)


def degrees(name: str, value: object) -> float:
    """A range of rotation in degrees, both ways: 180 holds every angle."""
    return _number(
        *(name, value, lambda found: 0 <= found <= 180),
        "it is a range of rotation in degrees, both ways, between 0 and 180, which holds every angle; write it like 30",
    )


def size(name: str, value: object) -> float:
    """A size on a scale without an upper end, as a number or as a fraction like "8/255".

    >>> size("eps", "128/255") == 128 / 255
    True
    """
    rule = "it is a size and must be finite and not negative; write it like 0.5 or 128/255"
    return _ratio(name, value, lambda found: 0 <= found < math.inf, rule)


def _ratio(name: str, value: object, accept: Callable[[float], bool], rule: str) -> float:
    parts = value.split("/") if isinstance(value, str) else [value]
    numbers = [_number(name, part, math.isfinite, rule) for part in parts]
    found = (
        numbers[0] if len(numbers) == 1 else numbers[0] / numbers[1] if len(numbers) == 2 and numbers[1] else math.nan
    )
    if not accept(found):
        raise InputError(f"{name}={quoted(value)} is not allowed: {rule}")
    return found


def share_of_one(name: str, value: object) -> float:
    """A real number between 0 and 1; of text a fraction, too."""
    return _ratio(
        name, value, lambda number: 0 <= number <= 1, "it is a share and must lie between 0 and 1; write it like 0.5"
    )


def share(name: str, value: object) -> Fraction:
    """A share in (0, 1], as a number or as a fraction like "3/8"; a number stands for the nearest simple fraction.

    >>> share("min_distance", "3/8"), share("min_distance", 0.4)
    (Fraction(3, 8), Fraction(2, 5))
    """
    rule = "it is a share of the length and must lie in (0, 1]; write it like 3/8 or 0.375"
    return fraction(name, value, lambda found: 0 < found <= 1, rule)


def fraction(name: str, value: object, accept: Callable[[Fraction], bool], rule: str) -> Fraction:
    """A fraction that ``accept`` takes, from text or a number; a number stands for the nearest simple fraction.

    >>> fraction("correlation", -1 / 3, lambda rho: rho < 1, "it must be below 1")
    Fraction(-1, 3)
    """
    try:
        found = _exactly(value) if isinstance(value, (Fraction, str)) else Fraction(real(name, value))
    except (ValueError, ZeroDivisionError):
        raise InputError(f"{name}={quoted(value)} is not a number: {rule}") from None
    found = found if isinstance(value, (Fraction, str)) else found.limit_denominator(10**7)
    if not accept(found):
        raise InputError(f"{name}={shown(value)} is not allowed: {rule}")
    return found


def _exactly(value: Fraction | str) -> Fraction:
    """The fraction that is written, unless writing it out would fill the memory, as 1e999999999 would."""
    if isinstance(value, str) and (len(value) > MOST_WRITTEN or EXPONENT.search(value)):
        raise ValueError
    return Fraction(value)


def probability(name: str, value: object, *, what: str) -> float:
    """A number in [0, 1]; ``what`` says of what it is the probability."""
    return _number(name, value, lambda q: 0 <= q <= 1, f"it is {what} and must lie in [0, 1]; try {name}=0.5")


def divisor(step: int, length: int) -> int:
    """A step that divides the word's length."""
    step, length = integer("step", step), integer("length", length)
    if step < 1 or length % step:
        allowed = [s for s in range(1, length + 1) if length % s == 0]
        raise InputError(f"step={shown(step)} does not divide the word length {length}; use one of {shorten(allowed)}")
    return step


def word(text: str) -> str:
    """A word written with + and - only."""
    if not isinstance(text, str):
        raise InputError(f"word={quoted(text)} is not text; a word is written with + and - only, like ++-+")
    strange = sorted(set(text) - set("+-"))
    if strange or not text:
        got = f"contains {quoted(strange[0])}" if strange else "is empty"
        raise InputError(f"word={quoted(text)} {got}; a word is written with + and - only, like ++-+")
    return text


def place(name: str, value: str) -> str:
    """The path of a file or folder, which is not empty: that would be the current folder without a word."""
    if not value or "\0" in value:
        what = "holds the character NUL, which no name can" if value else "names nothing"
        raise InputError(f"{name}={quoted(value)} {what}; name a file or folder (. is the folder that you are in)")
    return value


def known(name: str, value: str, names: Iterable[str]) -> str:
    """A name out of a registry."""
    names = list(names)
    if value not in names:
        raise InputError(f"{name}={quoted(value)} is unknown; use one of {', '.join(names)}")
    return value


def boolean(name: str, value: object) -> bool:
    """True or False, and not what merely counts as one of them."""
    if not isinstance(value, bool):
        raise InputError(f"{name}={value!r} is not True or False; write {name}=True")
    return value


def listed(name: str, value: object) -> tuple[object, ...]:
    """Several values: a list of them, or text with commas between; a value by itself is a list of one.

    >>> listed("eps", "0, 8/255"), listed("eps", 0.1), listed("eps", [0, 0.1])
    (('0', '8/255'), (0.1,), (0, 0.1))
    """
    if isinstance(value, str):
        found: tuple[object, ...] = tuple(part.strip() for part in value.split(","))
    else:
        try:
            found = tuple(value) if isinstance(value, Iterable) else (value,)
        except TypeError:  # a tensor of one number has the method, and nothing to iterate over
            found = (value,)
    if value is None or "" in found:
        raise InputError(
            f"{name}={quoted(value)} is not a list; write it like {name}=0,.05,.1 or {name}=[0, 0.05, 0.1]"
        )
    return found


def shorten(values: list[int], most: int = 12) -> str:
    """A list as text, its middle left out when it is long."""
    if len(values) <= most:
        return str(values)
    head, tail = values[: most // 2], values[-most // 2 :]
    return f"[{', '.join(map(str, head))}, ..., {', '.join(map(str, tail))}]"


def reason(error: BaseException, most: int = 200) -> str:
    """What an error says, on one line, with its kind in front unless it is one of ours.

    >>> reason(KeyError("width"))
    "KeyError: 'width'"
    """
    said = " ".join(str(error).split())
    if isinstance(error, InputError):
        return said
    return shown(f"{type(error).__name__}: {said}" if said else type(error).__name__, most)
