"""The model and the two theorems of Tsipras et al. 2019, from definitions of our own."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.statistics import assert_frequency
from tests.strategies import reliabilities
from tradeoff.bounds import theorem_bounds, tsipras
from tradeoff.exact import accuracy
from tradeoff.model.rules import Linear
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

models = st.builds(tsipras.law, st.integers(1, 40), reliabilities(), st.floats(0.05, 1.5))


def test_the_model_is_the_cyclic_one_with_a_constant_word(rng):
    model = tsipras.law(50, 0.9, 0.2)
    x0, x, y = model.sample(40_000, rng)
    assert np.abs((x * y[:, None]).mean(axis=0) - 0.2).max() < 6 / np.sqrt(40_000)  # false alarm 1e-7 for 50 means
    assert_frequency(Frequency(int((x0 == y).sum()), len(y)), 0.9)


@given(models, st.floats(0, 1), st.floats(-3, 3), st.data())
def test_accuracy_bounds_robustness(model, share, x0_weight, data):
    """Theorem 2.1: Adv at eps >= 2 eta is at most delta p/(1-p), delta the clean error."""
    direction = data.draw(st.lists(st.floats(-1, 1), min_size=model.word.length, max_size=model.word.length))
    rule = Linear(model.word.unit + share * np.array(direction), x0_weight)
    bound = tsipras.theorem1(model, 1 - accuracy.standard(rule, model))
    for a in (2 * model.signal, 2.5 * model.signal):
        assert accuracy.adversarial(rule, model, scaled_radius=a) <= bound + 1e-9


def test_the_first_theorem_is_attained_by_x0_alone():
    """sign(x_0): delta = 1 - p gives the bound p, and its adversarial accuracy is p while eps < 1."""
    model = tsipras.law(100, 0.8, 0.3)
    assert tsipras.theorem1(model, 0.2) == pytest.approx(0.8)
    assert accuracy.adversarial(Linear(np.zeros(100), 1.0), model, scaled_radius=6.0) == pytest.approx(0.8)


def test_a_delta_that_no_rule_has_is_answered_with_the_reason():
    model = tsipras.law(4, 0.6, 0.5)
    none = tsipras.theorem1(model, 0.01)
    assert isinstance(none, theorem_bounds.Infeasible)
    assert none.reason.startswith("delta=0.01 is impossible: no rule has accuracy above 0.8462 at all; use delta from")


@pytest.mark.parametrize("p", [0.9, 0.975])
@pytest.mark.parametrize(("length", "eta"), [(100, 0.4), (400, 0.25), (10_000, 0.04)])
def test_training_without_and_with_an_adversary(length, eta, p):
    """Theorem 2.2, eta >= 4/sqrt(d), p <= .975: above 99 % and below 1 %; then exactly p and p."""
    model = tsipras.law(length, p, eta)
    plain, robust = tsipras.svm(model), tsipras.svm(model, eps=2 * eta)
    assert plain.adversarial(model, 0.0) > 0.99
    assert plain.adversarial(model, 2 * eta) < 0.01
    assert (robust.weak, robust.strong) == (0.0, 1.0)
    assert robust.adversarial(model, 0.0) == pytest.approx(p, abs=1e-15)
    assert robust.adversarial(model, 0.99) == pytest.approx(p, abs=1e-15)


def test_with_an_unreliable_x1_the_second_half_of_theorem_2_2_does_not_hold():
    """p = .6, eps = 2 eta: x_1 alone has loss 2 - 2p + eps = 1.6; one weak feature has less, whatever its sign says."""
    model = tsipras.law(100, 0.6, 0.4)
    found = tsipras.svm(model, eps=0.8)
    assert tsipras.hinge(model, np.pi / 2, 0.8, used=1) == pytest.approx(1.6)
    assert (found.used, found.weak > 0.99) == (1, True)
    assert found.loss < 1.45


@pytest.mark.parametrize("used", [1, 25])
@pytest.mark.parametrize("eps", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("angle", [0.0, 0.3, 1.2, np.pi / 2])
def test_the_hinge_loss_agrees_with_an_integral(angle, eps, used):
    model = tsipras.law(25, 0.8, 0.3)
    shared = np.cos(angle) * np.sqrt(used) * (0.3 - eps) - eps * np.sin(angle)

    def loss(strong):
        mean, deviation = shared + strong, mpmath.mpf(np.cos(angle))
        if deviation < 1e-15:
            return max(1 - mean, 0)
        with mpmath.workdps(25):
            top = (1 - mean) / deviation
            return mpmath.quad(lambda g: (1 - mean - deviation * g) * mpmath.npdf(g), [top - 30, top - 5, top])

    expected = 0.8 * loss(np.sin(angle)) + 0.2 * loss(-np.sin(angle))
    assert tsipras.hinge(model, angle, eps, used=used) == pytest.approx(float(expected), abs=1e-12)


ONE_FEATURE = tsipras.law(4, 0.5, 0.5), 1.0, [0.0, 1.0, 0.0, 0.0, 0.0]


@given(models, st.floats(0, 1), st.data())
def test_no_weights_of_norm_one_have_a_smaller_loss(model, eps, data):
    """All weights, not only equal ones: the margin is normal whatever they are."""
    drawn = data.draw(
        st.lists(st.floats(-1, 1), min_size=model.word.length + 1, max_size=model.word.length + 1).filter(
            lambda w: max(map(abs, w)) > 1e-3
        )
    )
    assert_no_smaller_loss(model, eps, drawn)


def test_one_weak_feature_has_no_smaller_loss():
    """Where eps exceeds eta, equal weights are the worst way to spend a norm."""
    assert_no_smaller_loss(*ONE_FEATURE)


def assert_no_smaller_loss(model, eps, drawn):
    strong, *weak = np.array(drawn) / np.linalg.norm(drawn)
    noise, eta = float(np.linalg.norm(weak)), model.signal / np.sqrt(model.word.length)
    mean = eta * np.sum(weak) - eps * (np.abs(weak).sum() + abs(strong))
    loss = 0.0
    for probability, sign in ((model.p, 1), (1 - model.p, -1)):
        short = 1 - mean - sign * strong
        z = short / max(noise, 1e-12)
        loss += probability * (
            short * float(mpmath.ncdf(z)) + noise * float(mpmath.npdf(z)) if noise > 1e-12 else max(short, 0.0)
        )
    assert tsipras.svm(model, eps=eps).loss <= loss + 1e-9


@given(models, st.floats(0, 3), st.floats(0.1, 1.4))
def test_a_linear_x0_loses_eps_times_its_weight(model, eps, angle):
    """The rule's accuracy under attack against counting attacked margins with exact normal probabilities."""
    rule = tsipras.SVM(np.cos(angle), np.sin(angle), model.word.length, 0.0)
    loss = eps * (np.sqrt(model.word.length) * rule.weak + rule.strong)
    margins = [(model.signal * rule.weak + sign * rule.strong - loss) / rule.weak for sign in (1, -1)]
    expected = model.p * mpmath.ncdf(margins[0]) + (1 - model.p) * mpmath.ncdf(margins[1])
    assert rule.adversarial(model, eps) == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize(
    ("ask", "part"),
    [
        (lambda: tsipras.law(0, 0.7, 0.3), "length=0 must be at least 1"),
        (lambda: tsipras.law(5, 0.7, -0.3), "eta=-0.3 is not allowed"),
        (lambda: tsipras.law(10**9, 0.7, 0.3), "length=1000000000 is more than"),
        (lambda: tsipras.svm(tsipras.law(5, 0.7, 0.3)).adversarial(tsipras.law(5, 0.7, 0.3), -1.0), "eps=-1"),
        (lambda: tsipras.law(5, 0.7, None), "eta=None is not a number"),
        (lambda: tsipras.theorem1(tsipras.law(5, 0.7, 0.3), 1.2), "delta=1.2"),
        (lambda: tsipras.svm(tsipras.law(5, 0.7, 0.3), eps=-1), "eps=-1"),
    ],
)
def test_bad_input_is_refused(ask, part):
    with pytest.raises(checks.InputError, match=part):
        ask()
