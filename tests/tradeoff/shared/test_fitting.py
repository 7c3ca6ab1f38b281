"""Text within the page, whatever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeoff.shared.cli import fitting

WORDS = st.lists(st.text("abc+-", min_size=1, max_size=12), min_size=1, max_size=30).map(" ".join)


@given(text=WORDS, columns=st.integers(30, 120))
def test_prose_fits_and_loses_no_word(text, columns):
    """Lines of words of up to 12 letters are at most ``columns`` wide, and hold the same words in the same order."""
    made = fitting.fitted(text, columns)
    assert max(map(len, made.split("\n"))) <= columns
    assert made.split() == text.split()


@given(text=WORDS)
def test_what_fits_stays(text):
    """A page as wide as the text changes nothing."""
    assert fitting.fitted(text, max(len(text), 1)) == text


def test_a_meaning_is_broken_under_itself():
    made = fitting.fitted("  --flag   what it means in many words that do not fit", 36).split("\n")
    assert made[0].startswith("  --flag   what")
    assert all(line.startswith(" " * 11) for line in made[1:])


def test_rows_of_tables_and_long_words_stay_whole():
    row = "a" * 30 + "  " + "b" * 30 + "  " + "c" * 30
    assert fitting.fitted(row, 60) == row
    assert fitting.fitted("x" * 100, 60) == "x" * 100


def test_a_file_gets_a_page_of_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert fitting.width() == 80


@pytest.mark.parametrize(("columns", "expected"), [("120", 120), ("20", 40)])
def test_a_terminal_has_its_own_width(monkeypatch, columns, expected):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert fitting.width() == expected
