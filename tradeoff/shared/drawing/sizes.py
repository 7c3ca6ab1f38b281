"""How large a figure and its texts are, and where a text is broken into lines. No matplotlib."""

from __future__ import annotations

import re
import textwrap

WIDTH, MARGIN = 7.0, 0.9
"""Inches of every figure, those at which pages show it, so that a text has the size that is written here; inches above
and below all panels. A sheet says how high these are."""
TITLE, HEAD, AXIS, SMALL = 10.0, 9.0, 8.5, 8.0
"""Sizes of text in points: of the figure, of a panel, of its axes, and the least."""
LETTER = 0.54
"""How wide a letter is on average, in sizes of its text; lines are broken by it."""
MOST_COLUMNS = 9
"""Of numbers in cells where two panels stand side by side."""


def letters_in(size: float, inches: float) -> int:
    """How many letters of a size stand in a line."""
    return int(72 * inches / (LETTER * size))


def broken(text: str, letters: int) -> str:
    """The text in lines of at most so many letters; an equation is not broken, nor what one adds or takes away."""
    held = re.sub(r" ([=-]) ", "\xa0\\1\xa0", text)
    lines = [part for one in held.split("\n") for part in textwrap.wrap(one, letters, break_on_hyphens=False) or [""]]
    return "\n".join(lines).replace("\xa0", " ")


def headline(title: str) -> str:
    """A title that needs more than a line: what to see, and below it what of."""
    letters = letters_in(TITLE, WIDTH - 0.4)
    if len(title) > letters:
        title = re.sub(r"([:.]) ", r"\1\n", title, count=1)
    return broken(title, letters)
