"""Statements are data: they are shown, translated and evaluated as they stand."""

import mpmath
import pytest
import sympy
import z3
from sympy import Integer, Rational

from proofs.checking import z3_solver
from proofs.checking.evaluate import NoValueError, ball, rational
from proofs.language.counting import COUNTS, count
from proofs.language.functions import Phi, PhiInverse
from proofs.language.notation import eta, mean, p, s, t
from proofs.language.statements import above, at_most, cited, equal, exact, forall, identity, show, solvable


def test_numbers_of_a_statement_are_not_worked_out_beforehand():
    statement = exact("printed", "", equal(count("overlap", "++-", 1), -1))
    assert statement.formula == "overlap(++-, 1) = -1"
    assert above(Integer(2), Integer(1)) is not sympy.true


def test_a_formula_names_what_is_given():
    statement = forall("printed", "", at_most(p, 1), p < 1, touches={p: Integer(1)})
    assert statement.formula == "p <= 1 given p < 1"
    assert solvable("hypothesis", "", p < 1, eta > 0).formula.startswith("there are numbers with (")
    assert cited("printed", "").formula == ""
    assert show(p**2) == "p^2"


def test_an_identity_keeps_both_sides():
    assert identity("printed", "", s + s, 2 * s).relation.args == (2 * s, 2 * s)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (p**2 + Rational(1, 2) <= eta, "p*p + 1/2 <= eta"),
        (sympy.Ne(p, 1), "p != 1"),
        (1 / p > 2, "1/p > 2"),
        (sympy.And(p < 1, p > 0), "And(p > 0, p < 1)"),
    ],
)
def test_z3_means_what_sympy_means(tree, text):
    symbols = {"p": z3.Real("p"), "eta": z3.Real("eta"), "And": z3.And}
    expected = eval(text, {}, symbols)
    solver = z3.Solver()
    solver.add(z3_solver.translate(tree) != expected, *[symbols["p"] != 0])
    assert solver.check() == z3.unsat


def test_a_quotient_has_to_exist():
    """z3 may give 1/0 any value; here no solution divides by 0."""
    assert z3_solver.solve([sympy.Eq(p / (1 - p), 5), p > Rational(99, 100)])[0] is False
    assert z3_solver.solve([sympy.Eq(t, 1), sympy.Eq(mean / (1 - t), 5)])[0] is False


def test_assumptions_of_a_letter_are_added():
    assert z3_solver.solve([s <= 0])[0] is False


def test_z3_is_not_asked_about_other_functions():
    with pytest.raises(z3_solver.NotArithmeticError, match="Phi"):
        z3_solver.translate(Phi(p) > 0)


@pytest.mark.parametrize(
    ("tree", "reference"),
    [
        (Phi(Integer(2)), lambda: mpmath.ncdf(2)),
        (PhiInverse(Phi(Rational(3, 2))), lambda: mpmath.mpf(1.5)),
        (sympy.sqrt(2) ** 3, lambda: mpmath.mpf(2) ** 1.5),
        (sympy.exp(1), lambda: mpmath.e),
        (sympy.log(Rational(7, 3)), lambda: mpmath.log(mpmath.mpf(7) / 3)),
        (Integer(7) ** Rational(1, 3), lambda: mpmath.cbrt(7)),
        (sympy.pi, lambda: mpmath.pi),
    ],
)
def test_balls_contain_the_value(tree, reference):
    with mpmath.workdps(40):
        assert abs(mpmath.mpf(ball(tree).str(40, radius=False)) - reference()) < mpmath.mpf(10) ** -37


@pytest.mark.parametrize(
    "tree", [p, sympy.sqrt(p - 2).subs(p, 1), sympy.log(t).subs(t, -1), Phi(p), 1 / (p - p**1 + t)]
)
def test_what_has_no_value_is_refused(tree):
    with pytest.raises(NoValueError):
        ball(tree)


def test_rational_arithmetic_knows_no_roots():
    assert rational(Rational(1, 3) ** 2 + count("same", "+++-", 1)) == Rational(19, 9)
    with pytest.raises(NoValueError):
        rational(sympy.sqrt(2))


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("overlap", ("+++-", 2), 0),
        ("same", ("+++-+--", 1), 3),
        ("distinct", ("++-++-", 3), 1),
        ("least_peak", (4,), 0),
        ("even_words", (3,), 4),
        ("common_turns", (4, 6), 2),
        ("fixed_pixels", (3,), 1),
        ("quarter_orbits", (4,), 4),
        ("turn_is_shift", (5,), 1),
        ("turn_is_shift", (4,), 0),
        ("moved_digits", ((1, 2, 3, 4), 1, 1), 2341),
        ("response", (((1, 2),), ((3, 4),)), 11),
        ("worst_response", (2, ((3, -4),)), 14),
        ("average", (((1, 2), (3, 4)),), Rational(5, 2)),
        ("variance", (((1, 3),),), 1),
        ("size_digits", (((-1, 3),),), 13),
        ("cells_within", (2, 2), 4),
        ("farthest_squared", (4,), 2),
    ],
)
def test_counted_quantities(name, arguments, expected):
    assert rational(count(name, *arguments)) == expected


def test_every_quantity_has_a_case():
    cases = {case[0] for case in test_counted_quantities.pytestmark[0].args[1]}
    assert cases == set(COUNTS)


def test_an_unknown_quantity_is_refused():
    with pytest.raises(KeyError, match="use one of"):
        count("overlaps", "++", 1)


def test_a_quantity_without_value_is_refused():
    with pytest.raises(NoValueError):
        rational(count("overlap", "++-", Rational(1, 2)))
