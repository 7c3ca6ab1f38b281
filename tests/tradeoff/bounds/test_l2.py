import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statistics import assert_frequency
from tests.strategies import laws, weights
from tradeoff.bounds import l2
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks
from tradeoff.shared.results import Band, Frequency

mpmath.mp.dps = 40
GOLAY = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7)
radii = st.floats(0, 4).filter(lambda e: e != 1)


@pytest.mark.parametrize("e", [0.0, 0.3, 0.999])
def test_below_one_the_optimum_is_h_of_the_weakened_signal(e):
    """R*(e) = h(s - e, L/(2(s - e))), attained by the rule built for e."""
    left, p = 2 - mpmath.mpf(e), mpmath.mpf(0.7)
    b = mpmath.log(p / (1 - p)) / (2 * left)
    expected = float(p * mpmath.ncdf(left + b) + (1 - p) * mpmath.ncdf(left - b))
    assert l2.best_adversarial(GOLAY, radius=e) == pytest.approx(expected, abs=1e-12)
    assert l2.adversarial(l2.robust(GOLAY, radius=e), GOLAY, radius=e) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("e", [0.4, 0.9, 1.3, 2.5])
@pytest.mark.parametrize("rule", [rules.bayes(GOLAY), rules.orbit_average(GOLAY), Linear(np.cos(np.arange(64)), 0.8)])
def test_the_attack_reaches_what_the_formula_says(rule, e, rng):
    """Counting over attacked vectors; a value .02 away is refused."""
    x0, x, y = GOLAY.sample(40_000, rng)
    moved_x0, moved = l2.attack(rule, x0, x, y, e)
    length = np.sqrt((moved_x0 - x0) ** 2 + ((moved - x) ** 2).sum(axis=1))
    assert length.max() <= e * (1 + 1e-14)
    seen = Frequency(int((rule.predict(moved_x0, moved) == y).sum()), len(y))
    expected = l2.adversarial(rule, GOLAY, radius=e)
    assert_frequency(seen, expected)
    with pytest.raises(AssertionError):
        assert_frequency(seen, abs(expected - 0.02))


@given(laws(), radii, st.data())
def test_no_random_attack_beats_the_worst_one(dist, e, data):
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    x0, x, y = dist.sample(8, rng)
    survives = rule.predict(*l2.attack(rule, x0, x, y, e)) == y
    for _ in range(30):
        step = rng.normal(size=(8, dist.word.length + 1))
        step[:, 0] *= rng.choice([0.0, 1.0, 30.0])
        step *= e / np.linalg.norm(step, axis=1, keepdims=True)
        fooled = rule.predict(x0 + step[:, 0], x + step[:, 1:]) != y
        assert not (fooled & survives).any()


@given(laws(), radii, st.data())
def test_no_linear_rule_passes_the_bound(dist, e, data):
    rule = Linear(np.array(data.draw(weights(dist.word.length))), data.draw(st.floats(-2, 2)))
    best = l2.best_adversarial(dist, radius=e)
    upper = best.upper if isinstance(best, Band) else best
    assert l2.adversarial(rule, dist, radius=e) <= upper + 1e-12


@given(laws(), st.floats(1.0, 4).filter(lambda e: e != 1))
def test_the_lower_end_is_reached_by_a_rule(dist, e):
    """The linear rule whose weight on sign(x_0) is too small for turning it to pay, or a constant."""
    best, left = l2.best_adversarial(dist, radius=e), dist.signal - e
    weight = (e - np.sqrt(e**2 - 1)) / 2
    weight = weight if left <= 0 else min(weight, dist.log_odds / (2 * left))
    reached = max(0.5, l2.adversarial(Linear(dist.word.unit, weight), dist, radius=e))
    assert best.lower == pytest.approx(reached, abs=1e-12)
    assert best.lower <= best.upper + 1e-12


def test_at_exactly_one_half_the_labels_lose_x0():
    """sign(x_0): x_0 = -1 reaches 0, which counts as +; x_0 = 1 does not turn."""
    rule = rules.sign_x0(GOLAY)
    assert [l2.adversarial(rule, GOLAY, radius=e) for e in (0.99, 1.0, 1.01)] == pytest.approx([0.7, 0.35, 0.0])


def test_a_constant_is_right_half_the_time():
    assert l2.adversarial(rules.constant(GOLAY), GOLAY, radius=3.0) == 0.5


@pytest.mark.parametrize(
    ("ask", "part"),
    [
        (lambda: l2.adversarial(rules.augmented(GOLAY), GOLAY, radius=0.5), "no closed form under l_2 attacks"),
        (lambda: l2.robust(GOLAY, radius=1.0), "radius=1 can turn x_0"),
        (lambda: l2.attack(rules.bayes(GOLAY), *GOLAY.sample(2, np.random.default_rng(0)), 1.0), "radius=1 just"),
        (lambda: l2.attack(rules.bayes(GOLAY), *GOLAY.sample(2, np.random.default_rng(0)), -1.0), "radius=-1"),
        (lambda: l2.robust(GOLAY, radius="x"), "radius='x' is not a number"),
        (lambda: l2.best_adversarial(GOLAY, radius=-0.1), "radius=-0.1 is not allowed"),
    ],
)
def test_what_has_no_closed_form_is_refused(ask, part):
    with pytest.raises(checks.InputError, match=part):
        ask()
