import math

import numpy as np
import pytest

from tests.statistics import FALSE_ALARM, assert_frequency
from tradeoff.codes.word import cyclic_word
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

LAW = CyclicGaussian(cyclic_word("++-+", 1), p=0.8, signal=3.0)
TRIALS = 50_000
STANDARD_ERRORS = 5.8  # two-sided normal tail 7e-9; times the numbers looked at below still under FALSE_ALARM


def test_x0_shows_the_label_with_probability_p(rng):
    x0, _, y = LAW.sample(TRIALS, rng)
    seen = Frequency(int((x0 == y).sum()), TRIALS)
    assert_frequency(seen, 0.8)
    with pytest.raises(AssertionError):
        assert_frequency(seen, 0.82)


def test_labels_are_balanced(rng):
    _, _, y = LAW.sample(TRIALS, rng)
    assert_frequency(Frequency(int((y > 0).sum()), TRIALS), 0.5)


def test_coordinates_are_independent_normal_around_the_signed_word(rng):
    """X_t | Y ~ N(s Y c_t / sqrt(d), 1): means, variances and products of all pairs."""
    _, x, y = LAW.sample(TRIALS, rng)
    noise = x - (LAW.signal * y)[:, None] * LAW.word.unit
    assert 2 * 20 * math.erfc(STANDARD_ERRORS / math.sqrt(2)) < FALSE_ALARM
    assert np.abs(noise.mean(axis=0)).max() < STANDARD_ERRORS / math.sqrt(TRIALS)
    products = noise.T @ noise / TRIALS - np.eye(4)
    assert np.abs(products).max() < STANDARD_ERRORS * math.sqrt(2 / TRIALS)
    with_wrong_word = x - (LAW.signal * y)[:, None] * -LAW.word.unit
    assert np.abs((y[:, None] * with_wrong_word).mean(axis=0)).max() > STANDARD_ERRORS / math.sqrt(TRIALS)


def test_eps_is_the_scaled_radius_over_the_root_of_the_length():
    assert LAW.eps(4.0) == 2.0


def test_log_odds_of_a_fair_x0_are_zero():
    assert CyclicGaussian(LAW.word, p=0.5).log_odds == 0


@pytest.mark.parametrize(("p", "signal", "part"), [(1.0, 2, "p=1.0"), (0.4, 2, "p=0.4"), (0.7, 0, "signal=0")])
def test_laws_out_of_range_are_refused(p, signal, part):
    with pytest.raises(checks.InputError, match=part):
        CyclicGaussian(LAW.word, p, signal)


@pytest.mark.parametrize("word", ["++-+", None, np.ones(4), ["+", "-"]])
def test_a_word_without_its_group_is_refused(word):
    with pytest.raises(checks.InputError, match=r"is no Word with a group that moves it; write cyclic_word"):
        CyclicGaussian(word, p=0.7)
