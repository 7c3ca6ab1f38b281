"""Text that fits the page, a terminal's own width, else 80 columns; and the doors by which commands say it.

Whoever makes a text leaves its sentences unbroken: it is broken where it is shown or written, for the page it is on.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap

from tradeoff.shared import streams

PAGE = 80
LEAST = 40
TWO_COLUMNS = re.compile(r"^(\s*\S+(?: \S+)*\s{2,})(\S+(?: \S+)*)$")
"""A term, a gap, and what it means."""


def width() -> int:
    """Columns of the terminal that is written to; of a file or a pipe those of a page."""
    if sys.stdout is None or not sys.stdout.isatty():
        return PAGE
    return max(shutil.get_terminal_size((PAGE, 24)).columns, LEAST)


def fitted(text: str, columns: int | None = None) -> str:
    """Lines that are too long, broken: prose under its own indent, a meaning under itself.

    Lines of tables of more than two columns, and words without a space, stay as they are.

    >>> print(fitted("  word   what it means, in so many words", 24))
      word   what it means,
             in so many words
    """
    room = width() if columns is None else columns
    return "\n".join(_broken(line, room) for line in text.split("\n"))


def show(text: str) -> None:
    """Print a result, within the page."""
    print(fitted(text))


def mention(text: str) -> None:
    """Print what is no result, such as where files are, within the page, for whoever wants to hear it."""
    if not streams.silent():
        show(text)


def _broken(line: str, room: int) -> str:
    if len(line) <= room:
        return line
    pair = TWO_COLUMNS.match(line)
    if pair:
        hang = len(pair[1]) if len(pair[1]) <= room // 2 else 6
        return _filled(pair[2], room, pair[1], " " * hang)
    if re.search(r"\S\s{2,}\S", line):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return _filled(line.strip(), room, indent, indent + "  ")


def _filled(text: str, room: int, first: str, others: str) -> str:
    wrapped = textwrap.wrap(
        text, room, initial_indent=first, subsequent_indent=others, break_on_hyphens=False, break_long_words=False
    )
    return "\n".join(wrapped)


def paragraphs(text: str, columns: int | None = None) -> str:
    r"""Prose whose lines were broken for the source, broken anew for the page; paragraphs with indented lines are not
    prose, and their lines stay lines.

    >>> print(paragraphs("Two lines\nof prose.\n\n  a command", 60))
    Two lines of prose.
    <BLANKLINE>
      a command
    """
    room = width() if columns is None else columns
    made = []
    for part in text.strip("\n").split("\n\n"):
        lines = part.split("\n")
        prose = not any(line.startswith(" ") for line in lines)
        made.append(_filled(" ".join(lines), room, "", "") if prose else fitted(part, room))
    return "\n\n".join(made)
