"""How large a certificate may be: whatever somebody has written, it is checked in minutes or refused at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 22
"""Of a file, and of a manifest; the largest that is committed has 56 kB."""
MOST_ROWS, MOST_STEPS = 10_000, 2_000_000
"""Boxes or slabs of a file, and values of parts of an expression that they ask for."""
MOST_DIGITS, MOST_EXPONENT = 200, 64
"""Of a number that is written, and of a power."""
MOST_BITS = 1 << 12
"""Of an end of an interval, of which 128 stand behind the point."""
WRITTEN = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(/[0-9]{{1,{MOST_DIGITS}}})?")


class RefusedError(ValueError):
    """A certificate that does not show what it claims."""


def content(path: Path) -> bytes:
    """The bytes of a file that is not too large."""
    with path.open("rb") as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise RefusedError(f"it has more than {MOST_BYTES} bytes")
    return found


def fraction(text: Any) -> Fraction:
    """A whole number, or a quotient of two, as text: 1e1000000000 would fill the memory when it is written out."""
    if not isinstance(text, str) or not WRITTEN.fullmatch(text):
        raise RefusedError(f"{str(text)[:40]!r} is no quotient of whole numbers of at most {MOST_DIGITS} digits")
    return Fraction(text)


def integer(text: str) -> int:
    """A whole number as text."""
    return fraction(text.partition("/")[0]).numerator


def exponent(text: Any) -> Fraction:
    """The exponent of a power that can be multiplied out."""
    found = fraction(text)
    if abs(found) > MOST_EXPONENT:
        raise RefusedError(f"the power {text} is larger than {MOST_EXPONENT}")
    return found


def bounded(ends: tuple[int, int]) -> tuple[int, int]:
    """The ends of an interval, refused where they are too long to go on with."""
    if max(end.bit_length() for end in ends) > MOST_BITS:
        raise RefusedError(f"a number has more than {MOST_BITS} binary digits")
    return ends


def missing_bits(bits: Any, most: int) -> int:
    """How many binary digits whole numbers are short of ``most``."""
    if not isinstance(bits, int) or not 0 <= bits <= most:
        raise RefusedError(f"bits = {str(bits)[:40]}: ends are multiples of 2^-bits, with bits from 0 to {most}")
    return most - bits


def few(rows: Sequence[str], tree: Any) -> None:
    """Refuse more rows, or more work on all of them, than is done in minutes."""
    if len(rows) > MOST_ROWS:
        raise RefusedError(f"it has {len(rows)} rows, more than {MOST_ROWS}")
    if len(rows) * _parts(tree) > MOST_STEPS:
        raise RefusedError(f"{len(rows)} rows with an expression of {_parts(tree)} parts: too many to check")


def _parts(tree: Any) -> int:
    return 1 + sum(map(_parts, tree)) if isinstance(tree, list) else 1
