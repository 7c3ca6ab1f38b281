"""The checkers: SymPy for identities, z3 for implications over the reals, Arb for inequalities between numbers."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
import z3
from flint import arb, ctx

from proofs.claims import Role, Step

Z3_MILLISECONDS = 20_000
ARB_BITS = 200


def identity(role: Role, statement: str, left: sympy.Expr, right: sympy.Expr) -> Step:
    """Holds if ``left - right`` simplifies to 0; a nonzero number refutes it, any other leaves it open."""
    remainder = sympy.simplify(sympy.expand(left - right))
    if remainder == 0:
        return Step(role, "sympy", statement, True)
    refuted = bool(remainder.is_number) and remainder.is_zero is False
    return Step(role, "sympy", statement, False if refuted else None, f"left - right = {remainder}")


def implication(role: Role, statement: str, given: Sequence[z3.BoolRef], conclusion: z3.BoolRef) -> Step:
    """A step that holds if ``given`` and the negated conclusion are together unsatisfiable."""
    found, detail = _solve([*given, z3.Not(conclusion)])
    return Step(role, "z3", statement, None if found is None else not found, f"negation: {detail}")


def satisfiable(role: Role, statement: str, constraints: Sequence[z3.BoolRef]) -> Step:
    """A step that holds if the constraints have a real solution."""
    return Step(role, "z3", statement, *_solve(constraints))


def _solve(constraints: Sequence[z3.BoolRef]) -> tuple[bool | None, str]:
    """Whether a real solution exists (None: z3 gave up), and the solution."""
    solver = z3.Solver()
    solver.set("timeout", Z3_MILLISECONDS)
    solver.add(*constraints)
    outcome = solver.check()
    if outcome == z3.sat:
        return True, f"solution {solver.model()}"
    return (False, "unsatisfiable") if outcome == z3.unsat else (None, f"gave up: {solver.reason_unknown()}")


def normal_cdf(x: arb) -> arb:
    """A ball that contains Phi(x)."""
    return (1 + (x / arb(2).sqrt()).erf()) / 2


def less(role: Role, statement: str, left: arb, right: arb) -> Step:
    """A step that holds if every point of the left ball lies below every point of the right one."""
    holds = True if left < right else False if left >= right else None
    return Step(role, "arb", statement, holds, f"{left.str(8, radius=False)} < {right.str(8, radius=False)}")


def number(value: str | int) -> arb:
    """A decimal as a rigorous ball, at the working precision of this file."""
    ctx.prec = ARB_BITS
    return arb(value)


def lemma(role: Role, statement: str) -> Step:
    """A cited fact, named so that a reader sees what no machine checked here."""
    return Step(role, "lemma", statement, True, "cited")


def exact(role: Role, statement: str, holds: bool, detail: str = "") -> Step:
    """A step decided by integer or rational arithmetic."""
    return Step(role, "exact", statement, holds, detail)
