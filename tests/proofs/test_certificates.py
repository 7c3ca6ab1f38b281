"""Certificates are re-checked by code that shares nothing with the prover, and a corrupted one is refused."""

import ast
import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
from sympy import Rational

from proofs import __main__ as command
from proofs import boxes, certificates, recheck, regions
from proofs.finite import Phi
from proofs.ledger import CLAIMS
from proofs.notation import a, p

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "results" / "certificates"
EXAMPLE = "ranges-four-shifts.0.boxes"


@pytest.fixture
def folder(tmp_path):
    shutil.copy(COMMITTED / EXAMPLE, tmp_path / EXAMPLE)
    return tmp_path


def test_all_committed_certificates_are_accepted(capsys):
    assert recheck.main([str(COMMITTED)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(list(COMMITTED.iterdir()))} certificates, 0 refused"


def test_the_committed_certificates_are_those_of_the_ledger():
    made = dict(certificates.files(CLAIMS.values()))
    assert {path.name: path.read_text() for path in COMMITTED.iterdir()} == made
    assert sum(map(len, made.values())) < 1_000_000


def corrupted(lines):
    """Ways to spoil a certificate, each by its name."""
    head = json.loads(lines[0])
    yield "sign", [lines[0], lines[1].replace("-", "+", 1), *lines[2:]]
    yield "missing box", lines[:-1]
    yield "box twice", [*lines, lines[-1]]
    yield "another box", [*lines[:-1], lines[-1][:-1] + str((int(lines[-1][-1]) + 1) % 10)]
    yield "open box", [lines[0], lines[1].replace("-", "?", 1), *lines[2:]]
    yield "version", [json.dumps(head | {"version": 2}), *lines[1:]]
    yield "claim", [json.dumps(head | {"tree": ["*", "-1", head["tree"]]}), *lines[1:]]
    yield "function", [lines[0].replace('"Phi"', '"erf"'), *lines[1:]]


LINES = (COMMITTED / EXAMPLE).read_text().splitlines()


@pytest.mark.parametrize(("name", "lines"), list(corrupted(LINES)), ids=[name for name, _ in corrupted(LINES)])
def test_a_corrupted_certificate_is_refused(name, lines, folder, capsys):
    assert recheck.main([str(folder)]) == 0
    (folder / EXAMPLE).write_text("\n".join(lines) + "\n")
    assert recheck.main([str(folder)]) == 1
    assert "REFUSED" in capsys.readouterr().out


def test_a_question_with_another_status_is_refused(tmp_path, capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    text = (COMMITTED / "above-bound.0.smt2").read_text()
    (tmp_path / "above-bound.0.smt2").write_text(text.replace(":status unsat", ":status sat"))
    assert recheck.main([str(tmp_path)]) == 1
    assert "REFUSED, RefusedError: cvc5 says" in capsys.readouterr().out


def test_no_certificates_are_no_success(tmp_path):
    assert recheck.main([str(tmp_path)]) == 1


def test_the_second_checker_shares_no_code():
    tree = ast.parse((ROOT / "proofs" / "recheck.py").read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"cvc5"}


@pytest.mark.parametrize("value", ["0", "1/3", "-2", "5", "599/100", "-6", "7", "-9", "1/1000"])
@pytest.mark.parametrize(("name", "reference"), [("Phi", mpmath.ncdf), ("exp", mpmath.exp), ("log", mpmath.log)])
def test_its_intervals_contain_the_value(name, reference, value):
    if name == "log" and Fraction(value) <= 0:
        with pytest.raises(recheck.RefusedError):
            recheck.evaluate([name, value], {})
        return
    low, high = recheck.evaluate([name, value], {})
    with mpmath.workdps(60):
        exact = reference(mpmath.mpf(Fraction(value).numerator) / Fraction(value).denominator)
        assert mpmath.mpf(low) / recheck.ONE <= exact <= mpmath.mpf(high) / recheck.ONE
    assert high - low < recheck.ONE // 2**30 * 1000


def test_boxes_tile_or_do_not():
    whole = [(0, 4), (0, 4)]
    pieces = [[(0, 1), (0, 4)], [(1, 4), (0, 2)], [(1, 4), (2, 4)]]
    assert recheck.tiles(whole, pieces)
    assert not recheck.tiles(whole, pieces[:2])
    assert not recheck.tiles(whole, [*pieces, pieces[0]])
    assert not recheck.tiles(whole, [[(0, 2), (0, 4)], [(1, 4), (0, 4)]])


def test_a_box_proof_needs_its_cuts_and_finds_the_other_sign():
    ranges = {p: (Fraction(0), Fraction(1))}
    found = boxes.subdivide(p * (1 - p) + Rational(1, 100), ranges)
    assert len(found) > 1
    assert {box.sign for box in found} == {1}
    assert {box.sign for box in boxes.subdivide(Phi(p) - Rational(1, 2), ranges, most=10)} == {1, None}
    assert -1 in {box.sign for box in boxes.subdivide(p - Rational(1, 2), ranges, wanted=1, most=50)}


def test_a_range_without_dyadic_ends_has_no_certificate():
    ranges = {a: (Fraction(0), Fraction(1, 3))}
    with pytest.raises(ValueError, match="dyadic"):
        certificates.document("", a + 1, ranges, boxes.subdivide(a + 1, ranges))


@pytest.mark.parametrize("direction", regions.DIRECTIONS, ids=lambda one: one.id)
def test_tables_agree_with_numbers(direction):
    """The sign at the middle of every box that holds or is reversed, by floating point of SymPy."""
    answers = [answer for row in regions.table(direction) for answer in row]
    assert {"holds", "reversed", "both"} <= set(answers)
    assert answers.count("undecided") < len(answers) / 8
    for (row, column), answer in zip(direction.cells(), answers, strict=True):
        if answer in ("holds", "reversed"):
            middle = {p: Rational(str(sum(row) / 2)), a: Rational(str(sum(column) / 2))}
            value = float(direction.tree.subs(middle).replace(Phi, lambda x: mpmath_phi(x)))
            assert (value > 0) == (answer == "holds")


def mpmath_phi(x):
    import sympy

    return (1 + sympy.erf(x / sympy.sqrt(2))).evalf() / 2


def test_the_commands_write_files(tmp_path, capsys):
    assert command.main(["--smtlib", str(tmp_path / "smt"), "--claim", "above-bound"]) == 0
    assert [path.name for path in (tmp_path / "smt").iterdir()] == ["above-bound.0.smt2"]
    assert command.main(["--certificates", str(tmp_path / "all"), "--claim", "ranges-four-shifts"]) == 0
    assert [path.name for path in (tmp_path / "all").iterdir()] == [EXAMPLE]
    assert "1 certificates written" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"),
    [("broken.smt2", "(set-logic QF_NRA)\n"), ("broken.boxes", "[]\n"), ("empty.boxes", "")],
)
def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_checked(tmp_path, capsys, name, content):
    (tmp_path / name).write_text(content)
    good = next(path for path in sorted(COMMITTED.iterdir()) if path.name.startswith("ranges-"))
    (tmp_path / good.name).write_text(good.read_text())
    if name.endswith("smt2"):
        pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert recheck.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert f"{name}: REFUSED" in out
    assert "2 certificates, 1 refused" in out


@pytest.mark.parametrize("sign", ["", "?", "*"])
def test_a_claim_for_a_whole_range_needs_its_sign(tmp_path, capsys, sign):
    good = next(path for path in sorted(COMMITTED.iterdir()) if path.name.startswith("ranges-"))
    head, *rows = good.read_text().splitlines()
    claim = json.loads(head)
    letters = [row.split()[1:] for row in rows]
    whole = " ".join(letters[0])
    (tmp_path / good.name).write_text(json.dumps({**claim, "sign": sign}) + "\n? " + whole + "\n")
    assert recheck.main([str(tmp_path)]) == 1
    assert "REFUSED" in capsys.readouterr().out
