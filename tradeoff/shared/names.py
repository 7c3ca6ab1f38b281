"""How text that somebody else chose is shown: names of files and folders, arguments, messages of other libraries.

On a terminal, in a summary, in a figure or in an error it must neither move the cursor, nor begin a line of its own,
nor turn the direction of writing, nor fill the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

MOST = 200
"""Characters of a name, and of a value in an error."""
MOST_OF_WORD, MOST_OF_SENTENCE = 240, 6000
"""Of a stretch without a blank, and of a whole sentence: no list of what would do is longer."""
BYTES = range(0xDC80, 0xDD00)
"""What stands in Python's text for bytes that are no UTF-8."""


def shown(name: object, most: int = MOST) -> str:
    r"""The text of a name on one line: what cannot be printed as an escape, the middle of a long one left out.

    >>> print(shown("runs\n\x1b[31mFLAG"), shown(b"caf\xe9"), shown("+" * 20 + "-" * 20, 11))
    runs\n\x1b[31mFLAG caf\xe9 ++++...----
    """
    text = _text(os.fsdecode if isinstance(name, (bytes, os.PathLike)) else str, name)
    return "".join(char if char.isprintable() else _escape(char) for char in _cut(text, most))


def quoted(value: object, most: int = MOST) -> str:
    """A value as an error shows it: its `repr` on one line, the middle of a long one left out.

    >>> quoted("a b"), quoted(0.5), quoted(10**10_000)
    ("'a b'", '0.5', 'a value of type int')
    """
    return shown(_text(repr, value), most)


def sentence(text: object) -> str:
    r"""A message on one line, whatever was put into it: long stretches without a blank lose their middle.

    >>> len(sentence("word=" + "x" * 5000 + " is not allowed")), sentence("two\nlines")
    (255, 'two\\nlines')
    """
    words = [shown(word, MOST_OF_WORD) for word in str(text).split(" ")]
    return _cut(" ".join(words), MOST_OF_SENTENCE)


def drawn(text: str) -> str:
    """A text of a figure, which may have several lines."""
    return "\n".join(shown(line, MOST_OF_SENTENCE) for line in text.split("\n"))


def _text(form: Callable[[Any], str], value: object) -> str:
    try:
        return form(value)
    except Exception:  # a whole number of thousands of digits has no text, and classes of others may do anything
        return f"a value of type {type(value).__name__}"


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = most - 3
    return f"{text[: kept - kept // 2]}...{text[len(text) - kept // 2 :]}"


def _escape(char: str) -> str:
    if ord(char) in BYTES:
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode()
