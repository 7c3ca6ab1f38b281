"""The audit page: well formed, every claim in its place, every verdict with its reason."""

import re
from html import escape
from html.parser import HTMLParser

import pytest

from proofs.checking.claim import VERDICTS
from proofs.claims.printed import ENTRIES
from proofs.ledger import CLAIMS, THEOREMS
from proofs.report import page
from proofs.report.mathematics import FORMULA, typeset
from proofs.report.theorem_page import DEFINITIONS


class Tags(HTMLParser):
    """Opened tags, their attributes, and whether every one was closed."""

    VOID = frozenset({"meta", "br", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.found, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def written(findings, coarse_tables):
    tags = Tags()
    tags.feed(page.page(findings, list(THEOREMS.values())))
    return tags


def test_the_page_is_well_formed_and_needs_nothing_else(written):
    assert written.open == []
    assert not {"link", "script", "img", "iframe"} & {tag for tag, _ in written.found}
    addresses = [
        value for _, attributes in written.found for name, value in attributes.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)


def test_every_claim_is_on_the_page_once_and_what_fails_comes_first(written, findings):
    order = ("refuted", "repaired", "vacuous", "undecidable", "proved")
    expected = [finding.claim.id for verdict in order for finding in findings if finding.verdict == verdict]
    assert [attributes["id"] for tag, attributes in written.found if tag == "article"] == expected
    assert sorted(expected) == sorted(CLAIMS)
    anchors = {attributes["id"] for _, attributes in written.found if "id" in attributes}
    assert {attributes["href"][1:] for tag, attributes in written.found if tag == "a"} <= anchors


def test_verdicts_can_be_chosen_without_a_script(written, findings):
    """A button for each verdict that there is, and a rule of the style sheet that hides the articles of the others."""
    verdicts = {finding.verdict for finding in findings}
    buttons = [attributes["id"] for tag, attributes in written.found if tag == "input"]
    assert buttons == ["show-all", *(f"show-{name}" for name in VERDICTS if name in verdicts)]
    text = page.page(findings)
    for name in verdicts:
        assert f"body:has(#show-{name}:checked) article:not(.is-{name}) {{ display: none; }}" in text
        count = sum(finding.verdict == name for finding in findings)
        assert f">{name} ({count})</label>" in text
        assert text.count(f'class="is-{name}"') == count


def test_titles_are_sentences(findings):
    for title in re.findall(r"<h3><span.*?</span> (.*?)</h3>", page.page(findings)):
        assert title.endswith("."), title
        assert " " in title


def test_every_formula_of_the_theorems_is_typeset(findings, coarse_tables):
    text = page.page(findings, list(THEOREMS.values()))
    shown = re.sub(r"<(pre|style)>.*?</\1>", "", text, flags=re.DOTALL)
    shown = re.sub(r"<[^>]+>", "", shown)
    assert not set("\\$") & set(shown)
    formulas = sum(len(FORMULA.findall(theorem.latex)) for theorem in THEOREMS.values())
    assert text.count("<math ") == formulas + len(FORMULA.findall(DEFINITIONS))
    assert "<merror" not in text


def test_a_formula_that_is_not_understood_is_an_error():
    assert typeset("a < b, $x^2$").startswith("a &lt; b, <math")
    with pytest.raises(ValueError, match="is not understood"):
        typeset(r"$\nosuchcommand x$")


def test_the_words_of_the_paper_stand_beside_the_claims(findings):
    text = page.page(findings)
    for entry in ENTRIES:
        quote = f"&ldquo;{escape(entry.words, quote=False)}&rdquo; ({escape(entry.section)})"
        assert text.count(quote) >= len(set(entry.claims) & CLAIMS.keys())


def test_a_claim_on_the_page_can_be_followed(findings):
    text = page.page(findings)
    for finding in findings:
        article = text.split(f'<article id="{finding.claim.id}"')[1].split("</article>")[0]
        assert finding.verdict in article
        if finding.claim.repair:
            assert "Repaired:" in article
        if finding.verdict in ("repaired", "refuted", "vacuous"):
            assert "<svg" in article, finding.claim.id
        assert page.why(finding).endswith(finding.claim.consequence), finding.claim.id


def test_a_drawing_shows_the_numbers_of_the_counterexample(findings):
    (finding,) = [one for one in findings if one.claim.id == "prop1-ratio"]
    assert re.findall(r">(4|1)</text>", page.picture(finding)) == ["4", "1"]
