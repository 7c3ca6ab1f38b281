import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from empirical.compute.draws import Draws, _log, normal_quantile, signed, splitmix64
from empirical.compute.tensor_checks import WHOLE
from empirical.transforms.moves import moved
from empirical.transforms.resampling import random_angles
from tests.statistics import FALSE_ALARM
from tradeoff.shared import checks


def reference(seed: int, count: int) -> list[int]:
    """SplitMix64 with Python's integers, state by state, as its authors print it."""
    mask, state, out = (1 << 64) - 1, seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & mask
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        out.append(z ^ (z >> 31))
    return out


def test_the_published_sequence_of_seed_1234567():
    """The five numbers that implementations in many languages agree on."""
    expected = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert reference(1234567, 5) == expected
    assert splitmix64(1234567, torch.arange(5)).tolist() == [signed(value) for value in expected]


@given(st.integers(0, 2**64 - 1))
def test_a_counter_stands_for_the_state(key):
    assert splitmix64(key, torch.arange(20)).tolist() == [signed(value) for value in reference(key, 20)]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20), st.integers(0, 5), st.integers(0, 3))
def test_an_image_meets_the_same_draws_in_any_batch(indices, seed, restart):
    draws = Draws(seed, "test", restart)
    together = draws.uniform(torch.tensor(indices), (3, 4))
    alone = torch.cat([draws.uniform(torch.tensor([index]), (3, 4)) for index in indices])
    assert torch.equal(together, alone)


def test_draws_are_uniform():
    """Counts in 64 cells of a million draws: chi-square with 63 degrees of freedom, one-sided."""
    from scipy.stats import chi2

    u = Draws(0, "uniform").uniform(torch.arange(1000), (1000,)).flatten()
    assert u.min() >= 0
    assert u.max() < 1
    counts = torch.bincount((u * 64).long(), minlength=64).double()
    expected = u.numel() / 64
    statistic = float(((counts - expected) ** 2 / expected).sum())
    assert chi2.sf(statistic, 63) > FALSE_ALARM
    skewed = torch.bincount((u**1.01 * 64).long(), minlength=64).double()
    assert chi2.sf(float(((skewed - expected) ** 2 / expected).sum()), 63) < FALSE_ALARM


def test_seeds_purposes_restarts_and_neighbours_are_uncorrelated():
    """Correlations of 200,000 pairs; 5.5 standard errors have a chance of 4e-8 each."""
    base = Draws(0, "a").uniform(torch.arange(200), (1000,)).flatten()
    others = [
        Draws(1, "a").uniform(torch.arange(200), (1000,)).flatten(),
        Draws(0, "b").uniform(torch.arange(200), (1000,)).flatten(),
        Draws(0, "a", 1).uniform(torch.arange(200), (1000,)).flatten(),
        Draws(0, "a").uniform(torch.arange(1, 201), (1000,)).flatten(),
        base.roll(1),
    ]
    for other in others:
        correlation = float(torch.corrcoef(torch.stack([base, other]))[0, 1])
        assert abs(correlation) < 5.5 / math.sqrt(base.numel())


@given(st.integers(1, 500), st.integers(0, 9))
def test_a_permutation_holds_every_number_once(count, seed):
    assert sorted(Draws(seed, "order").permutation(count).tolist()) == list(range(count))


def test_the_quantile_function_agrees_with_scipy():
    """Relative error below 1.15e-9, as its author states; beyond float32's own by far."""
    p = torch.cat(
        [torch.rand(20_000, generator=torch.manual_seed(0), dtype=torch.float64), 10.0 ** -torch.arange(1, 16)]
    )
    found, expected = normal_quantile(p), torch.from_numpy(ndtri(p.numpy()))
    assert ((found - expected).abs() <= 1.2e-9 * expected.abs() + 1e-15).all()
    assert (_log(p) - p.log()).abs().max() < 1e-14


def test_normal_draws_are_normal_and_keyed():
    from scipy.stats import kstest

    draws = Draws(0, "normal")
    z = draws.normal(torch.arange(200), (500,))
    assert kstest(z.flatten().numpy(), "norm").pvalue > FALSE_ALARM
    assert kstest(1.03 * z.flatten().numpy(), "norm").pvalue < FALSE_ALARM
    assert torch.equal(draws.normal(torch.tensor([17]), (500,))[0], z[17])


def test_whole_numbers_are_uniform_and_keyed():
    """Chi-square over 7 values, one-sided."""
    from scipy.stats import chi2

    draws = Draws(0, "integers")
    found = draws.integers(torch.arange(500), (70,), 7)
    counts = torch.bincount(found.flatten(), minlength=7).double()
    assert len(counts) == 7
    assert chi2.sf(float(((counts - 5000) ** 2 / 5000).sum()), 6) > FALSE_ALARM
    assert chi2.sf(float(((counts.roll(1) * torch.tensor([1.15] + [1] * 6) - 5000) ** 2 / 5000).sum()), 6) < FALSE_ALARM
    assert torch.equal(draws.integers(torch.tensor([17]), (70,), 7)[0], found[17])
    assert draws.integers(torch.arange(5), (3,), 1).max() == 0


def test_restarts_and_parts_are_streams_of_their_own():
    draws = Draws(0, "a", 1)
    assert draws.again(2) == Draws(0, "a", 3)
    assert draws.again(0) == draws
    assert draws.part("b") == Draws(0, "a/b", 1)


@pytest.mark.parametrize("dtype", WHOLE)
def test_indices_of_any_whole_type_key_the_same_draws(dtype):
    draws, plain = Draws(0, "types"), torch.arange(5)
    given = plain.to(dtype)
    assert torch.equal(draws.uniform(given, (3,)), draws.uniform(plain, (3,)))
    assert torch.equal(draws.normal(given, (3,)), draws.normal(plain, (3,)))
    assert torch.equal(draws.integers(given, (3,), 7), draws.integers(plain, (3,), 7))
    assert len(draws.uniform(given, ()).unique()) == 5
    assert torch.equal(random_angles(given, 30.0, draws), random_angles(plain, 30.0, draws))
    images = torch.rand(5, 1, 6, 6)
    assert torch.equal(*(moved(images, these, 30.0, 2, seed=0, draw=0) for these in (given, plain)))


@pytest.mark.parametrize(
    "indices",
    [
        *(torch.arange(5).to(dtype) for dtype in (torch.float32, torch.float64, torch.bool)),
        torch.zeros(2, 2).long(),
        [0],
    ],
)
def test_indices_that_are_no_whole_numbers_are_refused(indices):
    with pytest.raises(checks.InputError, match=r"indices are .*; they key the draws .*: use torch.arange\(n\)"):
        Draws(0, "types").uniform(indices, (3,))
