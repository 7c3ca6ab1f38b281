"""The checkers: a statement goes in, and whether it holds comes out (None: the checker could not tell)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import sympy
from flint import arb
from sympy import Basic, Rational, Symbol
from sympy.core.relational import Relational

from proofs.checking import subdivision, z3_solver
from proofs.checking.evaluate import NoValueError, ball, rational
from proofs.language.functions import Lim, Slope
from proofs.language.notation import LETTERS
from proofs.language.statements import Statement

POINTS = (Rational(5, 7), Rational(4, 7), Rational(8, 9), Rational(11, 19), Rational(13, 14))
"""Where an identity that does not simplify is tried: in (1/2, 1), so that p and 1 - p mean something."""


@dataclass(frozen=True)
class Step:
    """A statement with the outcome of its check, and what the checker saw."""

    statement: Statement
    holds: bool | None
    detail: str = ""


def check(statement: Statement, *, milliseconds: int = z3_solver.MILLISECONDS) -> Step:
    """Check a statement by its checker."""
    if statement.checker == "z3":
        return Step(statement, *_over_reals(statement, milliseconds))
    return Step(statement, *CHECKERS[statement.checker](statement))


def put_in(tree: Basic, given: Iterable[Basic]) -> Basic:
    """A tree with the definitions among ``given`` put in, one after the other."""
    for one in given:
        if is_definition(one):
            tree = tree.func(*(arg.subs(one.lhs, one.rhs) for arg in tree.args), **_kept(tree))
    return tree


def is_definition(tree: Basic) -> bool:
    """Whether a hypothesis has the form letter = expression."""
    return isinstance(tree, sympy.Eq) and isinstance(tree.lhs, Symbol)


def _taken(tree: Relational) -> Relational:
    """A relation with its derivatives and limits taken, before definitions are put in: see `_misled`."""
    return tree.func(*(side.doit() if side.has(Slope, Lim) else side for side in tree.args), evaluate=False)


def _misled(tree: Basic, given: Iterable[Basic]) -> str:
    """Why definitions must not be put into a tree; empty if they may.

    A derivative or a limit treats all other letters as fixed, and a limit uses their signs. So no letter may be defined
    by one with respect to which it is taken, and none inside a limit at all; nor one by what contradicts its sign.
    """
    moving = {one.args[1] for one in tree.atoms(Slope, Lim)}
    inside = set().union(*(one.free_symbols for one in tree.atoms(Lim)))
    for one in filter(is_definition, given):
        if one.rhs.free_symbols & moving:
            return f"{one.lhs} depends on the letter of a slope or a limit"
        if one.lhs in inside:
            return f"{one.lhs} is defined, and stands in a limit"
        if one.lhs.is_positive and one.rhs.is_nonpositive:
            return f"{one.lhs} is positive, and defined as {one.rhs}"
    return ""


def _kept(tree: Basic) -> dict[str, bool]:
    return {"evaluate": False} if isinstance(tree, Relational) else {}


def _identity(statement: Statement) -> tuple[bool | None, str]:
    if not isinstance(statement.relation, Relational):
        return bool(statement.relation), "as it stands"
    if misled := _misled(statement.relation, statement.given):
        return None, misled
    relation = put_in(_taken(statement.relation), statement.given)
    holds, detail = _vanishes_for_all_signs(relation.lhs - relation.rhs)
    if isinstance(relation, sympy.Ne):
        # "not equal" is no identity: it is refuted by equality, and else not decided here.
        return (False if holds else None), detail
    return holds, detail


def _vanishes_for_all_signs(difference: Basic) -> tuple[bool | None, str]:
    letters = sorted(difference.free_symbols & LETTERS, key=str)
    for signs in itertools.product((1, -1), repeat=len(letters)):
        holds, detail = _vanishes(difference.subs(dict(zip(letters, signs, strict=True))))
        if not holds:
            return holds, detail
    return True, "left - right = 0"


def _vanishes(difference: Basic) -> tuple[bool | None, str]:
    """Whether an expression is 0 for all values of its letters; numbers that show the contrary are enough."""
    letters, has_value = sorted(difference.free_symbols, key=str), False
    for turn in range(len(POINTS)):
        point = dict(zip(letters, itertools.islice(itertools.cycle(POINTS), turn, None), strict=False))
        try:
            found = ball(difference.subs(point))
        except NoValueError:
            continue
        has_value = True
        if not found.contains(arb(0)):
            at = ", ".join(f"{letter} = {number}" for letter, number in point.items()) or "every point"
            return False, f"left - right = {found.str(6, radius=False)} at {at}"
    if not has_value:
        return False, f"left - right = {difference} has no value where it was tried"
    remainder = sympy.simplify(sympy.expand(difference))
    return (True, "") if remainder == 0 else (None, f"left - right = {remainder}")


def _over_reals(statement: Statement, milliseconds: int) -> tuple[bool | None, str]:
    try:
        if statement.exists:
            return z3_solver.solve([statement.relation], milliseconds=milliseconds)
        for point in statement.touches:
            if not _touches(statement, point):
                return False, f"left is not right at {_listed(point)}"
        found, detail = z3_solver.solve(
            [*statement.given, sympy.Not(statement.relation, evaluate=False)], milliseconds=milliseconds
        )
    except z3_solver.NotArithmeticError as error:
        return None, str(error)
    touched = "".join(f"; equal at {_listed(point)}" for point in statement.touches)
    return (None if found is None else not found), f"the contrary: {detail}{touched}"


def _touches(statement: Statement, point: object) -> bool:
    """Whether the point fulfils what is given, and both sides are equal there."""
    try:
        sides = [rational(side.subs(point)) for side in statement.relation.args]
        met = all(_true_at(one, point) for one in statement.given)
    except NoValueError:
        return False
    return met and sides[0] == sides[1]


def _true_at(tree: Basic, point: object) -> bool:
    if isinstance(tree, (sympy.And, sympy.Or)):
        return (all if isinstance(tree, sympy.And) else any)(_true_at(one, point) for one in tree.args)
    return _compare(tree, tree.func, *(rational(side.subs(point)) for side in tree.args))


def _listed(point: object) -> str:
    return ", ".join(f"{letter} = {number}" for letter, number in dict(point).items())  # type: ignore[call-overload]


def _compare(tree: Basic, kind: type, left: object, right: object) -> bool:
    return bool(COMPARE[kind](left, right))


def _numbers(statement: Statement) -> tuple[bool | None, str]:
    if not isinstance(statement.relation, Relational):
        return bool(statement.relation), "as it stands"
    if misled := _misled(statement.relation, statement.given):
        return None, misled
    relation = put_in(statement.relation, statement.given)
    if statement.relation.free_symbols and relation.free_symbols:
        return _on_box(statement, relation)
    try:
        left, right = ball(relation.lhs), ball(relation.rhs)
    except NoValueError as error:
        return False, f"no value: {error}"
    shown = f"{left.str(8, radius=False)} and {right.str(8, radius=False)}"
    if statement.by is not None:
        margin = _rounds(left - right, statement.by)
        if margin is not True:
            return margin, f"{shown}: not {statement.by} apart"
    return _ordered(relation.func, left, right), shown


def _on_box(statement: Statement, relation: Relational) -> tuple[bool | None, str]:
    """An inequality all over a box: first the distances ``by`` at its corners, then box after box."""
    ranges = subdivision.ranges_of(statement.given)
    if set(ranges) != relation.free_symbols or relation.func not in WANTED:
        return False, "some letter has no value and no range"
    difference, wanted = relation.lhs - relation.rhs, WANTED[relation.func]
    try:
        apart = [ball(difference.subs(corner)) for corner in subdivision.corners(ranges)]
    except NoValueError as error:
        return False, f"no value: {error}"
    shown = ", ".join(one.str(4, radius=False) for one in apart) + " at the corners"
    distances = (statement.by or "").split()
    if len(distances) != len(apart) or not all(map(_rounds, apart, distances)):
        return False, f"{shown}, not {statement.by}"
    found = subdivision.subdivide(difference, ranges, wanted=wanted)
    signs = {box.sign for box in found}
    return True if signs == {wanted} else False if -wanted in signs else None, f"{len(found)} boxes; {shown}"


def _ordered(kind: type, left: arb, right: arb) -> bool | None:
    """Whether two balls are in this order; None where they overlap."""
    if left.overlaps(right):
        return None
    return bool(COMPARE[kind](left, right))


def _rounds(found: arb, text: str) -> bool | None:
    """Whether a number rounds to this decimal."""
    half = ball(Rational(1, 2 * 10 ** len(text.partition(".")[2])))
    distance = abs(found - ball(Rational(text)))
    return True if distance < half else False if distance > half else None


def _exact(statement: Statement) -> tuple[bool | None, str]:
    if not isinstance(statement.relation, Relational):
        return bool(statement.relation), "as it stands"
    if misled := _misled(statement.relation, statement.given):
        return None, misled
    relation = put_in(statement.relation, statement.given)
    try:
        left, right = rational(relation.lhs), rational(relation.rhs)
    except NoValueError as error:
        return False, f"no value: {error}"
    if statement.by is not None and left - right != Fraction(statement.by):
        return False, f"{left} and {right}: not {statement.by} apart"
    return bool(COMPARE[relation.func](left, right)), f"{left} and {right}"


def _cited(statement: Statement) -> tuple[bool | None, str]:
    return True, "cited"


WANTED = {sympy.Gt: 1, sympy.Ge: 1, sympy.Lt: -1, sympy.Le: -1}
COMPARE: dict[type, Callable[[object, object], bool]] = {
    sympy.Eq: lambda left, right: left == right,
    sympy.Ne: lambda left, right: left != right,
    sympy.Lt: lambda left, right: left < right,  # type: ignore[operator]
    sympy.Le: lambda left, right: left <= right,  # type: ignore[operator]
    sympy.Gt: lambda left, right: left > right,  # type: ignore[operator]
    sympy.Ge: lambda left, right: left >= right,  # type: ignore[operator]
}
CHECKERS: dict[str, Callable[[Statement], tuple[bool | None, str]]] = {
    "sympy": _identity,
    "arb": _numbers,
    "exact": _exact,
    "lemma": _cited,
}
