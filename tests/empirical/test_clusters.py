"""Rates of clustered trials: an interval that knows that draws of one image are no new images."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from empirical.clusters import Rate, mean_error, rate
from tradeoff.results import Frequency

tables = st.integers(2, 12).flatmap(
    lambda images: st.integers(1, 6).flatmap(
        lambda draws: st.lists(
            st.lists(st.booleans(), min_size=draws, max_size=draws), min_size=images, max_size=images
        )
    )
)


@given(tables)
def test_the_interval_holds_the_rate(table):
    found = rate(torch.tensor(table))
    interval = found.interval()
    assert 0 <= interval.low <= found.value <= interval.high <= 1
    assert (found.hits, found.trials, found.images) == (int(np.sum(table)), np.size(table), len(table))


@given(st.lists(st.booleans(), min_size=2, max_size=30))
def test_one_trial_for_an_image_is_clopper_and_pearsons_interval(outcomes):
    found = rate(torch.tensor(outcomes))
    assert found.interval(0.9) == Frequency(sum(outcomes), len(outcomes)).interval(0.9)


@given(st.lists(st.booleans(), min_size=3, max_size=30), st.integers(2, 5))
def test_copies_of_the_same_draw_tell_nothing_new(outcomes, copies):
    one, many = (rate(torch.tensor(outcomes)[:, None].expand(-1, times)) for times in (1, copies))
    assert math.isclose(one.standard_error, many.standard_error, abs_tol=1e-12)
    narrow, wide = one.interval(), many.interval()
    # The effective number of trials is images minus one: the error is estimated with that divisor.
    assert wide.low <= narrow.low + 1e-9
    assert wide.high >= narrow.high - 1e-9


def test_the_standard_error_is_that_of_the_images_means():
    table = np.random.default_rng(0).random((40, 5)) < np.random.default_rng(1).random((40, 1))
    found = rate(torch.tensor(table))
    assert math.isclose(found.standard_error, table.mean(1).std(ddof=1) / math.sqrt(40), rel_tol=1e-12)
    assert mean_error(torch.tensor([3.0]))[1] == math.inf


def test_coverage_at_95_percent_and_that_of_independent_trials_refused():
    """400 samples of 60 images by 5 draws whose rates differ from image to image.

    A right interval misses at most 38 of 400 but for a chance of 1e-4 (binomial, 5 %); that of 300 independent trials
    misses far more.
    """
    rng = np.random.default_rng(7)
    missed = naive = 0
    for _ in range(400):
        rates = rng.beta(0.5, 0.5, size=(60, 1))
        found = rate(torch.tensor(rng.random((60, 5)) < rates))
        missed += 0.5 not in found.interval(0.95)
        naive += 0.5 not in found.frequency.interval(0.95)
    assert missed <= 38
    assert naive > 60


def test_a_level_outside_0_1_is_refused():
    with pytest.raises(ValueError, match="level=1"):
        Rate(1, 2, 2, 0.1).interval(1.0)
