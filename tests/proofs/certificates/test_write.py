"""Certificates are what the ledger makes, cover every inequality and question, and agree with other numbers."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from sympy import Rational

from proofs import __main__ as command
from proofs.certificates import write as certificates
from proofs.checking import direction_tables, subdivision
from proofs.language.functions import Phi
from proofs.language.notation import a, p
from proofs.ledger import CLAIMS
from proofs.recheck.inequalities import tiles
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "results" / "certificates"
EXAMPLE = "ranges-four-shifts.0.boxes"


def test_the_committed_certificates_of_claims_are_those_of_the_ledger():
    """Without the tables of directions."""
    made = {one.name: one.text for one in certificates.files(CLAIMS.values(), tables=False)}
    committed = {path.name: path.read_text() for path in COMMITTED.iterdir()}
    assert {name: committed[name] for name in made} == made
    assert len(made) == len(committed) - 1 - len(direction_tables.DIRECTIONS)


@pytest.mark.slow(twin="test_the_committed_certificates_of_claims_are_those_of_the_ledger")
def test_the_committed_certificates_are_those_of_the_ledger():
    made = dict(certificates.with_manifest(certificates.files(CLAIMS.values())))
    assert {path.name: path.read_text() for path in COMMITTED.iterdir()} == made
    assert sum(map(len, made.values())) < 1_000_000


def test_every_statement_that_z3_or_arb_checks_has_its_certificate():
    wanted = {
        f"{claim.id}.{place}"
        for claim in CLAIMS.values()
        for place, statement in enumerate(claim.evidence)
        if statement.checker in ("z3", "arb")
    }
    found = {path.stem for path in COMMITTED.iterdir()} - {"manifest"}
    assert {name for name in found if not name.startswith("direction-")} == wanted


def test_the_manifest_says_what_each_file_is_for():
    head, *rows = map(json.loads, (COMMITTED / certificates.MANIFEST).read_text().splitlines())
    assert head["files"] == len(rows) == len(list(COMMITTED.iterdir())) - 1
    shows = {row["file"]: row["shows"] for row in rows}
    assert shows["above-bound.0.smt2"].startswith("above-bound, statement 0: Adv is at most")
    refuted = {name for name, text in shows.items() if text.startswith("no numbers: ")}
    assert "thm2-hypothesis.0.smt2" in refuted
    assert {row["file"] for row in rows if row["expects"] == "no numbers"} == refuted
    assert shows["direction-augmentation.boxes"].startswith("augmentation costs")


def test_boxes_tile_or_do_not():
    whole = [(0, 4), (0, 4)]
    pieces = [[(0, 1), (0, 4)], [(1, 4), (0, 2)], [(1, 4), (2, 4)]]
    assert tiles(whole, pieces)
    assert not tiles(whole, pieces[:2])
    assert not tiles(whole, [*pieces, pieces[0]])
    assert not tiles(whole, [[(0, 2), (0, 4)], [(1, 4), (0, 4)]])


def test_a_box_proof_needs_its_cuts_and_finds_the_other_sign():
    ranges = {p: (Fraction(0), Fraction(1))}
    found = subdivision.subdivide(p * (1 - p) + Rational(1, 100), ranges)
    assert len(found) > 1
    assert {box.sign for box in found} == {1}
    assert {box.sign for box in subdivision.subdivide(Phi(p) - Rational(1, 2), ranges, most=10)} == {1, None}
    assert -1 in {box.sign for box in subdivision.subdivide(p - Rational(1, 2), ranges, wanted=1, most=50)}


def test_a_range_without_dyadic_ends_has_no_certificate():
    ranges = {a: (Fraction(0), Fraction(1, 3))}
    with pytest.raises(ValueError, match="dyadic"):
        certificates.document("", a + 1, ranges, subdivision.subdivide(a + 1, ranges))


WORDS = {
    "2 shifts, s = 2, rho = 1/4": (families.golay_quarter, 32),
    "2 shifts, s = 2, rho = 0": (families.golay_zero, 32),
    "4 shifts, s = 2, rho = 1/4": (families.golay_quarter, 16),
}


def in_the_package(direction, reliability, radius):
    """What the direction's expression is in terms of accuracies, by the numbers of `tradeoff`."""
    family, step = WORDS[direction.law]
    law = CyclicGaussian(cyclic_word(family(64, step), step), p=float(reliability))
    if direction.id.startswith("augmentation"):
        plain, augmented = (
            accuracy.adversarial(rule(law), law, scaled_radius=float(radius)) for rule in (rules.bayes, rules.augmented)
        )
        return plain - augmented
    less, more = (
        accuracy.spatial(rules.robust(law, scaled_radius=float(radius) + change), law) for change in (-1e-4, 1e-4)
    )
    return less - more


FIRST, *OTHERS = direction_tables.DIRECTIONS
SLOW = pytest.mark.slow(twin="test_tables_agree_with_the_package")


@pytest.mark.parametrize(
    "direction", [FIRST, *(pytest.param(one, marks=SLOW) for one in OTHERS)], ids=lambda one: one.id
)
def test_tables_agree_with_the_package(direction):
    """The sign at the middle of every box that holds or is reversed."""
    answers = [answer for row in direction_tables.table(direction) for answer in row]
    assert {"holds", "reversed", "both"} <= set(answers)
    assert answers.count("undecided") < len(answers) / 8
    for (row, column), answer in zip(direction.cells(), answers, strict=True):
        if answer in ("holds", "reversed"):
            value = in_the_package(direction, sum(row) / 2, sum(column) / 2)
            assert (value > 0) == (answer == "holds")


def test_tables_are_written_with_every_box_that_they_were_cut_into(coarse_tables):
    """Of 2 x 4 boxes here; the committed ones are those of the ledger."""
    made = list(certificates.files([]))
    assert [one.name for one in made] == [f"direction-{one.id}.boxes" for one in direction_tables.DIRECTIONS]
    for one in made:
        head, *rows = one.text.splitlines()
        assert json.loads(head)["letters"] == [str(letter) for letter in direction_tables.LETTERS]
        assert len(rows) >= 8
        assert {row[0] for row in rows} <= {"+", "-", "?"}


def test_the_commands_write_files(tmp_path, capsys):
    assert command.main(["--smtlib", "--out", str(tmp_path / "smt"), "--claim", "above-bound"]) == 0
    assert [path.name for path in (tmp_path / "smt").iterdir()] == ["above-bound.0.smt2"]
    assert command.main(["--certificates", "--out", str(tmp_path / "all"), "--claim", "ranges-four-shifts"]) == 0
    assert {path.name for path in (tmp_path / "all").iterdir()} == {EXAMPLE, certificates.MANIFEST}
    assert "1 certificates and their manifest written" in " ".join(capsys.readouterr().out.split())
