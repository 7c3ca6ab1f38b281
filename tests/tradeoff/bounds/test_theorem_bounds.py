import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from tests.strategies import laws, radii, reliabilities, weights
from tradeoff.bounds import theorem_bounds
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks


def law(p: float, length: int = 64, step: int = 16) -> CyclicGaussian:
    return CyclicGaussian(cyclic_word(families.golay_quarter(length, step), step), p)


@pytest.mark.parametrize(
    ("p", "eta", "shifts", "lower", "upper"),
    [(0.5, 0, 2, 0.5, 0.5), (0.6, 0.25, 2, 0.375, 0.6875), (0.75, 0.25, 2, 0.375, 0.875), (0.9, 0.1, 4, 0.675, 0.975)],
)
def test_the_printed_interval_by_hand(p, eta, shifts, lower, upper):
    band = theorem_bounds.theorem2_formula(law(p, 16 * shifts), eta)
    assert (band.lower, band.upper) == (pytest.approx(lower, abs=1e-15), pytest.approx(upper, abs=1e-15))


@given(laws(least_shifts=2), st.floats(0, 1))
def test_the_printed_interval_is_never_empty(dist, eta):
    """(1-s)(1-eta) <= 1 - s(1 - eta p/(1-p)); the gap is eta((1-s) + s p/(1-p))."""
    band = theorem_bounds.theorem2_formula(dist, eta)
    assert band.lower <= band.upper + 1e-12


@pytest.mark.parametrize(("p", "end"), [(0.6, 2 / 3), (0.7, 3 / 7), (0.8, 0.25), (0.95, 1 / 19)])
def test_the_informative_range_of_the_printed_bound(p, end):
    found = theorem_bounds.theorem2_informative(law(p))
    assert (found.low, found.high) == (pytest.approx(1 - p), pytest.approx(end))


def test_where_x0_can_be_taken_away_the_printed_bound_may_say_nothing():
    """d = 16, eps = 1: eta is at least 1/2, and (1-p)/p is below that."""
    assert theorem_bounds.theorem2_informative(law(0.7, 16, 4)) is None


@given(laws(most_shifts=5, least_shifts=2), radii(), st.data())
def test_spatial_accuracy_lies_in_the_corrected_interval(dist, a, data):
    """(ii) and (iii) of the corrected theorem, averaged over shifts, for random linear rules and any radius."""
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=a)
    band = theorem_bounds.theorem2_corrected(dist, min(1.0, 1 - adversarial), scaled_radius=a)
    assert band.lower - 1e-9 <= accuracy.spatial(rule, dist) <= band.upper + 1e-9


@given(laws(most_shifts=4, least_shifts=2), st.floats(0, 1))
def test_at_twice_the_signal_the_interval_forgets_the_group(dist, share):
    """1 - eta <= Spat <= 1 - ((1-p)/p)(1 - eta) for every step."""
    least = theorem_bounds.feasible_eta(dist, scaled_radius=2 * dist.signal).low
    eta = least + share * (1 - least)
    band = theorem_bounds.theorem2_corrected(dist, eta)
    expected = (1 - eta, 1 - (1 - dist.p) / dist.p * (1 - eta))
    assert (band.lower, band.upper) == (pytest.approx(expected[0], abs=1e-12), pytest.approx(expected[1], abs=1e-12))


@given(reliabilities())
def test_at_the_least_eta_sign_x0_fills_the_interval(p):
    dist = law(p)
    band = theorem_bounds.theorem2_corrected(dist, 1 - p)
    spatial = accuracy.spatial(rules.sign_x0(dist), dist)
    assert band.lower == pytest.approx(spatial, abs=1e-12)
    assert band.upper == pytest.approx(spatial, abs=1e-12)


def test_inside_the_signal_some_rule_attains_the_upper_end():
    """p = 1/2, K = 2, a <= 2s: sign of the coordinates where c and r_1(c) agree has equality in (iii), shift 1."""
    dist, a = law(0.5, 32), 1.5
    agree = dist.word.signs == np.roll(dist.word.signs, -16)
    rule = Linear(np.where(agree, dist.word.unit, 0.0), 0.0)
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=a)
    k = np.sqrt(5 / 8)
    assert adversarial == pytest.approx(ndtr((2 - a) * k), abs=1e-12)
    second_shift = 2 * accuracy.spatial(rule, dist) - accuracy.standard(rule, dist)
    from scipy.special import ndtri

    assert 1 - second_shift == pytest.approx(ndtr(ndtri(adversarial) - (4 - a) * k), abs=1e-12)


@pytest.mark.parametrize(("p", "a", "least"), [(0.7, 4.0, 0.3), (0.7, 2.0, 0.3), (0.5, 4.0, 0.5)])
def test_no_smaller_eta_is_possible(p, a, least):
    dist = law(p)
    assert theorem_bounds.feasible_eta(dist, scaled_radius=a).low == pytest.approx(least)
    none = theorem_bounds.theorem2_corrected(dist, 0.2, scaled_radius=a)
    assert isinstance(none, theorem_bounds.Infeasible)
    assert none.reason.startswith("eta=0.2 is impossible")
    assert none.reason.endswith(f"use eta from {least:.4f} to 1")


def test_proposition_1_as_printed_and_as_corrected():
    assert theorem_bounds.proposition1_printed(3 / 8) == pytest.approx(0.8413447460685429, abs=1e-12)
    assert theorem_bounds.proposition1_corrected(law(0.5)) == pytest.approx(0.6914624612740131, abs=1e-12)


@given(laws(least_shifts=2))
def test_the_corrected_bound_holds_on_every_shift_but_the_identity(dist):
    rule, bound = rules.bayes(dist), theorem_bounds.proposition1_corrected(dist)
    per_shift = [accuracy.spatial(rule, dist, shift=j) for j in range(1, dist.word.shifts)]
    assert max(per_shift) <= bound + 1e-12


def test_the_printed_theorem_is_not_asked_about_rules_that_do_not_exist():
    none = theorem_bounds.theorem2_printed(law(0.7), 0.2)
    assert isinstance(none, theorem_bounds.Infeasible)
    assert "use eta from 0.3000 to 1" in none.reason
    assert theorem_bounds.theorem2_printed(law(0.7), 0.4) == theorem_bounds.theorem2_formula(law(0.7), 0.4)


def test_the_printed_theorem_holds_at_larger_radii_and_says_nothing_at_smaller_ones():
    """At a = 0 it would be false: g_4 has eta .0862 and spatial accuracy .9138, above the printed .7716."""
    dist = law(0.5)
    assert theorem_bounds.theorem2_printed(dist, 0.5, scaled_radius=6.0) == theorem_bounds.theorem2_formula(dist, 0.5)
    with pytest.raises(checks.InputError, match="below 2s = 4, the radius of Theorem 2"):
        theorem_bounds.theorem2_printed(dist, 0.5, scaled_radius=3.9)
    assert (
        accuracy.spatial(rules.augmented(dist), dist).value > theorem_bounds.theorem2_formula(dist, 0.0863).upper + 0.1
    )


@given(laws(), radii(), st.floats(0, 1))
def test_the_corrected_interval_is_the_mean_over_the_shifts(dist, a, share):
    """Averaged = mean of per-shift ends."""
    least = theorem_bounds.feasible_eta(dist, scaled_radius=a).low
    eta = least + share * (1 - least)
    averaged = theorem_bounds.theorem2_corrected(dist, eta, scaled_radius=a)
    each = [theorem_bounds.theorem2_corrected(dist, eta, scaled_radius=a, shift=j) for j in range(dist.word.shifts)]
    assert averaged.lower == pytest.approx(np.mean([band.lower for band in each]), abs=1e-12)
    assert averaged.upper == pytest.approx(np.mean([band.upper for band in each]), abs=1e-12)


@pytest.mark.parametrize(("shifts", "expected"), [(2, 0.8344), (4, 0.7629), (8, 0.7272)])
def test_proposition_1_for_a_random_shift_counts_the_identity(shifts, expected):
    """Attained by the Golay word, all of whose correlations are 1 - 2 delta = 1/4."""
    dist = CyclicGaussian(cyclic_word(families.golay_quarter(16 * shifts, 16), 16), 0.5)
    assert theorem_bounds.proposition1_averaged(dist) == pytest.approx(expected, abs=5e-5)
    assert theorem_bounds.proposition1_averaged(dist) == pytest.approx(
        accuracy.spatial(rules.bayes(dist), dist), abs=1e-12
    )


@pytest.mark.parametrize("distance", [0.6, -0.1])
def test_the_printed_bound_is_refused_where_its_root_is_imaginary(distance):
    with pytest.raises(checks.InputError, match="use proposition1_corrected"):
        theorem_bounds.proposition1_printed(distance)


def test_without_a_shift_there_is_nothing_to_bound():
    with pytest.raises(checks.InputError, match="no element but the identity"):
        theorem_bounds.proposition1_corrected(CyclicGaussian(cyclic_word("++-", 3), 0.5))


@pytest.mark.parametrize("eta", [-0.1, 1.1])
def test_eta_outside_the_unit_interval_is_refused(eta):
    with pytest.raises(checks.InputError, match="eta="):
        theorem_bounds.theorem2_formula(law(0.7), eta)


@pytest.mark.parametrize("a", [0.5, 1.5, 3.0])
@pytest.mark.parametrize("p", [0.5, 0.7, 0.95])
def test_the_corrected_interval_inside_the_signal_agrees_with_mpmath(p, a):
    """The two sums over shifts written out, with Phi and its inverse by mpmath."""
    dist = law(p)
    eta = theorem_bounds.feasible_eta(dist, scaled_radius=a).low + 0.1
    q, t = mpmath.mpf(1 - eta), mpmath.mpf(4 - a)
    quantile = mpmath.sqrt(2) * mpmath.erfinv(2 * q - 1)
    lower = sum(mpmath.ncdf(quantile - t * mpmath.sqrt((1 - mpmath.mpf(r)) / 2)) for r in dist.word.correlations) / 4
    upper = sum(mpmath.ncdf(quantile - t * mpmath.sqrt((1 + mpmath.mpf(r)) / 2)) for r in dist.word.correlations) / 4
    band = theorem_bounds.theorem2_corrected(dist, eta, scaled_radius=a)
    assert band.lower == pytest.approx(float(lower), abs=1e-12)
    assert band.upper == pytest.approx(float(1 - (1 - mpmath.mpf(p)) / mpmath.mpf(p) * upper), abs=1e-12)
