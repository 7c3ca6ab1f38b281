"""The checkers accept what is true, refuse what is false, and say so when they do not know."""

import mpmath
import pytest
import sympy
import z3

from proofs.evidence import identity, implication, less, normal_cdf, number, satisfiable

X = z3.Real("x")
SYMBOL = sympy.Symbol("x", positive=True)


@pytest.mark.parametrize(
    ("left", "right", "holds"),
    [((SYMBOL + 1) ** 2, SYMBOL**2 + 2 * SYMBOL + 1, True), (SYMBOL + 1, SYMBOL, False), (2 * SYMBOL, SYMBOL, None)],
)
def test_identities(left, right, holds):
    """A remainder with symbols leaves the step open: it may vanish by something the simplifier does not know."""
    assert identity("printed", "", left, right).holds is holds


@pytest.mark.parametrize(("conclusion", "holds"), [(X > 0, True), (X > 2, False)])
def test_implications(conclusion, holds):
    assert implication("printed", "", [X > 1], conclusion).holds is holds


def test_a_failed_implication_names_its_counterexample():
    assert "x = " in implication("printed", "", [X > 1, X < 2], X > 2).detail


@pytest.mark.parametrize(("constraints", "holds"), [([X > 1, X < 2], True), ([X > 1, X < 1], False)])
def test_satisfiability(constraints, holds):
    assert satisfiable("hypothesis", "", constraints).holds is holds


def test_a_solver_that_gives_up_is_not_a_proof(monkeypatch):
    monkeypatch.setattr("proofs.evidence.Z3_MILLISECONDS", 1)
    a, b, c = z3.Ints("a b c")
    hard = [a > 2, b > 2, c > 2, a**3 + b**3 == c**3 + 1, a * b * c > 10**9, a != c, b != c]
    assert satisfiable("hypothesis", "", hard).holds is None


@pytest.mark.parametrize("x", ["-3", "0.5", "2"])
def test_the_normal_ball_contains_the_normal_probability(x):
    ball = normal_cdf(number(x))
    with mpmath.workdps(80):
        reference = str(mpmath.ncdf(mpmath.mpf(x)))
    assert ball.overlaps(number(reference))
    assert float(ball.rad()) < 1e-40


@pytest.mark.parametrize(("left", "right", "holds"), [("1", "2", True), ("2", "1", False), ("1", "1", False)])
def test_inequalities_between_balls(left, right, holds):
    assert less("printed", "", number(left), number(right)).holds is holds


def test_overlapping_balls_decide_nothing():
    from flint import arb

    assert less("printed", "", arb(1, 0.5), arb(1.2, 0.5)).holds is None
