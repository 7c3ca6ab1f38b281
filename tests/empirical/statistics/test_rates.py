"""Rates of clustered trials: an interval that knows that draws of one image are no new images."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaincinv
from scipy.stats import binom

from empirical.statistics.rates import Rate, mean_error, rate
from tradeoff.shared.results import Frequency, Interval

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


def without_their_factor(found, level=0.95):
    """The interval of Korn & Graubard with the effective size as it is estimated, however few the images."""
    size = min(max(found.value * (1 - found.value) / found.standard_error**2, 1.0), found.trials)
    hits, misses, tail = found.value * size, (1 - found.value) * size, (1 - level) / 2
    return Interval(float(betaincinv(hits, misses + 1, tail)), float(betaincinv(hits + 1, misses, 1 - tail)))


SLOW = pytest.mark.slow(twin="test_few_images_with_many_draws_cover_at_95_percent_and_without_the_factor_they_do_not")


@pytest.mark.parametrize("images", [8, pytest.param(12, marks=SLOW)])
def test_few_images_with_many_draws_cover_at_95_percent_and_without_the_factor_they_do_not(images):
    """20,000 samples of 8 and of 12 images by 20 draws, rates of images from Beta(4, 1), so .8 in the mean.

    A right interval misses more than 1,150 of them with probability 1e-6 (binomial, 5 %). Without the degrees of
    freedom that the images have, more are missed.
    """
    samples, rng = 20_000, np.random.default_rng(3)
    most = int(binom.isf(1e-6, samples, 0.05))
    rates = rng.beta(4, 1, size=(samples, images, 1))
    tables = torch.from_numpy(rng.random((samples, images, 20)) < rates)
    missed = plain = 0
    for table in tables:
        found = rate(table)
        missed += 0.8 not in found.interval(0.95)
        if found.hits < found.trials:
            plain += 0.8 not in without_their_factor(found)
    assert missed <= most < plain
