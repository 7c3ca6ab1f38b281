import itertools
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.strategies import laws, weights
from tradeoff.bounds import frontier, optima
from tradeoff.bounds.frontier import envelope
from tradeoff.bounds.theorem_bounds import Infeasible
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks
from tradeoff.shared.results import Band, ends

UNIT = st.floats(0, 1)


def law(p=0.5, length=64, shifts=2, family=families.golay_zero):
    return CyclicGaussian(cyclic_word(family(length, length // shifts), length // shifts), p)


@cache
def some(p=0.5, a=1.0, partner="spatial", length=64):
    return frontier.frontier(law(p, length), scaled_radius=a, partner=partner, weights=[0, 0.3, 0.5, 0.8, 1], cells=60)


POINTS = st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=12)
NEXT = float(np.nextafter(0.5, 1))


def height(corners, at):
    """Of the polygon through the corners, level to the left of its top, in exact arithmetic."""
    if at <= corners[0][0]:
        return corners[0][1]
    (x0, y0), (x1, y1) = next(pair for pair in itertools.pairwise(corners) if at <= pair[1][0])
    return y0 + (y1 - y0) * (at - x0) / (x1 - x0)


@given(POINTS)
@example([(0.5, 1.0), (NEXT, 0.0)])
@example([(0.5, 0.3), (NEXT, 0.3), (0.4, 0.3)])
@example([(0.0, 1.0), (5e-324, 0.5), (1.0, 0.0)])
@example([(0.1 * i, 0.9 - 0.1 * i) for i in range(10)])  # on one line up to rounding
def test_no_point_and_no_mixture_lies_above_the_envelope(points):
    """For all i, j, t: t y_i + (1 - t) y_j <= hull(t x_i + (1 - t) x_j), exactly."""
    corners = [(Fraction(x), Fraction(y)) for x, y in zip(*map(np.ndarray.tolist, envelope(points)), strict=True)]
    exact = [(Fraction(x), Fraction(y)) for x, y in points]
    for first, second in itertools.product(exact, repeat=2):
        for t in (Fraction(0), Fraction(1, 3), Fraction(1, 2)):
            at, value = (t * one + (1 - t) * other for one, other in zip(first, second, strict=True))
            assert value <= height(corners, at)


@given(POINTS)
@example([(0.5, 1.0), (NEXT, 0.0)])
def test_the_envelope_falls_from_the_highest_to_the_furthest_of_the_points(points):
    """Corners are given points; x grows, y falls, from the highest point to the furthest right."""
    x, y = envelope(points)
    assert set(zip(x, y, strict=True)) <= set(points)
    assert (np.diff(x) > 0).all()
    assert (np.diff(y) < 0).all()
    assert (y[0], x[-1]) == (max(p[1] for p in points), max(p[0] for p in points))


def test_an_envelope_by_hand():
    """Of a square, a point within and one on an edge, the upper right corner remains."""
    x, y = envelope([(0, 0), (1, 1), (0, 1), (1, 0), (0.5, 0.5), (1, 0.5)])
    assert (x.tolist(), y.tolist()) == ([1], [1])


def test_between_both_sides_at_a_published_point():
    """C.4 of the theory notes: linear (.8025, .9045), min-cut (.8111, .9043); (iii) of Theorem 2' allows .9376."""
    found = some()
    band = found.at_least(0.8111)
    assert isinstance(band, Band)
    assert 0.9025 < band.lower <= 0.9043 + 5e-4 < band.upper < 0.9055
    assert found.corrected(0.8111) == pytest.approx(0.9376, abs=2e-3)


@pytest.mark.parametrize("adversarial", [0.0, 0.3, 0.76, 0.8, 0.83, 0.841])
@pytest.mark.parametrize(("p", "partner"), [(0.5, "spatial"), (0.7, "spatial"), (0.7, "joint")])
def test_rules_lie_below_bounds(p, partner, adversarial):
    band = some(p, 1.0, partner).at_least(adversarial)
    assert band.lower <= band.upper
    assert band.upper - band.lower < (0.02 if adversarial <= 0.8 else 0.1)  # steep at the end, and five weights


@settings(max_examples=8)
@given(
    laws(least_shifts=2, most_shifts=3, most_step=3),
    st.floats(0.05, 5),
    st.sampled_from(["spatial", "joint"]),
    st.data(),
)
def test_no_linear_rule_lies_above_what_is_allowed(dist, a, partner, data):
    """Spat (or Joint) of a rule <= allowed(its Adv)."""
    found = frontier.frontier(dist, scaled_radius=a, partner=partner, weights=[0.2, 0.6], cells=12)
    for _ in range(10):
        rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
        other = accuracy.joint(rule, dist, scaled_radius=a if partner == "joint" else 0.0)
        assert other <= found.allowed(accuracy.adversarial(rule, dist, scaled_radius=a)) + 1e-9


def test_whatever_the_weights_what_is_reached_ends_at_the_optimum():
    """Weight 0 alone: at R*(a) it is f_a that is left, with Spat .7386, and not g_2 with .9214."""
    found = frontier.frontier(law(), scaled_radius=1.0, weights=[0.0], cells=40)
    band = found.at_least(found.most_adversarial)
    robust = rules.robust(law(), scaled_radius=1.0)
    assert band.lower == pytest.approx(accuracy.spatial(robust, law()), abs=1e-9)
    assert band.lower == pytest.approx(0.7386, abs=5.1e-5)


def test_where_x0_can_be_turned_sparse_rules_are_reached():
    """Two equal letters, s = 1, a = 3/2, eps > 1: the rule of one coordinate has Adv .3618 and Spat .7602."""
    dist = CyclicGaussian(cyclic_word("--", 1), 0.5, 1.0)
    found = frontier.frontier(dist, scaled_radius=1.5, weights=[0.5, 0.64], cells=12)
    rule = Linear(np.array([0.0, -1.0]), 0.0)
    seen = accuracy.adversarial(rule, dist, scaled_radius=1.5)
    assert (seen, accuracy.spatial(rule, dist)) == (
        pytest.approx(0.3618, abs=5.1e-5),
        pytest.approx(0.7602, abs=5.1e-5),
    )
    assert found.at_least(seen).lower >= 0.7602 - 1e-4


def test_more_than_the_optimum_is_impossible():
    found = some()
    answer = found.at_least(0.85)
    assert isinstance(answer, Infeasible)
    assert "no rule has adversarial accuracy above 0.8413 at scaled radius 1" in answer.reason
    assert np.isnan(found.allowed(0.85))
    assert np.isnan(found.corrected(0.85))
    assert isinstance(found.at_least(found.most_adversarial), Band)


@pytest.mark.parametrize(("p", "partner"), [(0.5, "spatial"), (0.7, "joint")])
def test_little_robustness_leaves_the_best_partner(p, partner):
    """at_least(0) has B_K, or the best joint accuracy, at its upper end."""
    found = some(p, 1.0, partner)
    best = optima.best_spatial(found.dist) if partner == "spatial" else optima.best_joint(found.dist, scaled_radius=1.0)
    assert found.at_least(0.0).upper == pytest.approx(ends(best).high, abs=1e-9)
    assert found.at_least(0.0).lower == pytest.approx(ends(best).high, abs=1e-6)


def test_the_length_does_not_matter_below_eps_1():
    """Equal pattern frequencies at d = 64 and 256: the same frontier."""
    first, second = some(0.7), some(0.7, length=256)
    for one, other in zip(first.reached(), second.reached(), strict=True):
        assert one == pytest.approx(other, abs=1e-7)
    at = np.linspace(0.7, 0.86, 9)
    assert first.allowed(at) == pytest.approx(second.allowed(at), abs=1e-6)


def test_where_x0_can_be_taken_away_it_does():
    """d = 16, a = 5: eps > 1, R*(a) = 1/2, and p = .7 helps moved data only."""
    found = frontier.frontier(law(0.7, 16), scaled_radius=5.0, weights=[0, 0.5, 1], cells=20)
    assert found.most_adversarial == 0.5
    assert found.at_least(0.5).lower >= 0.5
    assert isinstance(found.at_least(0.6), Infeasible)


def test_shapes_and_progress():
    done = []
    found = frontier.frontier(law(shifts=4), scaled_radius=1.0, weights=[1, 0, 0], progress=done.append)
    assert (len(done), len(found.linear), len(found.bounds), found.cuts) == (2, 2, 2, ())
    assert [one.weight for one in found.linear] == [0, 1]
    at = np.array([[0.5, 0.6], [0.7, 0.9]])
    assert found.allowed(at).shape == found.corrected(at).shape == (2, 2)


def test_what_is_refused():
    with pytest.raises(checks.InputError, match=r"weights=\[\] names no weight; use weights from 0 to 1"):
        frontier.frontier(law(), scaled_radius=1.0, weights=[])
    with pytest.raises(checks.InputError, match=r"weights=3 .* must lie in \[0, 1\]"):
        frontier.frontier(law(), scaled_radius=1.0, weights=[3])
    with pytest.raises(checks.InputError, match=r"adversarial=1\.2 is not allowed"):
        some().at_least(1.2)
    with pytest.raises(checks.InputError, match="partner='x' is unknown"):
        frontier.frontier(replace(law(), p=0.6), scaled_radius=1.0, partner="x")
