"""Every question to z3 is asked again of a second solver, from its file."""

import re

import pytest
import sympy
import z3

from proofs.certificates import smtlib
from proofs.checking import z3_solver
from proofs.language.notation import p, q, s
from proofs.language.statements import at_least
from proofs.ledger import CLAIMS

QUESTIONS = dict(smtlib.questions(CLAIMS.values()))


def status(text):
    return re.search(r"set-info :status (\w+)", text).group(1)


def second_opinion(text):
    cvc5 = pytest.importorskip("cvc5", reason="cvc5 has no wheel for this Python")
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("nl-ext-tplanes", "true")
    solver.setOption("rlimit", "1000000")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    symbols, answer = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        answer += str(command.invoke(solver, symbols))
    return answer.split()[0]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_second_solver_agrees(name):
    assert second_opinion(QUESTIONS[name]) == status(QUESTIONS[name])


def test_a_second_solver_refuses_what_is_false():
    """The same file without a hypothesis: p >= 1/2 is needed."""
    text = QUESTIONS["above-bound.0.smt2"]
    changed = text.replace("(assert (<= (/ 1.0 2.0) p))", "")
    assert changed != text
    assert second_opinion(changed) != "unsat"


@pytest.mark.parametrize("name", QUESTIONS)
def test_z3_gives_the_status_of_the_file_as_well(name):
    solver = z3.Solver()
    solver.from_string(QUESTIONS[name])
    assert str(solver.check()) == status(QUESTIONS[name])


def test_every_implication_has_its_file():
    asked = {
        f"{claim.id}.{place}.smt2"
        for claim in CLAIMS.values()
        for place, statement in enumerate(claim.evidence)
        if statement.checker == "z3"
    }
    assert set(QUESTIONS) == asked


@pytest.mark.parametrize(
    ("given", "tree"),
    [((p > 0,), at_least(q / p, 1)), ((p < 0,), at_least(q / p, 1)), ((), at_least(q / p, s)), ((), q > 1)],
)
def test_multiplying_out_changes_no_meaning(given, tree):
    polynomial = smtlib.cleared(tree, given)
    assert not z3_solver.denominators(polynomial)
    for one, other in ((tree, polynomial), (polynomial, tree)):
        assert z3_solver.solve([*given, sympy.Ne(p, 0), one, sympy.Not(other, evaluate=False)])[0] is False
