"""A statement as data: SymPy trees that a checker takes as its argument and that a program can walk and change.

Four kinds are checked: ``identity`` (SymPy), ``forall`` and ``solvable`` (z3 over the reals), ``numbers`` (Arb balls),
``exact`` (rational arithmetic and finite enumeration). ``cited`` names a fact that no machine checks here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sympy
from sympy import Basic, Rational, Symbol

Role = Literal["printed", "hypothesis", "counterexample", "repair", "instead"]
Checker = Literal["sympy", "z3", "arb", "exact", "lemma"]
Point = Mapping[Symbol, Basic]


@dataclass(frozen=True)
class Statement:
    """``given`` implies ``relation``, for every value of the letters (for some value, if ``exists``).

    Roles: ``printed`` shows the claim, ``hypothesis`` shows that something satisfies its hypothesis,
    ``counterexample`` shows that it fails, ``repair`` shows it after the change, ``instead`` shows what else is true
    (in its place, or about its limits) without saving it.

    A ``given`` of the form letter = expression is a definition: it is put in. ``by`` is how far the left side lies
    above the right one, rounded to its digits; on a range of letters it is that at each of its corners.
    ``touches`` are points where both sides are equal. Either makes a bound that is
    a little weaker another statement, which does not check.
    """

    role: Role
    checker: Checker
    says: str
    relation: Basic
    given: tuple[Basic, ...] = ()
    by: str | None = None
    touches: tuple[Point, ...] = ()
    exists: bool = False

    @property
    def formula(self) -> str:
        """The statement in letters."""
        if self.checker == "lemma":
            return ""
        text = show(self.relation)
        if self.given:
            text += " given " + ", ".join(map(show, self.given))
        return ("there are numbers with " if self.exists else "") + text


def identity(role: Role, says: str, left: object, right: object, *where: Basic) -> Statement:
    """``left`` = ``right`` for all values of the letters, after putting in the definitions ``where``."""
    return Statement(role, "sympy", says, equal(left, right), where)


def forall(role: Role, says: str, relation: Basic, *given: Basic, touches: Point | tuple[Point, ...] = ()) -> Statement:
    """``given`` implies ``relation`` over the reals; at the points ``touches`` its two sides are equal."""
    points = touches if isinstance(touches, tuple) else (touches,)
    return Statement(role, "z3", says, relation, given, touches=points)


def solvable(role: Role, says: str, *constraints: Basic) -> Statement:
    """Some real numbers satisfy all constraints."""
    return Statement(role, "z3", says, sympy.And(*constraints, evaluate=False), exists=True)


def numbers(role: Role, says: str, relation: Basic, *where: Basic, by: str | None = None) -> Statement:
    """An inequality between two computable numbers, with their distance rounded to the digits of ``by``."""
    return Statement(role, "arb", says, relation, where, by=by)


def exact(role: Role, says: str, relation: Basic, *where: Basic, by: str | None = None) -> Statement:
    """A relation decided by rational arithmetic and by the functions of `language.functions`; ``by`` is left -
    right.
    """
    return Statement(role, "exact", says, relation, where, by=by)


def cited(role: Role, says: str) -> Statement:
    """A cited fact, named so that a reader sees what no machine checked here."""
    return Statement(role, "lemma", says, sympy.true)


def equal(left: object, right: object) -> Basic:
    """An equation that SymPy leaves as it is."""
    return sympy.Eq(sympy.sympify(left), sympy.sympify(right), evaluate=False)


def above(left: object, right: object) -> Basic:
    """left > right, left as it is."""
    return sympy.Gt(sympy.sympify(left), sympy.sympify(right), evaluate=False)


def unequal(left: object, right: object) -> Basic:
    """left != right, left as it is."""
    return sympy.Ne(sympy.sympify(left), sympy.sympify(right), evaluate=False)


def at_most(left: object, right: object) -> Basic:
    """left <= right, left as it is."""
    return sympy.Le(sympy.sympify(left), sympy.sympify(right), evaluate=False)


def at_least(left: object, right: object) -> Basic:
    """left >= right, left as it is."""
    return sympy.Ge(sympy.sympify(left), sympy.sympify(right), evaluate=False)


def ratio(text: str) -> Rational:
    """A decimal or a fraction as an exact number.

    >>> ratio("0.85"), ratio("3/8")
    (17/20, 3/8)
    """
    return Rational(text)


SIGNS = {sympy.Eq: "=", sympy.Ne: "!=", sympy.Le: "<=", sympy.Lt: "<", sympy.Ge: ">=", sympy.Gt: ">"}


def show(tree: Basic) -> str:
    """A tree as a reader writes it."""
    if isinstance(tree, sympy.core.relational.Relational):
        return f"{show(tree.args[0])} {SIGNS[tree.func]} {show(tree.args[1])}"
    if isinstance(tree, (sympy.And, sympy.Or)):
        return (" and " if isinstance(tree, sympy.And) else " or ").join(f"({show(one)})" for one in tree.args)
    return str(sympy.sstr(tree)).replace("**", "^")
