import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from empirical.statistics.verdicts import Comparison, compare


def paired(*differences: float, clean: tuple[float, float] = (0.97, 0.97)) -> Comparison:
    return Comparison("theta 0 -> 60", differences, *clean)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=8))
def test_the_interval_is_students(differences):
    spread = float(np.std(differences, ddof=1))
    if spread < 1e-9:
        return
    expected = stats.t.interval(0.95, len(differences) - 1, np.mean(differences), spread / math.sqrt(len(differences)))
    found = paired(*differences).interval
    assert (found.low, found.high) == (pytest.approx(expected[0], abs=1e-9), pytest.approx(expected[1], abs=1e-9))


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ((-0.10, -0.12, -0.09, -0.11, -0.10), "shown"),
        ((0.10, 0.12, 0.09, 0.11, 0.10), "reversed"),
        ((0.001, -0.002, 0.003, 0.0, -0.001), "equivalent"),
        ((-0.012, -0.011, -0.013, -0.012, -0.012), "equivalent"),  # a certain difference that is too small to matter
        ((-0.3, 0.3, 0.1, -0.2, 0.0), "undecided"),
        ((-0.1,), "undecided"),  # one seed has no interval
    ],
)
def test_the_verdict_follows_from_the_interval(differences, verdict):
    assert paired(*differences).verdict == verdict


def test_unequal_clean_accuracy_leaves_it_undecided():
    found = paired(-0.10, -0.12, -0.09, clean=(0.97, 0.91))
    assert found.verdict == "undecided"
    assert "because clean accuracy differs by 6.0 points (0.970 and 0.910)" in found.sentence()


def test_the_opposite_effect_gives_the_opposite_sentence():
    before, after, clean = [0.70, 0.72, 0.69], [0.50, 0.53, 0.48], [0.97, 0.97, 0.96]
    falls, rises = compare("x", before, after, clean, clean), compare("x", after, before, clean, clean)
    assert "SHOWN, it falls" in falls.sentence()
    assert "REVERSED, it rises" in rises.sentence()
    assert "-0.200" in falls.sentence()
    assert "+0.200" in rises.sentence()


def test_the_rate_given_correct_stands_beside():
    text = paired(-0.10, -0.12, -0.09).sentence(paired(-0.08, -0.09, -0.07))
    assert "Given correctly classified: -0.080" in text


def test_one_seed_says_that_it_has_no_interval():
    assert "one training seed, so no interval" in paired(-0.1).sentence()
