"""The second checker shares nothing with the prover, accepts what was made, and goes by its manifest."""

import ast
import hashlib
import shutil
import sys
from fractions import Fraction

import mpmath
import pytest

from proofs.recheck import __main__ as recheck
from proofs.recheck import intervals
from tests.proofs.recheck.folders import (
    BOXES,
    COMMITTED,
    FEW_SLABS,
    MIXTURE,
    NUMBER,
    QUESTION,
    ROOT,
    ROWS,
    put,
    refusal,
    write_manifest,
)


@pytest.mark.parametrize("name", [row["file"] for row in ROWS][::16])
def test_some_committed_certificates_are_accepted(name, tmp_path):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert recheck.main([str(put(tmp_path, name))]) == 0


@pytest.mark.slow(twin="test_some_committed_certificates_are_accepted")
def test_all_committed_certificates_are_accepted(capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert recheck.main([str(COMMITTED)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(ROWS)} certificates, 0 refused, 0 open"


@pytest.fixture
def several(tmp_path):
    """A folder of three certificates that need no solver, and their rows of the manifest."""
    rows = []
    for name, text in (
        (BOXES, (COMMITTED / BOXES).read_text()),
        (NUMBER, (COMMITTED / NUMBER).read_text()),
        (MIXTURE, FEW_SLABS),
    ):
        (tmp_path / name).write_text(text)
        (row,) = [row for row in ROWS if row["file"] == name]
        rows.append({**row, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    write_manifest(tmp_path, rows)
    assert recheck.main([str(tmp_path)]) == 0
    return tmp_path, rows


def test_a_missing_file_is_refused(several, capsys):
    (several[0] / NUMBER).unlink()
    assert NUMBER in refusal(several[0], capsys)


def test_a_file_that_is_not_listed_is_refused(several, capsys):
    shutil.copy(COMMITTED / QUESTION, several[0])
    assert refusal(several[0], capsys) == f"{QUESTION}: REFUSED, RefusedError: it is not in the manifest"


def test_an_altered_file_is_refused(several, capsys):
    with (several[0] / NUMBER).open("a") as file:
        file.write(" ")
    assert "its content is not that of the manifest" in refusal(several[0], capsys)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"expects": "-"}, "it claims +, the manifest -"), ({"shows": ""}, "does not say what it is for")],
)
def test_a_manifest_that_says_something_else_is_refused(several, capsys, change, says):
    folder, rows = several
    write_manifest(folder, [{**row, **(change if row["file"] == NUMBER else {})} for row in rows])
    assert says in refusal(folder, capsys)


@pytest.mark.parametrize("head", [{"files": 2}, {"version": 2}, {"files": 4}])
def test_a_manifest_that_does_not_count_is_refused(several, capsys, head):
    write_manifest(*several, **head)
    assert "no manifest to go by" in refusal(several[0], capsys)


def test_a_manifest_that_lists_a_file_twice_is_refused(several, capsys):
    write_manifest(several[0], [*several[1], several[1][0]])
    assert "no manifest to go by" in refusal(several[0], capsys)


@pytest.mark.parametrize("name", ["../{}", "./{}", "{{}}/{}", "sub/{}", "sub\\{}", "..", ".", "", "manifest.jsonl"])
def test_a_manifest_that_names_another_place_is_refused(several, tmp_path, capsys, name):
    """Though a file with the right content is there."""
    folder, rows = several
    (folder / "in").mkdir()
    (folder / "in" / "sub").mkdir()
    for place in (folder / "in", folder / "in" / "sub"):
        shutil.copy(COMMITTED / NUMBER, place)
    (row,) = [row for row in rows if row["file"] == NUMBER]
    wanted = name.format(NUMBER).format(folder)
    write_manifest(folder / "in", [{**row, "file": wanted}])
    assert recheck.main([str(folder / "in")]) == 1
    assert f"{wanted}: REFUSED, RefusedError: a manifest lists plain names" in capsys.readouterr().out


def test_a_file_twice_by_another_name_of_its_place_is_refused(several, capsys):
    folder, rows = several
    write_manifest(folder, [*rows, {**rows[0], "file": f"./{rows[0]['file']}"}])
    assert "plain names" in refusal(folder, capsys)


def test_a_link_is_refused(several, capsys):
    folder, _ = several
    (folder / NUMBER).unlink()
    (folder / NUMBER).symlink_to(COMMITTED / NUMBER)
    assert "no regular file of the folder" in refusal(folder, capsys)
    (folder / NUMBER).unlink()
    shutil.copy(COMMITTED / NUMBER, folder)
    (folder / recheck.MANIFEST).rename(folder / "other")
    (folder / recheck.MANIFEST).symlink_to(folder / "other")
    assert "no manifest to go by" in refusal(folder, capsys)


def test_the_manifest_is_named_by_its_content(several, capsys):
    assert recheck.main([str(several[0])]) == 0
    digest = hashlib.sha256((several[0] / recheck.MANIFEST).read_bytes()).hexdigest()
    assert f"manifest SHA-256 {digest}" in capsys.readouterr().out


def test_the_page_of_claims_names_the_committed_manifest():
    digest = hashlib.sha256((COMMITTED / recheck.MANIFEST).read_bytes()).hexdigest()
    assert f"`{digest}`" in (ROOT / "docs/explanation/claims.md").read_text()


def test_no_manifest_and_no_certificates_are_no_success(tmp_path, capsys):
    assert "no manifest to go by" in refusal(tmp_path, capsys)
    write_manifest(tmp_path, [])
    assert recheck.main([str(tmp_path)]) == 1


def test_the_other_files_are_checked_after_one_that_cannot_be_read(several, capsys):
    folder, rows = several
    (folder / BOXES).write_text("[]\n")
    digest = hashlib.sha256(b"[]\n").hexdigest()
    write_manifest(folder, [{**row, **({"sha256": digest} if row["file"] == BOXES else {})} for row in rows])
    assert recheck.main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "3 certificates, 1 refused, 0 open"


def test_the_second_checker_shares_no_code():
    for path in (ROOT / "proofs" / "recheck").iterdir():
        if path.suffix == ".py":
            tree = ast.parse(path.read_text())
            names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
            names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
            own = {name for name in names if name.startswith("proofs.recheck.")}
            assert {name.split(".")[0] for name in names - own} <= sys.stdlib_module_names | {"cvc5"}, path.name
    package = ast.parse((ROOT / "proofs" / "__init__.py").read_text())
    assert [type(node) for node in package.body] == [ast.Expr]  # its docstring: nothing is imported on the way


@pytest.mark.parametrize("value", ["0", "1/3", "-2", "5", "599/100", "-6", "7", "-79/10", "9", "-9", "1/1000"])
@pytest.mark.parametrize(("name", "reference"), [("Phi", mpmath.ncdf), ("exp", mpmath.exp), ("log", mpmath.log)])
def test_its_intervals_contain_the_value(name, reference, value):
    if name == "log" and Fraction(value) <= 0:
        with pytest.raises(intervals.RefusedError):
            intervals.evaluate([name, value], {})
        return
    low, high = intervals.evaluate([name, value], {})
    with mpmath.workdps(60):
        exact = reference(mpmath.mpf(Fraction(value).numerator) / Fraction(value).denominator)
        assert mpmath.mpf(low) / intervals.ONE <= exact <= mpmath.mpf(high) / intervals.ONE
    assert high - low < intervals.ONE // 2**48


def test_its_pi_and_powers_contain_the_value():
    low, high = intervals.evaluate(["^", ["*", "2", ["pi"]], "-1/2"], {})
    with mpmath.workdps(60):
        assert low / mpmath.mpf(intervals.ONE) <= 1 / mpmath.sqrt(2 * mpmath.pi) <= high / mpmath.mpf(intervals.ONE)
    assert high - low < intervals.ONE // 2**110
