"""A question for the solver is refused where its answer would show nothing, and open where there is none."""

import sys

import pytest

from proofs.certificates import smtlib
from proofs.checking.claim import Claim
from proofs.claims.theorem2 import REST
from proofs.language.formulas import PRINTED_UPPER
from proofs.language.notation import STD, eta, p, share
from proofs.language.statements import at_least, at_most, forall
from proofs.recheck import __main__ as recheck
from proofs.recheck import question
from tests.proofs.recheck.folders import COMMITTED, QUESTION, WITHOUT, put, refusal

OPEN = "17"
"""A number that marks the formula of a conclusion."""


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
