"""The second checker shares nothing with the prover, accepts what was made, and refuses what was spoilt."""

import ast
import hashlib
import json
import shutil
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest

from proofs.certificates import smtlib
from proofs.certificates import write as certificates
from proofs.checking.claim import Claim
from proofs.claims.theorem2 import REST
from proofs.language.formulas import PRINTED_UPPER
from proofs.language.functions import MixtureBound
from proofs.language.notation import STD, eta, p, share
from proofs.language.statements import above, at_least, at_most, forall, numbers, ratio
from proofs.recheck import __main__ as recheck
from proofs.recheck import intervals, question

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "results" / "certificates"
BOXES, NUMBER = "ranges-four-shifts.0.boxes", "progress-counterexample.0.number"
MIXTURE, QUESTION = "mixture-four-shifts.0.mixture", "above-bound.0.smt2"
TABLE = "direction-augmentation.boxes"
ROWS = [json.loads(row) for row in (COMMITTED / recheck.MANIFEST).read_text().splitlines()[1:]]
WITHOUT = "--without-solver"
OPEN = "17"
"""A number that marks the formula of a conclusion."""
BOUND = MixtureBound(*map(ratio, ("1/2", "2", "1", "1/4", "1/4", "64")))
FEW = Claim("few", "", "", "proved", "", (numbers("printed", "", above(ratio("0.9"), BOUND), by="0.02263"),))
FEW_SLABS = next(certificates.files([FEW], tables=False)).text
"""A bound as the committed one with an eighth of its slabs, which is checked faster."""


def write_manifest(folder, rows, **head):
    lines = [{"version": 1, "files": len(rows), **head}, *rows]
    (folder / recheck.MANIFEST).write_text("".join(json.dumps(line) + "\n" for line in lines))


def put(folder, name, text=None, **changed):
    """One certificate alone in a folder, perhaps with another text, and a manifest that agrees with that text."""
    text = (COMMITTED / name).read_text() if text is None else text
    (folder / name).write_text(text)
    (row,) = [row for row in ROWS if row["file"] == name]
    write_manifest(folder, [{**row, "sha256": hashlib.sha256(text.encode()).hexdigest(), **changed}])
    return folder


def refusal(folder, capsys, *flags):
    """The only refused line that a check prints."""
    assert recheck.main([*flags, str(folder)]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "REFUSED" in line]
    return line


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


def test_the_readme_names_the_committed_manifest():
    digest = hashlib.sha256((COMMITTED / recheck.MANIFEST).read_bytes()).hexdigest()
    assert f"`{digest}`" in (ROOT / "README.md").read_text()


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


def spoilt_boxes():
    """Ways to spoil a file of boxes, each by its name."""
    lines = (COMMITTED / BOXES).read_text().splitlines()
    head = json.loads(lines[0])
    yield "sign", [lines[0], lines[1].replace("-", "+", 1), *lines[2:]]
    yield "missing box", lines[:-1]
    yield "box twice", [*lines, lines[-1]]
    yield "another box", [*lines[:-1], lines[-1][:-1] + str((int(lines[-1][-1]) + 1) % 10)]
    yield "open box", [lines[0], lines[1].replace("-", "?", 1), *lines[2:]]
    yield "version", [json.dumps(head | {"version": 2}), *lines[1:]]
    yield "claim", [json.dumps(head | {"tree": ["*", "-1", head["tree"]]}), *lines[1:]]
    yield "function", [lines[0].replace('"Phi"', '"erf"'), *lines[1:]]
    whole = " ".join(lines[1].split()[1:])
    for sign in ("", "?", "*"):  # no claim, or one that any boxes fulfil
        yield f"sign {sign!r}", [json.dumps(head | {"sign": sign}), f"? {whole}", *lines[2:]]


def spoilt_numbers():
    """Ways to spoil the file of a number."""
    claim = json.loads((COMMITTED / NUMBER).read_text())
    yield "order", [json.dumps(claim | {"low": "-" + claim["low"], "high": "1"})]
    yield "sign", [json.dumps(claim | {"tree": ["*", "-1", claim["tree"]]})]
    yield "other side", [json.dumps(claim | {"low": "0", "high": claim["low"]})]
    yield "too narrow", [json.dumps(claim | {"low": "72844/1000000"})]
    yield "version", [json.dumps(claim | {"version": 2})]
    yield "letter", [json.dumps(claim | {"tree": "rho"})]


def spoilt_mixtures():
    """Ways to spoil the file of a bound."""
    lines = FEW_SLABS.splitlines()
    head, middle = json.loads(lines[0]), len(lines) // 2
    low, high, start, reach = lines[middle].split()
    yield "bound", [json.dumps(head | {"bound": "87/100"}), *lines[1:]]
    yield "above", [json.dumps(head | {"tree": "87/100"}), *lines[1:]]
    yield "distance", [json.dumps(head | {"low": head["high"], "high": "1"}), *lines[1:]]
    yield "weight", [json.dumps(head | {"law": head["law"] | {"weight": "1/4"}}), *lines[1:]]
    yield "share", [json.dumps(head | {"law": head["law"] | {"share": "1/2"}}), *lines[1:]]
    yield "radius", [json.dumps(head | {"law": head["law"] | {"radius": "2"}}), *lines[1:]]
    yield "missing slab", [*lines[:middle], *lines[middle + 1 :]]
    yield "missing slabs at the end", lines[:middle]
    yield "slab twice", [*lines[: middle + 1], *lines[middle:]]
    yield "another zero", [*lines[:middle], f"{low} {high} {int(start) + 2**20} {reach}", *lines[middle + 1 :]]
    yield "no reach", [*lines[:middle], f"{low} {high} {start} 0", *lines[middle + 1 :]]
    yield "small reach", [*lines[:middle], f"{low} {high} {start} 1", *lines[middle + 1 :]]
    yield "no slabs", lines[:1]


SPOILT = [
    (name, how, lines)
    for name, ways in ((BOXES, spoilt_boxes), (NUMBER, spoilt_numbers), (MIXTURE, spoilt_mixtures))
    for how, lines in ways()
]


@pytest.mark.parametrize(("name", "how", "lines"), SPOILT, ids=[f"{name}: {how}" for name, how, _ in SPOILT])
def test_a_spoilt_certificate_is_refused(name, how, lines, tmp_path, capsys):
    """Also where the manifest agrees with it."""
    text = "\n".join(lines) + "\n"
    assert text not in (FEW_SLABS, (COMMITTED / name).read_text())
    assert name in refusal(put(tmp_path, name, text), capsys)


def test_what_is_spoilt_was_accepted_before(tmp_path):
    for name, text in ((BOXES, None), (NUMBER, None), (MIXTURE, FEW_SLABS)):
        (tmp_path / name).mkdir()
        assert recheck.main([str(put(tmp_path / name, name, text))]) == 0


def test_a_table_is_not_a_claim_for_a_range(tmp_path, capsys):
    assert "it claims table: " in refusal(put(tmp_path, TABLE, expects="+"), capsys)


def test_a_table_with_other_counts_is_refused(tmp_path, capsys):
    """A table that leaves its boxes open would fulfil any claim without counts."""
    head, *lines = (COMMITTED / TABLE).read_text().splitlines()
    text = "\n".join([head, "?" + lines[0][1:], *lines[1:]]) + "\n"
    assert "the manifest table: " in refusal(put(tmp_path, TABLE, text), capsys)


def box(**head):
    """A small file of boxes: x + 1 is positive from 0 to 4, unless something is changed."""
    whole = {"version": 1, "says": "", "tree": ["+", "x", "1"], "letters": ["x"], "ranges": [[0, 4]], "bits": 0}
    rows = head.pop("rows", ["+ 0 4"])
    return "\n".join([json.dumps({**whole, "sign": "+", **head}), *rows]) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (box(ranges=[[4, 0]], rows=["+ 4 0"]), "a lower and a higher end"),
        (box(ranges=[[0, 0]], rows=["+ 0 0"]), "a lower and a higher end"),
        (box(rows=["+ 4 0"]), "a lower and a higher end"),
        (box(rows=["+ 0 4 5"]), "a lower and a higher end"),
        (box(tree="-1", letters=["-1"], ranges=[[1, 4]], rows=["+ 1 4"]), "no number is one"),
        (box(letters=["x", "x"], ranges=[[0, 4], [0, 4]], rows=["+ 0 4 0 4"]), "each of them once"),
        (box(tree="1", letters=[], ranges=[], rows=["+"]), "a range needs letters"),
        (box(tree=["Phi", "x", "1"]), "Phi of 2 parts"),
        (box(tree=["+", ["^", "x", "2", "3"], "1"]), "^ of 3 parts"),
    ],
)
def test_a_box_needs_ends_in_order_and_letters(tmp_path, capsys, text, says):
    assert recheck.main([str(put(tmp_path, BOXES, box(), expects="+"))]) == 0
    capsys.readouterr()
    assert says in refusal(put(tmp_path, BOXES, text, expects="+"), capsys)


@pytest.mark.parametrize(("low", "high"), [("0", "1"), ("-1", "0"), ("-1", "1")])
def test_numbers_that_may_be_equal_show_no_order(tmp_path, capsys, low, high):
    text = json.dumps({"version": 1, "says": "", "tree": "0", "low": low, "high": high}) + "\n"
    assert "that shows no order" in refusal(put(tmp_path, NUMBER, text), capsys)


def test_a_question_with_another_status_is_refused(tmp_path, capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    text = (COMMITTED / QUESTION).read_text().replace(":status unsat", ":status sat")
    assert "cvc5 says unsat, the file sat" in refusal(put(tmp_path, QUESTION, text, expects="sat"), capsys)


def test_a_question_that_holds_for_want_of_numbers_is_refused(tmp_path, capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    text = (COMMITTED / QUESTION).read_text().replace("(assert ", "(assert (< p p))\n(assert ", 1)
    assert "nothing satisfies what is given" in refusal(put(tmp_path, QUESTION, text), capsys)


def asked(*lines, status="unsat"):
    head = f"; certificate version 1: x\n(set-logic QF_NRA)\n(set-info :status {status})\n(declare-const x Real)\n"
    return head + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            asked("(assert\t(> x 0))", "(assert\t(< x 0))", "(assert\t(not (> x 1)))", "(check-sat)"),
            "nothing satisfies",
        ),
        (
            asked("(assert\n(> x 0))", "(assert\n(< x 0))", "(assert\n(not (> x 1)))", "(check-sat)"),
            "nothing satisfies",
        ),
        (asked("(assert (and (> x 0) (< x 0)))", "(check-sat)"), "it claims no numbers, the manifest unsat"),
        (asked("(assert (> x 0))", "(assert (not (> x 0)))", "(check-sat)"), "among what is given"),
        (asked("(assert (< 0 x))", "(assert (not (> x 0)))", "(check-sat)"), "among what is given"),
        (asked("(assert (not (<= x 0)))", "(assert (not (> x 0)))", "(check-sat)"), "among what is given"),
        (asked("(assert (= x 1))", "(assert (not (= 1 x)))", "(check-sat)"), "among what is given"),
        (asked("(check-sat)", status="sat"), "nothing is asked"),
        (asked("(assert (> x 0))", "(assert (not (> x 0)))"), "its only check-sat"),
        (asked("(assert (not (= x x)))", "(check-sat)", "(assert (> x 1))"), "its only check-sat"),
        (asked("(push 1)", "(assert (not (= x x)))", "(check-sat)"), "push is not part of a question"),
        (asked("(define-fun w () Bool (> x 0))", "(assert (not w))", "(check-sat)"), "define-fun is not part"),
        (asked("(assert (> x 0))", "(check-sat)", status="unknown"), "the status is unknown"),
    ],
)
def test_a_question_that_shows_nothing_is_refused(text, says, tmp_path, capsys):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    assert says in refusal(put(tmp_path, QUESTION, text), capsys)


def test_what_is_given_has_to_be_possible_for_sure(tmp_path, capsys, monkeypatch):
    """Where the solver does not know whether anything satisfies it, the question stays open."""
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    known = question._answer
    monkeypatch.setattr(
        question, "_answer", lambda formulas, *rest: known(formulas, *rest) if OPEN in str(formulas) else "unknown"
    )
    text = asked("(assert (> x 0))", f"(assert (not (> x (- {OPEN}))))", "(check-sat)")
    assert recheck.main([str(put(tmp_path, QUESTION, text))]) == 1
    assert "OPEN, cvc5 does not know whether anything satisfies what is given" in capsys.readouterr().out


def test_a_refuted_existence_is_no_implication(tmp_path):
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    name = "thm2-hypothesis.0.smt2"
    assert recheck.main([str(put(tmp_path, name))]) == 0
    assert recheck.main([str(put(tmp_path, name, expects="unsat"))]) == 1


def test_a_question_without_a_solver_is_open_and_no_success(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cvc5", None)
    folder = put(tmp_path, QUESTION)
    assert recheck.main([str(folder)]) == 1
    text = capsys.readouterr().out
    assert f"{QUESTION}: OPEN, not asked: cvc5 is not installed" in text
    assert "1 certificates, 0 refused, 1 open" in text
    assert recheck.main([WITHOUT, str(folder)]) == 0
    capsys.readouterr()
    assert "it claims unsat, the manifest sat" in refusal(put(tmp_path, QUESTION, expects="sat"), capsys, WITHOUT)


def test_a_question_that_the_solver_leaves_open_is_no_success(tmp_path, capsys):
    """The upper bound of Theorem 2 in one step, with its quotient."""
    pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    statement = forall(
        "printed",
        "",
        at_most(share * STD + (1 - share) * REST, PRINTED_UPPER),
        at_most(STD, eta * p / (1 - p)),
        at_most(REST, 1),
        at_least(share, 0),
        at_most(share, 1),
    )
    text = smtlib.script(Claim("hard", "", "", "proved", "", (statement,)), 0, statement)
    folder = put(tmp_path, QUESTION, text)
    assert recheck.main([str(folder)]) == 1
    assert "OPEN, cvc5 does not know" in capsys.readouterr().out
    assert recheck.main([WITHOUT, str(folder)]) == 0


def test_a_question_that_is_none_is_refused(tmp_path, capsys):
    assert "this is not version 1" in refusal(put(tmp_path, QUESTION, "(set-logic QF_NRA)\n"), capsys)


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
