import itertools

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import laws, radii, reliabilities, weights
from tradeoff.bounds import optima
from tradeoff.codes import families
from tradeoff.codes.search import search
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import RULES, rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.sampled import montecarlo
from tradeoff.shared import checks
from tradeoff.shared.results import Band, Estimate

mpmath.mp.dps = 40


def golay(shifts: int, p: float, step: int = 16) -> CyclicGaussian:
    return CyclicGaussian(cyclic_word(families.golay_quarter(shifts * step, step), step), p)


def number(answer) -> float:
    return answer.value if isinstance(answer, Estimate) else answer.upper if isinstance(answer, Band) else answer


def h(p, mu, b):
    return p * mpmath.ncdf(mu + b) + (1 - p) * mpmath.ncdf(mu - b)


# p = 1/2, correlations 1/4: spatial accuracy of g_K and of f*, and adversarial accuracy of g_K at a = 1, from the
# project's theory notes (C.2, computed there by other means: a certified vertex search and 40^3 nodes). K = 8 has
# only an upper bound for the last. 1.2e-4 is half a unit of their last digit plus their stated K = 8 tolerance.
REFERENCE = {2: (0.9431, 0.8344, 0.7854), 4: (0.9138, 0.7629, 0.6731), 8: (0.8905, 0.7272, 0.6326)}


@pytest.mark.parametrize("shifts", REFERENCE)
def test_reference_values(shifts):
    dist = golay(shifts, 0.5)
    best, bayes, robust = REFERENCE[shifts]
    tolerance = 2e-4 if shifts == 8 else 5.1e-5
    assert number(accuracy.spatial(rules.augmented(dist), dist)) == pytest.approx(best, abs=tolerance)
    assert number(accuracy.spatial(rules.bayes(dist), dist)) == pytest.approx(bayes, abs=5.1e-5)
    found = accuracy.adversarial(rules.augmented(dist), dist, scaled_radius=1.0)
    assert number(found) == pytest.approx(robust, abs=tolerance)


def test_adversarial_accuracy_at_one_of_the_bayes_rule():
    dist = golay(4, 0.5)
    assert accuracy.adversarial(rules.bayes(dist), dist, scaled_radius=1.0) == pytest.approx(
        0.8413447460685429, abs=1e-12
    )


@pytest.mark.parametrize("p", [0.5, 0.7, 0.999])
@pytest.mark.parametrize("a", [0.0, 0.3, 1.0, 2.0, 3.9, 4.0])
def test_closed_forms_of_the_bayes_rule_agree_with_mpmath(p, a):
    dist = golay(4, p)
    rule, b = rules.bayes(dist), mpmath.log(mpmath.mpf(p) / (1 - mpmath.mpf(p))) / 4
    rho = [1, mpmath.mpf(1) / 4, mpmath.mpf(1) / 4, mpmath.mpf(1) / 4]
    p = mpmath.mpf(p)
    assert accuracy.adversarial(rule, dist, scaled_radius=a) == pytest.approx(float(h(p, 2 - a, b)), abs=1e-12)
    joint = sum(h(p, 2 * r - a, b) for r in rho) / 4
    assert accuracy.joint(rule, dist, scaled_radius=a) == pytest.approx(float(joint), abs=1e-12)
    assert accuracy.adversarial(rule, dist, scaled_radius=a, attack="mean_shift") == pytest.approx(
        float(h(p, 2 - a, b)), abs=1e-12
    )


@pytest.mark.parametrize("a", [0.5, 1.0, 2.0, 4.0])
def test_two_shifts_agree_with_their_closed_form(a):
    """g_2: Adv_a = h((s - a) k, L/(2 s k)), k = sqrt((1 + rho)/2)."""
    dist = golay(2, 0.7)
    k = mpmath.sqrt(mpmath.mpf(5) / 8)
    expected = h(mpmath.mpf(0.7), (2 - a) * k, dist.log_odds / (4 * k))
    found = accuracy.adversarial(rules.augmented(dist), dist, scaled_radius=a)
    assert isinstance(found, float)
    assert found == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize("a", [0.0, 1.0, 2.5])
def test_four_shifts_agree_with_plain_sampling_of_the_correlations(a):
    """g_4 of the Golay word without quadrature: z ~ N(s rho, G), the worst of all 2^P corners written out."""
    dist = golay(4, 0.7)
    statistic = rules.augmented(dist).statistic
    root = np.linalg.cholesky(np.full((4, 4), 0.25) + 0.75 * np.eye(4))
    z = 2 * dist.word.correlations + np.random.default_rng(5).standard_normal((100_000, 4)) @ root.T
    worst = np.full(len(z), np.inf)
    for corner in itertools.product([-1.0, 1.0], repeat=len(statistic.moves)):
        moved = 2 * (z - a * np.array(corner) @ statistic.moves)
        worst = np.minimum(worst, np.log(np.exp(moved).sum(1)) - np.log(np.exp(-moved).sum(1)))
    right = 0.7 * (worst + dist.log_odds > 0) + 0.3 * (worst - dist.log_odds > 0)
    found = accuracy.adversarial(rules.augmented(dist), dist, scaled_radius=a)
    allowed = 5.2 * right.std() / np.sqrt(right.size)  # false alarm 2e-7 each
    assert abs(number(found) - right.mean()) < allowed
    assert abs(number(found) + 0.02 - right.mean()) > allowed


@given(laws(most_shifts=4), st.data())
def test_bayes_is_at_least_as_good_as_any_linear_rule(dist, data):
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    assert accuracy.standard(rule, dist) <= accuracy.standard(rules.bayes(dist), dist) + 1e-12


@given(laws(most_shifts=4), radii(), st.data())
def test_no_linear_rule_is_more_robust_than_the_optimum(dist, a, data):
    """Adv_a(f) <= R*(a), also where eps >= 1."""
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    assert accuracy.adversarial(rule, dist, scaled_radius=a) <= optima.best_adversarial(dist, scaled_radius=a) + 1e-12


@given(laws(most_shifts=4), radii())
def test_the_robust_rule_attains_the_optimum(dist, a):
    rule = rules.robust(dist, scaled_radius=a)
    assert accuracy.adversarial(rule, dist, scaled_radius=a) == pytest.approx(
        optima.best_adversarial(dist, scaled_radius=a), abs=1e-12
    )


@given(laws(most_shifts=2), st.data())
def test_no_linear_rule_is_spatially_better_than_the_augmented_one(dist, data):
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    assert accuracy.spatial(rule, dist) <= number(accuracy.spatial(rules.augmented(dist), dist)) + 1e-12


@pytest.mark.parametrize("name", RULES)
def test_lengths_64_256_and_1024_give_identical_curves(name):
    """Scale-freeness: only pattern frequencies and the scaled radius matter while eps < 1."""
    entry = RULES[name]
    for a in (0.0, 0.7, 1.9, 4.0):
        answers = []
        for step in (16, 64, 256):
            dist = golay(4, 0.7, step)
            rule = entry.build(dist, scaled_radius=1.0) if entry.for_radius else entry.build(dist)
            answers.append(
                [
                    number(accuracy.joint(rule, dist, scaled_radius=a)),
                    number(accuracy.adversarial(rule, dist, scaled_radius=a)),
                ]
            )
        assert np.ptp(answers, axis=0).max() < 1e-12


@given(reliabilities())
def test_nothing_helps_on_the_shifts_of_an_antiperiodic_word(p):
    """The negative control: spatial accuracy of g_K is exactly p."""
    dist = CyclicGaussian(cyclic_word(families.antiperiodic(32, 8), 8), p)
    assert accuracy.spatial(rules.augmented(dist), dist) == pytest.approx(p, abs=1e-15)


@pytest.mark.parametrize(("a", "expected"), [(3.999, "h"), (4.0, "half"), (4.001, "turned")])
def test_from_eps_one_on_the_attack_reaches_x0(a, expected):
    """d = 16: eps = a/4. sign(x_0) keeps p below eps = 1, loses the label +... at 1, and everything above."""
    dist = CyclicGaussian(cyclic_word("+-" * 8, 4), p=0.7)
    found = accuracy.adversarial(rules.sign_x0(dist), dist, scaled_radius=a)
    assert found == pytest.approx({"h": 0.7, "half": 0.35, "turned": 0.0}[expected], abs=1e-15)


def test_what_is_known_between_brackets_is_a_band():
    """Six shifts and nineteen patterns; the upper end is reached by sampling, the lower one is far below."""
    dist = CyclicGaussian(cyclic_word(search(60, 10), 10), 0.5)
    rule = rules.augmented(dist)
    found = accuracy.adversarial(rule, dist, scaled_radius=1.0)
    assert isinstance(found, Band)
    seen = montecarlo.adversarial(rule, dist, scaled_radius=1.0, trials=20_000, rng=np.random.default_rng(4))
    assert found.lower < seen.interval(1 - 1e-6).low < found.upper < seen.interval(1 - 1e-6).high


def test_a_rule_of_unknown_kind_is_refused_with_a_way_out():
    class Mine:
        def predict(self, x0, x):
            return np.sign(x0)

        def attack(self, x0, x, y, eps):
            return x0, x

    with pytest.raises(TypeError, match=r"Mine; sample it with tradeoff\.sampled\.montecarlo"):
        accuracy.standard(Mine(), golay(4, 0.7))


@pytest.mark.parametrize("a", [-1.0, float("inf"), float("nan")])
def test_bad_radii_are_refused(a):
    dist = golay(4, 0.7)
    with pytest.raises(checks.InputError, match="scaled_radius"):
        accuracy.adversarial(rules.bayes(dist), dist, scaled_radius=a)


@given(laws(most_shifts=4), radii(), st.data())
def test_the_proxies_are_as_close_as_the_standard_accuracy_allows(dist, a, data):
    """|Spat - Inv| <= 1 - Std and (1 - Fool) - (1 - Std) <= Adv <= 1 - Fool (binary labels)."""
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    errs = 1 - accuracy.standard(rule, dist)
    stays = 1 - accuracy.fooling(rule, dist, scaled_radius=a)
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=a)
    assert abs(accuracy.spatial(rule, dist) - accuracy.invariance(rule, dist)) <= errs + 1e-9
    assert stays - errs - 1e-9 <= adversarial <= stays + 1e-9


@given(laws(most_shifts=3, most_step=3), radii(), st.integers(-290, 290), st.data())
def test_the_size_of_the_weights_does_not_matter(dist, a, exponent, data):
    """All accuracies of (w, b) and of (10^n w, 10^n b) are equal, though squares of 10^n w may be 0 or infinite."""
    w, b = np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2, allow_subnormal=False))
    rule, other = Linear(w, b), Linear(w * 10.0**exponent, b * 10.0**exponent)
    for question in (accuracy.adversarial, accuracy.joint):
        expected = question(rule, dist, scaled_radius=a)
        assert question(other, dist, scaled_radius=a) == pytest.approx(expected, abs=1e-9)
    assert accuracy.invariance(other, dist) == pytest.approx(accuracy.invariance(rule, dist), abs=1e-6)


@pytest.mark.parametrize(("text", "step"), [("+-+++--", 1), ("++-+--+-+-+++-", 2), ("+++-+--+-+", 2)])
@pytest.mark.parametrize(("p", "signal"), [(0.5, 0.3), (0.7, 2.0), (0.9, 5.0)])
def test_the_fooling_rate_begins_at_0_and_grows(text, step, p, signal):
    """Also where right and wrong come from points that are drawn: they are the same ones, mirrored."""
    dist = CyclicGaussian(cyclic_word(text, step), p, signal)
    rule = rules.augmented(dist)
    rates = [accuracy.fooling(rule, dist, scaled_radius=a).value for a in (0.0, 1e-6, 1e-3, 0.1)]
    assert 0 <= rates[0] < 1e-15
    assert rates == sorted(rates)
    assert rates[1] == pytest.approx(rates[2] / 1000, rel=0.01)  # the scores' density at 0, times the radius
