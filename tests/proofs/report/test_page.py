"""The audit page: well formed, every claim in its place once, every formula typeset, every verdict with its reason."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from proofs.checking.claim import VERDICTS
from proofs.claims.printed import ENTRIES
from proofs.language.latex import formula
from proofs.ledger import CLAIMS, THEOREMS
from proofs.report import article, page
from proofs.report.mathematics import FORMULA, typeset
from proofs.report.theorem_page import SETTING

PARTS = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
"""Elements of MathML with a number of children; with another number a browser shows an error."""
MOST_BYTES, MOST_ELEMENTS = 1_000_000, 40_000
"""What a browser shows within a second, with room: at 0.9 MB and 33,000 elements Chromium paints first after 0.2 s."""


class Tags(HTMLParser):
    """Opened tags with their attributes, the text between them that a reader sees, and whether all were closed."""

    VOID = frozenset({"meta", "br", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.found, self.open, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "pre"} & set(self.open):
            self.text.append(data)


@pytest.fixture(scope="module")
def text(findings, coarse_tables):
    return page.page(findings, list(THEOREMS.values()))


@pytest.fixture(scope="module")
def written(text):
    tags = Tags()
    tags.feed(text)
    return tags


def articles(written):
    return [attributes for tag, attributes in written.found if tag == "article"]


def test_the_page_is_well_formed_and_needs_nothing_else(written):
    assert written.open == []
    assert not {"link", "script", "img", "iframe"} & {tag for tag, _ in written.found}
    addresses = [
        value for _, attributes in written.found for name, value in attributes.items() if name in ("src", "href")
    ]
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    anchors = [attributes["id"] for _, attributes in written.found if "id" in attributes]
    assert len(anchors) == len(set(anchors))
    assert {address[1:] for address in addresses} <= set(anchors)


def test_the_page_is_small_enough_to_be_seen_at_once(text, written):
    assert len(text.encode()) < MOST_BYTES
    assert len(written.found) < MOST_ELEMENTS


def test_every_claim_is_on_the_page_once_with_its_verdict(written, findings):
    shown = {attributes["id"]: attributes["class"] for attributes in articles(written)}
    assert len(articles(written)) == len(shown) == len(CLAIMS)
    assert shown == {finding.claim.id: f"is-{finding.verdict}" for finding in findings}


def test_what_fails_comes_first_and_a_step_stands_in_its_proof(text, written, findings):
    order = [attributes["id"] for attributes in articles(written)]
    failing = [one.claim.id for name in ("refuted", "repaired", "vacuous") for one in findings if one.verdict == name]
    assert order[: len(failing)] == failing
    for theorem in THEOREMS.values():
        proof = text.split(f'<section class="claims" id="{theorem.id}">')[1].split("</section>")[0]
        assert re.findall(r'<article id="([^"]+)"', proof) == [theorem.name(line) for line in theorem.proof]
    holding = text.split('<section class="claims" id="true">')[1].split("</section>")[0]
    assert "this project" not in holding
    assert 'id="thm2-upper"' in holding


def test_a_step_that_fails_says_so_in_its_proof(findings):
    theorem = THEOREMS["below"]
    (place,) = [i for i, one in enumerate(findings) if one.claim.id == theorem.name(theorem.proof[0])]
    changed = [*findings[:place], replace(findings[place], verdict="refuted"), *findings[place + 1 :]]
    made = page.page(changed, [theorem])
    assert f'<article id="{findings[place].claim.id}" class="is-refuted"><span class="verdict refuted">' in made


def test_verdicts_are_counted_and_can_be_chosen_without_a_script(text, written, findings):
    """A button for each verdict that there is, and a rule of the style sheet that hides the articles of the others."""
    counts = Counter(CLAIMS[finding.claim.id].recorded for finding in findings)
    buttons = [attributes["id"] for tag, attributes in written.found if tag == "input"]
    assert buttons == ["show-all", *(f"show-{name}" for name in VERDICTS if counts[name])]
    assert f"{len(CLAIMS)} claims:" in text
    for name in counts:
        assert f"body:has(#show-{name}:checked) :is(article:not(.is-{name}, :target)" in text
        assert f"{name} ({counts[name]})</label>" in text
        assert f"{article.chip(name)} {counts[name]}" in text


def test_the_contents_say_each_finding_in_a_sentence(text, findings):
    contents = text.split("<nav")[1].split("</nav>")[0]
    listed = re.findall(r'<a href="#([^"]+)">(.*?)</a>', contents)
    steps = {theorem.name(line) for theorem in THEOREMS.values() for line in theorem.proof}
    alone = [finding for finding in findings if finding.claim.id not in steps]
    assert {(one.claim.id, typeset(one.claim.title)) for one in alone} <= set(listed)
    assert {"model", "false", "instead", "open", "true", "lines"} <= {anchor for anchor, _ in listed}


def test_every_formula_is_typeset(text, written, findings):
    assert not set("\\$") & set("".join(written.text))
    alone = [finding for finding in findings if finding.claim.title]
    listed = sum(len(FORMULA.findall(one.claim.title)) for one in alone)
    quoted = sum(len(FORMULA.findall(entry.words)) * (1 + len(set(entry.claims))) for entry in ENTRIES)
    checked = sum(len(FORMULA.findall(formula(step.statement))) for one in findings for step in one.steps)
    stated = sum(len(FORMULA.findall(theorem.latex)) for theorem in THEOREMS.values())
    around = len(FORMULA.findall(SETTING)) + len(FORMULA.findall(page.VERDICTS_SAY))
    assert text.count("<math") == 2 * listed + quoted + checked + stated + around


def test_every_formula_has_the_parts_that_a_browser_expects(text):
    formulas = set(re.findall(r"<math.*?</math>", text, flags=re.DOTALL))
    assert len(formulas) > 500
    for made in formulas:
        for element in ET.fromstring(made).iter():
            assert len(element) == PARTS.get(element.tag, len(element)), made


def test_the_words_of_the_paper_stand_beside_the_claims(text):
    for entry in ENTRIES:
        quote = f"&ldquo;{typeset(entry.words)}&rdquo;"
        for name in set(entry.claims):
            assert quote in of(name, text), name


def of(name: str, text: str) -> str:
    return text.split(f'<article id="{name}"')[1].split("</article>")[0]


def test_a_claim_on_the_page_can_be_followed(text, findings):
    for finding in findings:
        shown = of(finding.claim.id, text)
        assert finding.verdict in shown
        if finding.claim.repair:
            assert "Repaired:" in shown
        if finding.verdict in ("repaired", "refuted", "vacuous"):
            assert "<svg" in shown, finding.claim.id
        assert article.why(finding).endswith(finding.claim.consequence), finding.claim.id
        said = unescape(re.sub(r"</?a\b[^>]*>", "", shown))
        assert article.sentence(finding.claim.consequence) in said, finding.claim.id


def test_a_claim_that_is_named_is_a_link_if_it_is_shown(text, findings):
    link = 'see <a href="#corrected-lower">corrected-lower</a>'
    assert link in of("thm2-low-spatial", text)
    assert link not in page.page([one for one in findings if one.claim.id == "thm2-low-spatial"])


def test_what_a_claim_says_is_escaped(findings):
    hostile = replace(findings[0].claim, statement="a<script>", consequence="<b>.", repair="<i>", title="x < y")
    made = article.article(replace(findings[0], claim=hostile))
    assert "a&lt;script&gt;" in made
    assert "&lt;b&gt;." in made
    assert "&lt;i&gt;" in made
    assert "x &lt; y" in made


def test_a_drawing_shows_the_numbers_of_the_counterexample(findings):
    (finding,) = [one for one in findings if one.claim.id == "prop1-ratio"]
    assert re.findall(r">(4|1)</text>", article.picture(finding)) == ["4", "1"]
