"""SymPy statements as z3 formulas over the reals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy
import z3
from sympy import Basic, Symbol

MILLISECONDS = 20_000


class NotArithmeticError(ValueError):
    """z3 is asked about polynomials and quotients only."""


def solve(constraints: Iterable[Basic], *, milliseconds: int = MILLISECONDS) -> tuple[bool | None, str]:
    """Whether real numbers satisfy all of them (None: z3 gave up), and the numbers found."""
    solver = solver_for(constraints)
    solver.set("timeout", milliseconds)
    outcome = solver.check()
    if outcome == z3.sat:
        model = solver.model()
        return True, "at " + ", ".join(sorted(f"{name} = {model[name]}" for name in model if name.arity() == 0))
    return (False, "no real numbers") if outcome == z3.unsat else (None, f"gave up: {solver.reason_unknown()}")


def solver_for(constraints: Iterable[Basic]) -> z3.Solver:
    """A solver that holds the constraints, and what the assumptions of their letters say."""
    wanted = list(constraints)
    solver = z3.Solver()
    letters = set().union(*(one.free_symbols for one in wanted)) if wanted else set()
    for letter in sorted(letters, key=str):
        if letter.is_positive:
            solver.add(z3.Real(letter.name) > 0)
    for one in wanted:
        # z3 gives 1/0 any value it likes; a statement with a quotient means that the quotient exists.
        solver.add(*[translate(below) != 0 for below in denominators(one)], translate(one))
    return solver


def denominators(tree: Basic) -> list[Basic]:
    """What a tree divides by, apart from numbers."""
    found = [one.base for one in tree.atoms(sympy.Pow) if one.exp.is_negative and one.base.free_symbols]
    return sorted(set(found), key=str)


def translate(tree: Basic) -> Any:
    """One tree as a z3 term."""
    if isinstance(tree, sympy.Rational):
        return z3.RealVal(str(tree))
    if isinstance(tree, Symbol):
        return z3.Real(tree.name)
    if tree in (sympy.true, sympy.false):
        return z3.BoolVal(tree is sympy.true)
    if isinstance(tree, sympy.Pow) and tree.exp.is_Integer:
        power = _power(translate(tree.base), abs(int(tree.exp)))
        return power if tree.exp > 0 else 1 / power
    if tree.func not in OPERATIONS:
        raise NotArithmeticError(f"z3 is not asked about {tree}")
    return OPERATIONS[tree.func](*map(translate, tree.args))


def _power(base: Any, exponent: int) -> Any:
    if exponent < 2:  # SMT-LIB has no product of one factor
        return base if exponent else z3.RealVal(1)
    return z3.Product([base] * exponent)


def _max(first: Any, second: Any) -> Any:
    return z3.If(first >= second, first, second)


OPERATIONS: dict[Any, Any] = {
    sympy.Add: lambda *terms: z3.Sum(list(terms)),
    sympy.Mul: lambda *factors: z3.Product(list(factors)),
    sympy.Eq: lambda first, second: first == second,
    sympy.Ne: lambda first, second: first != second,
    sympy.Le: lambda first, second: first <= second,
    sympy.Lt: lambda first, second: first < second,
    sympy.Ge: lambda first, second: first >= second,
    sympy.Gt: lambda first, second: first > second,
    sympy.And: z3.And,
    sympy.Or: z3.Or,
    sympy.Not: z3.Not,
    sympy.Max: _max,
    sympy.Min: lambda first, second: z3.If(first <= second, first, second),
    sympy.Abs: lambda one: z3.If(one >= 0, one, -one),
}
