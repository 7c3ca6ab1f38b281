import mpmath
import numpy as np
import pytest
from hypothesis import given
from scipy.special import ndtr

from tests.strategies import laws, moved_laws, radii
from tradeoff.bounds import optima
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Band, Estimate, ends

mpmath.mp.dps = 40


def law(shifts, p, family=families.golay_quarter):
    return CyclicGaussian(cyclic_word(family(16 * shifts, 16), 16), p)


@pytest.mark.parametrize(("p", "expected"), [(0.5, 0.9772498680518208), (0.7, 0.9794952675897535)])
def test_the_best_standard_accuracy_is_that_of_the_bayes_rule(p, expected):
    assert optima.best_standard(law(4, p)) == pytest.approx(expected, abs=1e-12)
    assert accuracy.standard(rules.bayes(law(4, p)), law(4, p)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("a", [0.0, 0.5, 1.5, 1.99])
@pytest.mark.parametrize("p", [0.5, 0.7, 0.95])
def test_for_two_shifts_the_best_joint_accuracy_is_a_closed_form(p, a):
    """h(s1', L/(2 s1')), s1' = (s - a)_+ sqrt((1 + rho)/2), mpmath."""
    reliability = mpmath.mpf(p)
    s1 = (2 - mpmath.mpf(a)) * mpmath.sqrt(mpmath.mpf(5) / 8)
    b = mpmath.log(reliability / (1 - reliability)) / (2 * s1)
    expected = reliability * mpmath.ncdf(s1 + b) + (1 - reliability) * mpmath.ncdf(s1 - b)
    found = optima.best_joint(law(2, p), scaled_radius=a)
    assert isinstance(found, float)
    assert found == pytest.approx(float(expected), abs=1e-12)


# C.3 (b) of the project's theory notes, p = 1/2: accuracy of the soft threshold and the upper end of the bracket (the
# notes cut .84317 to .8431).
@pytest.mark.parametrize(
    ("a", "soft", "upper"),
    [
        (0.0, 0.9071, 0.9138),
        (0.5, 0.8068, 0.8432),
        (0.75, 0.7458, 0.7980),
        (1.0, 0.6915, 0.7468),
        (1.5, 0.5987, 0.6296),
    ],
)
def test_for_four_shifts_the_best_joint_accuracy_is_bracketed(a, soft, upper):
    dist = law(4, 0.5)
    rule = rules.robust_augmented(dist, scaled_radius=a)
    assert accuracy.joint(rule, dist, scaled_radius=a) == pytest.approx(soft, abs=5.1e-5)
    found = optima.best_joint(dist, scaled_radius=a)
    assert isinstance(found, Band if a else Estimate)
    assert ends(found).high == pytest.approx(upper, abs=5.1e-5)
    assert ends(found).low >= soft - 5.1e-5


def test_the_bracket_is_narrower_than_that_of_the_soft_threshold_alone():
    """Bayes rules of augmented data are candidates, too: .8176 at a = .5, where the soft threshold has .8068."""
    assert optima.best_joint(law(4, 0.5), scaled_radius=0.5).lower == pytest.approx(0.8176, abs=1e-4)


@pytest.mark.parametrize(("p", "a", "expected"), [(0.7, 2.0, 0.7), (0.7, 5.0, 0.7), (0.5, 3.0, 0.5)])
def test_from_a_equal_s_on_only_x0_is_left(p, a, expected):
    assert optima.best_joint(law(4, p), scaled_radius=a) == pytest.approx(expected, abs=1e-12)


@given(moved_laws(), radii())
def test_the_soft_threshold_is_between_nothing_and_the_optimum(dist, a):
    found = optima.best_joint(dist, scaled_radius=a)
    rule = rules.robust_augmented(dist, scaled_radius=a)
    assert 0.5 - 1e-12 <= accuracy.joint(rule, dist, scaled_radius=a) <= ends(found).high + 1e-9


@given(moved_laws(), radii())
def test_the_soft_threshold_has_the_margin_that_its_formula_says(dist, a):
    """Std margin under attack m_a = sqrt(mean over t of (s |sigma_t| - a)_+^2), sigma the mean sign of the orbit."""
    rule = rules.robust_augmented(dist, scaled_radius=a)
    if dist.eps(a) >= 1 or isinstance(rule, rules.Constant) or not rule.weights.any():
        return
    sigma = groups_mean_sign(dist)
    margin = np.sqrt(np.mean(np.maximum(dist.signal * np.abs(sigma) - a, 0) ** 2))
    b = dist.log_odds / (2 * margin)
    expected = dist.p * ndtr(margin + b) + (1 - dist.p) * ndtr(margin - b)
    assert accuracy.joint(rule, dist, scaled_radius=a) == pytest.approx(expected, abs=1e-9)


def groups_mean_sign(dist):
    """The mean of the orbit's signs at each coordinate, element by element."""
    moved = [dist.word.signs[dist.word.group.places(np.array(j))] for j in range(dist.word.shifts)]
    return np.mean(moved, axis=0)


@given(laws(most_shifts=3))
def test_without_an_attack_the_best_joint_accuracy_is_the_best_spatial_one(dist):
    assert ends(optima.best_joint(dist, scaled_radius=0.0)).high == pytest.approx(
        ends(optima.best_spatial(dist)).high, abs=1e-9
    )
