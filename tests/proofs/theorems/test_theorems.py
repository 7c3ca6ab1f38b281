"""Proofs in lines: every line is checked, rests on earlier lines only, and is needed."""

from dataclasses import replace

import pytest

from proofs.checking.claim import examine
from proofs.checking.theorem import support, supports
from proofs.language.statements import above, numbers
from proofs.ledger import CLAIMS, THEOREMS
from proofs.report import theorem_page


@pytest.fixture(scope="module")
def of_lines(findings):
    names = {theorem.name(line) for theorem in THEOREMS.values() for line in theorem.proof}
    return {one.claim.id: one for one in findings if one.claim.id in names}


@pytest.mark.parametrize("theorem", THEOREMS.values(), ids=THEOREMS)
def test_a_line_rests_on_earlier_lines_and_on_theorems_before(theorem):
    before = [one.name(line) for one in THEOREMS.values() for line in one.proof]
    for line in theorem.proof:
        assert set(line.uses) <= set(before[: before.index(theorem.name(line))]), line.name


@pytest.mark.parametrize("theorem", THEOREMS.values(), ids=THEOREMS)
def test_a_theorem_is_what_its_lines_say(theorem):
    assert "," not in theorem.title
    assert theorem.latex.count("{") == theorem.latex.count("}")
    assert theorem.latex.count("$") % 2 == 0
    assert all(CLAIMS[theorem.name(line)].statement == line.says for line in theorem.proof)


CITING = {"frontier": 2, "joint": 1, "random": 2}
"""How many lines cite a lemma, theorem by theorem; Theorem 2' is not among them."""


def test_lines_that_rest_on_a_lemma_say_so(of_lines):
    counts = {name: supports(theorem, of_lines)["cites a lemma"] for name, theorem in THEOREMS.items()}
    assert {name: count for name, count in counts.items() if count} == CITING


@pytest.mark.parametrize("name", sorted(THEOREMS.keys() - CITING.keys()))  # a set has no order that workers share
def test_theorems_rest_on_no_citation(name, of_lines):
    """Every line was checked by machine, and none cites a lemma: of Theorem 2' and of all but CITING."""
    counts = supports(THEOREMS[name], of_lines)
    assert counts == {"checked": len(THEOREMS[name].proof), "cites a lemma": 0, "not checked": 0}


def test_a_line_that_no_machine_checked_is_marked():
    false = numbers("printed", "1 is above 2", above(1, 2), by="-1")
    claim = replace(CLAIMS["normals-ratio"], evidence=(false,))
    assert support(examine(claim)) == "not checked"


def test_the_chapter_shows_every_theorem_with_its_steps_and_citation(of_lines, coarse_tables):
    text = theorem_page.chapter(list(THEOREMS.values()), of_lines)
    for theorem in THEOREMS.values():
        section = text.split(f'id="{theorem.id}">')[1].split("</section>")[0]
        assert all(f'href="#{theorem.name(line)}"' in section for line in theorem.proof)
        assert "\\begin{theorem}" in section
        assert section.count("p&lt;1") >= 1
        assert section.index("paragraph{Setting.}") < section.index("begin{theorem}")
        assert "@software{robustness-tradeoff" in section


def test_a_theorem_is_shown_where_all_of_its_steps_were_examined(of_lines):
    theorems = list(THEOREMS.values())
    assert theorem_page.examined(theorems, of_lines) == theorems
    last = theorems[-1].name(theorems[-1].proof[-1])
    but_one = {name: finding for name, finding in of_lines.items() if name != last}
    assert theorem_page.examined(theorems, but_one) == theorems[:-1]


def test_the_definitions_are_latex_and_define_what_theorems_use():
    text = theorem_page.DEFINITIONS
    assert text.count("{") == text.count("}")
    assert text.count("$") % 2 == 0
    assert r"\frac12\le p<1" in text
    for used in (r"\mathrm{Adv}_a", r"\mathrm{Spat}", r"\rho_j", "u_j", "h(", "L=", r"\operatorname{sign}0=1", "f_j^*"):
        assert used in text
    assert max(map(len, text.splitlines())) <= 130


def test_the_citation_is_that_of_the_project():
    assert "title = {robustness-tradeoff: robustness to random spatial transformations" in theorem_page.citation()
    assert "year = {2026}" in theorem_page.citation()
