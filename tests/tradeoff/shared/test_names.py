import os
from pathlib import Path

import pytest

from tradeoff.shared import names

# Erase the screen, begin a line of one's own, turn the direction of writing, hide, feed a page, end a line, no UTF-8.
INJECTIONS = [
    "\x1b[2J",
    "\nFLAG forged: none raised",
    "\u202e",
    "\u200b",
    "\x0c",
    "\u2028",
    "\x85",
    "\udcff",
    "\x00",
    "\r",
]


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
@pytest.mark.parametrize("show", [names.shown, names.quoted, names.sentence, lambda text: names.shown(Path(text))])
def test_nothing_but_printed_characters_is_shown(text, show):
    said = show(f"folder{text}end")
    assert said.isprintable()
    assert said.strip("'") != "folderend"
    said.encode("utf-8")


@pytest.mark.parametrize("text", ["runs/mine", "näme", "数字", "a b", "x_{$", "it's", "C:\\data"])
def test_a_name_that_can_be_printed_is_itself(text):
    assert names.shown(text) == names.drawn(text) == names.sentence(text) == text
    assert names.shown(Path(text)) == str(Path(text))


def test_names_that_differ_in_what_is_not_seen_are_shown_to_differ():
    assert names.shown("std\u200b") != names.shown("std")
    assert names.shown(os.fsencode("std\udc80")) == names.shown("std\udc80") == r"std\x80"


@pytest.mark.parametrize("most", [9, 40, 200])
def test_a_long_name_keeps_both_ends(most):
    said = names.shown("a" * 3000 + "z" * 3000, most)
    assert len(said) == most
    assert said.strip("az") == "..."


def test_a_long_argument_leaves_the_rule_and_the_way_out():
    said = names.sentence(f"model={'m' * 5000!r} cannot be read; name a file that exists")
    assert said.startswith("model='mmm")
    assert said.endswith("mmm' cannot be read; name a file that exists")
    assert len(said) < 320
    assert len(names.sentence("words " * 5000)) == names.MOST_OF_SENTENCE


class Nameless:
    """Of a user: its repr fails."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("value", [10**10_000, Nameless()], ids=["int", "Nameless"])
def test_what_has_no_text_is_shown_by_its_type(value):
    assert names.quoted(value) == names.shown(value) == f"a value of type {type(value).__name__}"


def test_a_text_of_a_figure_keeps_its_lines():
    assert names.drawn("first\nsecond\x1b") == "first\nsecond\\x1b"
