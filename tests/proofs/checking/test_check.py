"""The checkers accept what is true, refuse what is false, and say so when they do not know."""

from dataclasses import replace

import mpmath
import pytest
import sympy
from sympy import Integer, oo

from proofs.checking.check import check
from proofs.checking.evaluate import ball
from proofs.language.functions import Lim, Phi, Slope
from proofs.language.notation import LETTERS, b, c, k, mu, p, q, t, z
from proofs.language.statements import (
    above,
    at_least,
    at_most,
    equal,
    exact,
    forall,
    identity,
    numbers,
    ratio,
    solvable,
    unequal,
)

ZERO_SUM = 1 + sympy.sqrt(2) - sympy.sqrt(3 + 2 * sympy.sqrt(2))
"""It is 0, and does not look so."""


def holds(statement):
    return check(statement).holds


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [((k + 1) ** 2, k**2 + 2 * k + 1, True), (k + 1, k, False), (2 * k, k, False), (c**2, 1, True), (c**3, 1, False)],
)
def test_identities(left, right, expected):
    """Letters are 1 or -1; an identity that is none is refuted by numbers."""
    assert c in LETTERS
    assert holds(identity("printed", "", left, right)) is expected


def test_an_identity_that_nothing_settles_is_open():
    """Phi(k) + Phi(-k) = 1 holds wherever it is tried, and SymPy does not know that function."""
    assert holds(identity("printed", "", Phi(k) + Phi(-k), 1)) is None


def test_a_refuted_identity_names_numbers():
    assert check(identity("printed", "", 2 * k, k)).detail == "left - right = 0.714286 at k = 5/7"


def test_definitions_are_put_in_one_after_the_other():
    assert holds(identity("printed", "", q, 6, equal(q, 2 * t), equal(t, 3))) is True


def test_not_equal_is_refuted_by_equality():
    step = identity("printed", "", k, k)
    assert holds(replace(step, relation=unequal(k, k))) is False


@pytest.mark.parametrize(("conclusion", "expected"), [(q > 0, True), (q > 2, False)])
def test_implications(conclusion, expected):
    assert holds(forall("printed", "", conclusion, q > 1, touches=())) is expected


def test_a_failed_implication_names_its_counterexample():
    assert "q = " in check(forall("printed", "", q > 2, q > 1, q < 2, touches=())).detail


@pytest.mark.parametrize(("touch", "expected"), [({q: Integer(2)}, True), ({q: Integer(3)}, False)])
def test_a_bound_has_to_touch(touch, expected):
    assert holds(forall("printed", "", at_least(q**2, 4), at_least(q, 2), touches=touch)) is expected


def test_a_touching_point_fulfils_what_is_given():
    assert holds(forall("printed", "", at_least(q**2, 4), at_least(q, 3), touches={q: Integer(2)})) is False


@pytest.mark.parametrize(("constraints", "expected"), [([q > 1, q < 2], True), ([q > 1, q < 1], False)])
def test_satisfiability(constraints, expected):
    assert holds(solvable("hypothesis", "", *constraints)) is expected


def test_a_solver_that_gives_up_is_not_a_proof():
    # A polynomial of three variables without real zeros that is no sum of squares (Motzkin), raised to be hard.
    motzkin = b**4 * q**2 + b**2 * q**4 + 1 - 3 * b**2 * q**2
    hard = forall("printed", "", at_least(motzkin**3 + t**12 * motzkin, 0), touches=())
    assert check(hard, milliseconds=1).holds is None


@pytest.mark.parametrize("x", ["-3", "0.5", "2"])
def test_the_normal_ball_contains_the_normal_probability(x):
    found = ball(Phi(ratio(x)))
    with mpmath.workdps(80):
        reference = str(mpmath.ncdf(mpmath.mpf(x)))
    assert found.overlaps(ball(ratio(reference)))
    assert float(found.rad()) < 1e-40


@pytest.mark.parametrize(("left", "right", "expected"), [("2", "1", True), ("1", "2", False), ("1", "1", None)])
def test_inequalities_between_balls(left, right, expected):
    """Balls that overlap decide nothing."""
    assert holds(numbers("printed", "", above(p, q), equal(p, ratio(left)), equal(q, ratio(right)))) is expected


@pytest.mark.parametrize(("by", "expected"), [("0.1272", True), ("0.1273", False), ("0.127", True), ("0.13", True)])
def test_a_distance_has_to_round_to_its_digits(by, expected):
    """Phi(2) - 0.85 = 0.12725."""
    assert holds(numbers("printed", "", above(Phi(Integer(2)), ratio("0.85")), by=by)) is expected


def test_numbers_without_value_hold_nothing():
    step = check(numbers("printed", "", above(sympy.log(t), 0), equal(t, -1)))
    assert step.holds is False
    assert "no value" in step.detail


@pytest.mark.parametrize(
    ("relation", "by", "expected"),
    [
        (above(q, 1), "1", True),
        (above(q, 1), "2", False),
        (at_most(q, 1), None, False),
        (unequal(q, 1), None, True),
    ],
)
def test_exact_relations(relation, by, expected):
    assert holds(exact("printed", "", relation, equal(q, 2), by=by)) is expected


@pytest.mark.parametrize(
    ("tree", "end", "limit"),
    [
        (Phi(q), -oo, 0),
        (Phi(q - p), -oo, 0),  # SymPy's own limit of the error function is wrong here
        (Phi(p - q), -oo, 1),
        (p * Phi(t + q) + (1 - p) * Phi(t - q), oo, p),
        (Phi(k * q) ** 2 + t, oo, 1 + t),
    ],
)
def test_limits(tree, end, limit):
    assert holds(identity("printed", "", Lim(tree, q, end), limit))
    assert not holds(identity("printed", "", Lim(tree, q, end), limit + ratio("1/100")))
    far = {q: 60 if end is oo else -60, p: ratio("0.7"), t: ratio("0.4"), k: ratio("0.5")}
    assert abs(ball(tree.subs(far)) - ball(sympy.sympify(limit).subs(far))) < 1e-30


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (Lim(sympy.floor(Phi(z)), z, oo), 1, ()),  # 0 everywhere
        (Lim(sympy.sign(Phi(-z)), z, oo), 0, ()),  # 1 everywhere
        (Lim(sympy.Heaviside(Phi(-z) - Phi(-2 * z)), z, oo), ratio("1/2"), ()),  # 1 for z > 0
        (Lim(Phi(z - mu), z, oo), 1, (equal(mu, 2 * z),)),
        (Lim(Phi(z - mu), z, oo), 1, (equal(mu, 2 * q), equal(q, z))),
        (Lim(Phi(k * z), z, oo), 1, (equal(k, -1),)),
        (Lim(Phi(z), z, oo), 1, (equal(z, 0),)),
        (Lim(Phi(k), k, -oo), 0, ()),  # k is positive
        (Lim(Phi(z), z, 3), Phi(Integer(3)), ()),
        *((Lim(Phi(one * ZERO_SUM * z**2 - z), z, oo), 1, ()) for one in (1, -1)),
        (Slope(Phi(mu), z), 0, (equal(mu, z),)),
        (Slope(sympy.floor(z), z), 0, ()),
        (Slope(sympy.sign(Phi(z) - q), z), 0, ()),
        (sympy.sqrt(k**2), 1, (equal(k, -1),)),  # SymPy has made it k
        (sympy.sqrt(k**2), -1, (equal(k, -1),)),
    ],
)
def test_limits_slopes_and_signs_are_not_misled(left, right, given):
    """By functions with steps, by letters that depend on the one that moves, by definitions against a letter's sign."""
    assert not holds(identity("printed", "", left, right, *given))


def test_a_slope_is_taken_before_its_letter_gets_a_value():
    assert holds(identity("printed", "", Slope(z**2, z), 6, equal(z, 3))) is True


def test_numbers_against_the_sign_of_a_letter_show_nothing():
    assert holds(numbers("printed", "", above(0, k), equal(k, -1), by="1")) is None
    assert holds(exact("printed", "", above(0, k), equal(k, -1), by="1")) is None


@pytest.mark.parametrize("tree", [q * Phi(-q), Phi(p * q), Phi(1 / q), Phi(Phi(q)), q, 1 / Phi(-q)])
def test_a_limit_that_the_rule_does_not_know_shows_nothing(tree):
    assert not holds(identity("printed", "", Lim(tree, q, oo), 0))
