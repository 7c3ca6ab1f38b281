"""Every question to z3 as an SMT-LIB 2 file, with the status that makes its statement true, for any other solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy
import z3
from sympy import Basic

from proofs.checking import z3_solver
from proofs.checking.claim import Claim
from proofs.language.statements import Statement

VERSION = 1


def questions(claims: Iterable[Claim]) -> Iterator[tuple[str, str]]:
    """A file name and its text for every statement that z3 checks."""
    for claim in claims:
        for place, statement in enumerate(claim.evidence):
            if statement.checker == "z3":
                yield f"{claim.id}.{place}.smt2", script(claim, place, statement)


def status(claim: Claim, statement: Statement) -> str:
    """The answer that makes a statement what its claim has on record: sat or unsat."""
    # "There are numbers" may itself be what a claim refutes: its hypothesis is then impossible.
    possible = statement.exists and not (statement.role == "hypothesis" and claim.recorded == "vacuous")
    return "sat" if possible else "unsat"


def script(claim: Claim, place: int, statement: Statement) -> str:
    """One question: an implication holds if its contrary has no real numbers, "there are numbers" if it has some."""
    wanted = asked(statement)
    solver = z3_solver.solver_for(wanted)
    letters = sorted(set().union(*(one.free_symbols for one in wanted)), key=str)
    lines = [
        f"; certificate version {VERSION}: {claim.id}, statement {place}",
        f"; {statement.formula}",
        "(set-logic QF_NRA)",
        f"(set-info :status {status(claim, statement)})",
        *(f"(declare-const {z3.Real(letter.name).sexpr()} Real)" for letter in letters),
        *(f"(assert {one.sexpr()})" for one in solver.assertions()),
        "(check-sat)",
    ]
    return "\n".join(lines) + "\n"


def asked(statement: Statement) -> list[Basic]:
    """What is given to a solver: the constraints, or the hypotheses and the contrary of the conclusion."""
    if statement.exists:
        wanted = [statement.relation]
    else:
        wanted = [*statement.given, sympy.Not(statement.relation, evaluate=False)]
    nonzero = [sympy.Ne(below, 0, evaluate=False) for one in wanted for below in z3_solver.denominators(one)]
    return [*dict.fromkeys(nonzero), *(cleared(one, statement.given) for one in wanted)]


def cleared(tree: Basic, given: Iterable[Basic]) -> Basic:
    """The same relation between polynomials: multiplied by what it divides by, or by its square if that has no sign."""
    if isinstance(tree, (sympy.And, sympy.Or, sympy.Not)):
        return tree.func(*(cleared(one, given) for one in tree.args), evaluate=False)
    if not z3_solver.denominators(tree):
        return tree
    above, below = sympy.together(tree.lhs - tree.rhs).as_numer_denom()
    for factor in (1, -1):
        if z3_solver.solve([*given, sympy.Le(factor * below, 0, evaluate=False)])[0] is False:
            return tree.func(sympy.expand(factor * above), 0, evaluate=False)
    return tree.func(sympy.expand(above * below), 0, evaluate=False)
