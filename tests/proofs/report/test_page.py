"""The audit page: well formed, every claim in its place, every verdict with its reason."""

import re
from html.parser import HTMLParser

import pytest

from proofs.ledger import CLAIMS, THEOREMS
from proofs.report import page


class Tags(HTMLParser):
    """Opened tags, their attributes, and whether every one was closed."""

    VOID = frozenset({"meta", "br"})

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


def test_every_claim_has_its_place_on_the_page(written):
    assert [attributes["id"] for tag, attributes in written.found if tag == "article"] == [
        name for section in sections() for name in section
    ]
    targets = {attributes["href"][1:] for tag, attributes in written.found if tag == "a"}
    assert targets <= CLAIMS.keys()


def sections():
    found = {}
    for claim in CLAIMS.values():
        found.setdefault(claim.source.split(",")[0], []).append(claim.id)
    return found.values()


def test_a_claim_on_the_page_can_be_followed(findings):
    text = page.page(findings)
    for finding in findings:
        article = text.split(f'<article id="{finding.claim.id}">')[1].split("</article>")[0]
        assert finding.verdict in article
        if finding.claim.repair:
            assert "Repaired:" in article
        if finding.verdict in ("repaired", "refuted", "vacuous"):
            assert "<svg" in article, finding.claim.id
        assert page.why(finding).endswith(finding.claim.consequence), finding.claim.id


def test_a_drawing_shows_the_numbers_of_the_counterexample(findings):
    (finding,) = [one for one in findings if one.claim.id == "prop1-ratio"]
    assert re.findall(r">(4|1)</text>", page.picture(finding)) == ["4", "1"]
