"""The quotes are the papers' own words, short, and typeset."""

import os
import re
from pathlib import Path

import pytest

from proofs.claims.entry import Entry
from proofs.claims.printed import ENTRIES
from proofs.report.mathematics import typeset

PAPERS = "TRADEOFF_PAPERS"
LAYOUT = re.compile(r"\\(?:begin|end)\{aligned\}|\\(?:left|right)\.|\\\\|\\quad|[\s$&*]")
"""What a text has for its lines and not for its words; a text marks formulas and slanted words here and there only."""


def words(text: str) -> str:
    return LAYOUT.sub("", text)


def is_in(entry: Entry, paper: str) -> bool:
    """Whether the parts of a quote follow each other in a paper."""
    parts = (re.escape(words(part)) for part in entry.words.split(" ... "))
    return re.search(".*?".join(parts), words(paper), re.DOTALL) is not None


@pytest.fixture(scope="module")
def papers():
    folder = os.environ.get(PAPERS)
    if not folder:
        pytest.skip(f"{PAPERS} names no folder with the papers' texts (*.txt), which are not ours to distribute")
    texts = [path.read_text() for path in sorted(Path(folder).glob("*.txt"))]
    assert texts, f"{PAPERS}={folder!r} holds no *.txt"
    return "\n".join(texts)


def test_every_quote_is_in_the_papers(papers):
    assert [entry.words for entry in ENTRIES if not is_in(entry, papers)] == []
    assert not is_in(Entry("Section 3", "claim", r"at most $\sqrt{d}$ of 86%", ()), papers)


def test_a_quote_is_compared_by_its_words():
    paper = "we get\n$$\\begin{aligned} a &= b \\\\ & \\quad + c, \\end{aligned}$$ for *any* b"
    assert is_in(Entry("", "display", "$a = b + c$ ... for any $b$", ()), paper)
    assert not is_in(Entry("", "display", "$a = b - c$", ()), paper)
    assert not is_in(Entry("", "display", "for any $b$ ... $a = b$", ()), paper)


def test_a_quote_is_short_and_can_be_typeset():
    for entry in ENTRIES:
        made = typeset(entry.words)
        said = re.sub(r"<math.*?</math>", "x", made, flags=re.DOTALL)
        assert len(said) < 210, entry.words
        assert not set("\\$_^") & set(said), entry.words
        assert made.count("<math") == entry.words.count("$") / 2
