"""Questions about real numbers, asked of a second solver, cvc5."""

from __future__ import annotations

import re
from itertools import accumulate
from math import prod
from typing import Any

from proofs.recheck.inequalities import VERSION
from proofs.recheck.limits import MOST_DIGITS, RefusedError

COMMANDS = frozenset({"set-logic", "set-info", "declare-fun", "assert", "check-sat"})
"""What a question is made of; check-sat ends it. cvc5 calls declare-const declare-fun."""
MIRRORED = {"LT": "GT", "LEQ": "GEQ"}
CONTRARY = {"GT": "LEQ", "LEQ": "GT", "LT": "GEQ", "GEQ": "LT", "EQUAL": "DISTINCT", "DISTINCT": "EQUAL"}


MOST_LETTERS, MOST_NESTED = 20_000, 100
"""Of a question, and how deep its parentheses go; of those that are committed the longest has 887."""
MOST_DEGREE, MOST_TERMS = 64, 10_000
"""Of a polynomial that is multiplied out: letters and digits of a product, and products."""
SUMS = frozenset({"ADD", "SUB", "NEG", "ITE", "AND", "OR", "NOT", "DISTINCT", *CONTRARY})
PRODUCTS, CONSTANTS = frozenset({"MULT", "DIVISION"}), frozenset({"CONST_RATIONAL", "CONST_INTEGER", "CONST_BOOLEAN"})
"""Kinds of terms by how large they become when they are multiplied out."""


class OpenError(Exception):
    """A question that no second solver has answered, and the answer that its file claims."""

    def __init__(self, claims: str, why: str) -> None:
        super().__init__(why)
        self.claims = claims


def question(text: str) -> tuple[str, str]:
    """Ask cvc5 a file of formulas; its answer must be the status, and not hold for want of numbers.

    A file of status unsat is an implication if its last formula is a negation: the contrary of what is concluded, and
    the formulas before it what is given. Else it claims that there are no numbers of a kind.
    """
    _short(text)
    if f"certificate version {VERSION}:" not in text:
        raise RefusedError(f"this is not version {VERSION}")
    status = text.partition("(set-info :status ")[2].partition(")")[0]
    if status not in ("sat", "unsat"):
        raise RefusedError(f"the status is {status}, not sat or unsat")
    try:
        return _asked(text, status)
    except ModuleNotFoundError:
        last = text.rpartition("(assert ")[2]
        raise OpenError(_claims(status, last.startswith("(not ")), "not asked: cvc5 is not installed") from None


def _short(text: str) -> None:
    """Refuse what no solver should be given to read."""
    if len(text) > MOST_LETTERS:
        raise RefusedError(f"a question has at most {MOST_LETTERS} letters, this one {len(text)}")
    depth = list(accumulate({"(": 1, ")": -1}.get(letter, 0) for letter in text))
    if max(depth, default=0) > MOST_NESTED:
        raise RefusedError(f"its parentheses are nested more than {MOST_NESTED} deep")
    if re.search(rf"[0-9.]{{{MOST_DIGITS}}}", text):
        raise RefusedError(f"a number has {MOST_DIGITS} digits and more")


def _claims(status: str, negated: bool) -> str:
    return status if status == "sat" or negated else "no numbers"


def _asked(text: str, status: str) -> tuple[str, str]:
    import cvc5

    manager = cvc5.TermManager()
    formulas = _formulas(text, cvc5, manager)
    *given, last = formulas
    negated = last.getKind() == cvc5.Kind.NOT
    claims = _claims(status, negated)
    answer = _answer(formulas, cvc5, manager)
    if answer == "unknown":
        raise OpenError(claims, "cvc5 does not know")
    if answer != status:
        raise RefusedError(f"cvc5 says {answer}, the file {status}")
    if status == "sat":
        return claims, answer
    if negated and _relation(last[0]) in map(_relation, given):
        raise RefusedError("what is concluded is among what is given")
    possible = _answer(given, cvc5, manager)
    if possible == "unsat":
        raise RefusedError("nothing satisfies what is given")
    if possible == "unknown":
        raise OpenError(claims, "cvc5 does not know whether anything satisfies what is given")
    return claims, answer


def _formulas(text: str, cvc5: Any, manager: Any) -> list[Any]:
    """What a file asserts, as the solver has read it; refused if it holds anything but one question."""
    solver = cvc5.Solver(manager)
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    symbols, names = parser.getSymbolManager(), []
    while not (command := parser.nextCommand()).isNull():
        names.append(command.getCommandName())
        if names[-1] not in COMMANDS:
            raise RefusedError(f"{names[-1]} is not part of a question")
        if names[-1] not in ("set-info", "check-sat"):  # asked without being told the answer
            said = str(command.invoke(solver, symbols)).strip()
            if said:
                raise RefusedError(said)
    if names.count("check-sat") != 1 or names[-1] != "check-sat":
        raise RefusedError("a question ends with its only check-sat")
    found: list[Any] = list(solver.getAssertions())
    if len(found) != names.count("assert") or not found:
        raise RefusedError("nothing is asked, or the solver has not read all of it")
    known: dict[int, tuple[int, int]] = {}
    for one in found:
        _multiplied_out(one, known)
    return found


def _multiplied_out(term: Any, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Letters and digits of the longest product of a term, and its products, when it is multiplied out: let by let a
    few lines can ask for more than any memory holds.
    """
    if term.getId() not in known:
        kind, parts = term.getKind().name, [_multiplied_out(part, known) for part in term]
        if kind == "CONSTANT":
            size = 1, 1
        elif kind in CONSTANTS:
            size = len(str(term)), 1
        elif kind in PRODUCTS:
            size = sum(degree for degree, _ in parts), prod(terms for _, terms in parts)
        elif kind in SUMS:
            size = max(degree for degree, _ in parts), sum(terms for _, terms in parts)
        else:
            raise RefusedError(f"{kind} is not known here")
        if size[0] > MOST_DEGREE or size[1] > MOST_TERMS:
            raise RefusedError(f"multiplied out, it has products of {size[0]} letters and digits, or {size[1]} of them")
        known[term.getId()] = size
    return known[term.getId()]


def _answer(formulas: list[Any], cvc5: Any, manager: Any) -> str:
    """What cvc5 answers: sat, unsat or unknown."""
    solver = cvc5.Solver(manager)
    solver.setLogic("QF_NRA")
    solver.setOption("nl-ext-tplanes", "true")
    solver.setOption("rlimit", "1000000")
    for one in formulas:
        solver.assertFormula(one)
    result = solver.checkSat()
    return "sat" if result.isSat() else "unsat" if result.isUnsat() else "unknown"


def _relation(term: Any, positive: bool = True) -> tuple[Any, ...]:
    """A relation without its negations, the larger side first, so that a <= b and not a > b are the same."""
    kind = term.getKind().name
    if kind == "NOT":
        return _relation(term[0], not positive)
    if kind not in CONTRARY or term.getNumChildren() != 2:
        return (term, positive)
    kind, sides = kind if positive else CONTRARY[kind], (term[0], term[1])
    if kind in ("EQUAL", "DISTINCT"):
        return (kind, frozenset(sides))
    return (MIRRORED[kind], sides[1], sides[0]) if kind in MIRRORED else (kind, *sides)
