"""Parts (i), (ii), (iii) of the corrected Theorem 2 and the optimality of B_K, for rules of many kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.grids import wavy_rule
from tests.strategies import laws, moved_laws, radii, reliabilities, signals, weights
from tradeoff.bounds import optima, theorem_bounds
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared.results import Band, ends

numbers = st.floats(-2, 2)


@st.composite
def linear_rules(draw, dist):
    return Linear(np.array(draw(weights(dist.word.length))), draw(st.floats(-3, 3)))


@st.composite
def grid_rules(draw):
    """A curved rule for a law of two shifts, long enough for eps < 1."""
    alike = draw(st.integers(1, 39))
    word = cyclic_word(families.from_columns(["++"] * alike + ["+-"] * (40 - alike)), 40)
    dist = CyclicGaussian(word, draw(reliabilities()), draw(signals()))
    return wavy_rule(dist, draw(st.floats(0.3, 6.0)), draw(st.integers(1, 2)), draw(st.tuples(*[numbers] * 7)))


def interval(dist, adversarial, a, shift) -> Band:
    band = theorem_bounds.theorem2_corrected(dist, min(1.0, max(0.0, 1 - adversarial)), scaled_radius=a, shift=shift)
    assert isinstance(band, Band), band
    return band


@given(moved_laws(), radii(), st.data())
def test_robust_linear_rules_are_accurate_on_every_move(dist, a, data):
    """(ii) Spat_j >= T(mu'_j, Adv_a), for every group."""
    rule, j = data.draw(linear_rules(dist)), data.draw(st.integers(0, dist.word.shifts - 1))
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=a)
    assert accuracy.spatial(rule, dist, shift=j) >= interval(dist, adversarial, a, j).lower - 1e-9


@given(moved_laws(), radii(), st.data())
def test_robust_linear_rules_err_on_every_move(dist, a, data):
    """(iii) 1 - Spat_j >= ((1-p)/p) T(mu_j, Adv_a), for every group."""
    rule, j = data.draw(linear_rules(dist)), data.draw(st.integers(0, dist.word.shifts - 1))
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=a)
    assert accuracy.spatial(rule, dist, shift=j) <= interval(dist, adversarial, a, j).upper + 1e-9


@given(grid_rules(), st.integers(0, 1))
def test_robust_curved_rules_are_accurate_on_every_shift(rule, j):
    """(ii) for rules that are no half spaces, their worst case exact."""
    band = interval(rule.dist, rule.adversarial(), rule.scaled_radius, j)
    assert rule.spatial(j) >= band.lower - 1e-9


@given(grid_rules(), st.integers(0, 1))
def test_robust_curved_rules_err_on_every_shift(rule, j):
    """(iii) for rules that are no half spaces."""
    band = interval(rule.dist, rule.adversarial(), rule.scaled_radius, j)
    assert rule.spatial(j) <= band.upper + 1e-9


@given(grid_rules())
def test_no_curved_rule_is_more_robust_than_the_optimum(rule):
    """(i) Adv_a(f) <= R*(a)."""
    assert rule.adversarial() <= optima.best_adversarial(rule.dist, scaled_radius=rule.scaled_radius) + 1e-9


@given(grid_rules())
def test_no_curved_rule_is_spatially_better_than_the_augmented_one(rule):
    """Spat(f) <= B_2."""
    assert (rule.spatial(0) + rule.spatial(1)) / 2 <= optima.best_spatial(rule.dist) + 1e-9


@given(laws(most_shifts=4), st.data())
def test_no_linear_rule_is_spatially_better_than_the_augmented_one(dist, data):
    """Spat(f) <= B_K, also where B_K is a quadrature."""
    rule = data.draw(linear_rules(dist))
    assert accuracy.spatial(rule, dist) <= ends(optima.best_spatial(dist)).high + 1e-9


@given(laws(most_shifts=4), radii(), st.data())
def test_no_linear_rule_is_better_on_moved_and_attacked_data_than_the_bracket_allows(dist, a, data):
    rule = data.draw(linear_rules(dist))
    best = ends(optima.best_joint(dist, scaled_radius=a))
    assert accuracy.joint(rule, dist, scaled_radius=a) <= best.high + 1e-9
    assert best.low <= best.high + 1e-9


@pytest.mark.parametrize("a", [0.5, 1.0, 3.0, 4.0])
def test_the_upper_end_is_attained(a):
    """Sharpness of (iii), and teeth for the tests above: the rule sum over S_1 meets the bound at shift 1, p = 1/2."""
    dist = CyclicGaussian(cyclic_word(families.golay_quarter(64, 32), 32), p=0.5)
    rule = Linear(dist.word.orbit.sum(axis=0), 0.0)
    band = interval(dist, accuracy.adversarial(rule, dist, scaled_radius=a), a, 1)
    assert accuracy.spatial(rule, dist, shift=1) == pytest.approx(band.upper, abs=1e-12)


def test_a_radius_rounded_to_the_nearest_cell_would_make_the_theorem_look_false():
    """Why cells must divide the radius: eroded by 1 cell where 1.4 are right, R* would be exceeded."""
    dist = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), 32), p=0.5)
    right = wavy_rule(dist, 1.0, 1, (1, 0, 0, 0, 0, 0, 0))  # cells for a = 1, asked about a = 1.4
    assert right.adversarial() <= optima.best_adversarial(dist, scaled_radius=1.0) + 1e-9
    assert right.adversarial() > optima.best_adversarial(dist, scaled_radius=1.4) + 1e-3
