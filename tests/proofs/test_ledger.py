"""Every claim has its recorded verdict, and the paper and the ledger cover each other."""

from collections import Counter
from pathlib import Path

import pytest

from proofs.checking.claim import VERDICTS
from proofs.claims import printed
from proofs.ledger import CLAIMS, MODULES, THEOREMS
from proofs.mutation.mutants import mutants
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian


def test_the_computed_verdict_is_the_recorded_one(findings):
    assert [one.claim for one in findings] == list(CLAIMS.values())
    assert {one.claim.id: (one.verdict, one.steps) for one in findings if one.verdict != one.claim.recorded} == {}


@pytest.mark.parametrize(
    ("id_", "recorded"),
    [
        ("prop1-deviation", "refuted"),
        ("thm2-hypothesis", "vacuous"),
        ("thm2-limit", "vacuous"),
        ("end-both-high", "refuted"),
        ("corrected-lower", "proved"),
        ("corrected-upper", "proved"),
        ("tsipras-2-adversarial", "repaired"),
    ],
)
def test_the_main_findings_are_in_the_ledger(id_, recorded):
    assert CLAIMS[id_].recorded == recorded


def test_ids_are_unique():
    assert len(CLAIMS) == sum(len(module.CLAIMS) for module in MODULES)


def test_every_claim_says_what_follows_and_a_repaired_one_what_holds():
    for claim in CLAIMS.values():
        assert claim.consequence.endswith("."), claim.id
        assert bool(claim.repair) == (claim.recorded == "repaired"), claim.id
        assert all(statement.says for statement in claim.evidence), claim.id


def test_a_title_is_a_sentence_and_only_steps_go_without():
    steps = {theorem.name(line) for theorem in THEOREMS.values() for line in theorem.proof}
    assert {claim.id for claim in CLAIMS.values() if not claim.title} == steps
    titles = [claim.title for claim in CLAIMS.values() if claim.title]
    assert len(set(titles)) == len(titles)
    for title in titles:
        assert title[0].isupper(), title
        assert title.endswith("."), title
        assert len(title) < 100, title


def test_everything_the_paper_prints_has_a_claim():
    assert {name for entry in printed.ENTRIES for name in entry.claims} <= CLAIMS.keys()
    assert all(entry.claims for entry in printed.ENTRIES)


def test_every_claim_about_the_paper_has_an_entry():
    listed = {name for entry in printed.ENTRIES for name in entry.claims}
    printed_there = {claim.id for claim in CLAIMS.values() if claim.source.startswith(("Section", "local responses"))}
    assert printed_there <= listed
    assert len(printed.ENTRIES) >= 90


def test_each_section_is_listed():
    assert [entry.section for entry in printed.ENTRIES].count("Section 2") == len(printed.SECTION_2)
    assert {entry.kind for entry in printed.ENTRIES} == {"display", "claim", "definition"}


def test_sign_x0_has_both_accuracies_of_the_ledger():
    """The number behind end-both-high, from the theory: both are 0.99 at d = 64, a = 4."""
    law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.99)
    rule = rules.sign_x0(law)
    assert accuracy.adversarial(rule, law, scaled_radius=4.0) == accuracy.spatial(rule, law) == 0.99


def test_the_pages_count_claims_and_mutants():
    root = Path(__file__).parents[2]
    text, readme = (" ".join((root / name).read_text().split()) for name in ("docs/explanation/claims.md", "README.md"))
    counts = Counter(claim.recorded for claim in CLAIMS.values())
    total = sum(len(list(mutants(claim))) for claim in CLAIMS.values())
    counted = ", ".join(f"{counts[name]} {name}" for name in VERDICTS)
    assert f"{len(CLAIMS)} claims: {counted}." in text
    assert f"{total:,} mutants" in text
    few = "the machine proved {proved}, repaired {repaired} and refuted {refuted}".format(**counts)
    assert f"Of the ledger's {len(CLAIMS)} claims {few}" in readme
