"""Losses and projections: against hand calculations and slow exact solutions."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from empirical.attacks.ball import Ball
from empirical.attacks.losses import LOSSES, cross_entropy, dlr, dlr_targeted, margin
from empirical.compute.draws import Draws
from tests.statistics import FALSE_ALARM
from tradeoff.shared import checks

LOGITS = torch.tensor([[5.0, 2.0, 4.0, 1.0, -3.0], [5.0, 2.0, 4.0, 1.0, -3.0]])
LABELS = torch.tensor([0, 3])


def images(seed: int, n: int = 3) -> torch.Tensor:
    return torch.rand(n, 2, 5, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_losses_by_hand():
    """Label 0: margin 4 - 5 = -1 over 5 - 2 = 3; label 3: margin 5 - 1 = 4 over the same. Targets: 2 and 0."""
    assert margin(LOGITS, LABELS).tolist() == [-1, 4]
    assert torch.allclose(dlr(LOGITS, LABELS), torch.tensor([-1 / 3, 4 / 3]))
    # (z_t - z_y) / (5 - (2 + 1) / 2)
    assert torch.allclose(dlr_targeted(LOGITS, LABELS, torch.tensor([2, 0])), torch.tensor([-1 / 3.5, 4 / 3.5]))
    total = math.log(sum(math.exp(z) for z in LOGITS[0].tolist()))
    assert torch.allclose(cross_entropy(LOGITS, LABELS), torch.tensor([total - 5, total - 1]))


@pytest.mark.parametrize("name", LOSSES)
@given(seed=st.integers(0, 50))
def test_losses_are_blind_to_a_shift_and_dlr_to_scale(name, seed):
    logits = torch.randn(4, 6, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    labels = torch.arange(4)
    assert torch.allclose(LOSSES[name](logits + 3, labels), LOSSES[name](logits, labels))
    assert torch.allclose(LOSSES[name](7 * logits, labels), LOSSES[name](logits, labels)) == (name == "dlr")


@given(seed=st.integers(0, 200), eps=st.floats(0.05, 4), std=st.sampled_from([None, 0.5, (0.3, 0.7)]))
def test_the_l2_projection_is_the_nearest_point_of_ball_and_box(seed, eps, std):
    """clamp(images + s (moved - images)) with the one s in [0, 1] that ends on the sphere, found by root finding."""
    centre, moved = images(seed), images(seed) + 2 * torch.randn(3, 2, 5, 5, generator=torch.manual_seed(seed))
    region = Ball(eps, "l2", std=std).around(centre)
    found = region.project(moved)
    scale = torch.tensor(std if isinstance(std, tuple) else [std or 1.0] * 2, dtype=torch.float64)[:, None, None]
    for one, start, target in zip(found, centre, moved, strict=True):

        def reach(s: float, start=start, target=target) -> torch.Tensor:
            return (start + s * (target - start)).clamp(0, 1)

        def over(s: float, start=start, reach=reach) -> float:
            return float(((reach(s) - start) / scale).norm()) - eps

        expected = reach(1.0 if over(1.0) <= 0 else brentq(over, 0, 1, xtol=1e-14))
        assert (one - expected).abs().max() < 1e-9


def test_clipping_after_the_ball_would_be_another_point():
    """What other libraries do loses budget where pixels stop at a border."""
    centre = torch.full((1, 1, 1, 2), 0.9)
    moved = centre + torch.tensor([[[[1.0, -0.5]]]])
    found = Ball(0.5, "l2").around(centre).project(moved)
    assert found.flatten().tolist() == pytest.approx([1.0, 0.9 - math.sqrt(0.25 - 0.01)])
    clipped = (centre + 0.5 * (moved - centre) / (moved - centre).norm()).clamp(0, 1)
    assert (clipped - centre).norm() < 0.3 < (found - centre).norm()


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("bounds", [(0, 1), None])
def test_projecting_twice_is_projecting_once(norm, bounds):
    region = Ball(0.3, norm, bounds).around(images(0))
    once = region.project(images(0) + torch.randn(3, 2, 5, 5, generator=torch.manual_seed(1)))
    assert (region.project(once) - once).abs().max() < 1e-12


def test_bounds_of_255_take_an_eps_of_8():
    centre = torch.tensor([3.0, 100.0, 250.0]).reshape(3, 1, 1, 1)
    found = Ball(8, bounds=(0, 255)).around(centre).project(centre + 100)
    assert found.flatten().tolist() == [11, 108, 255]


def test_standardised_radii_go_by_channel():
    """eps = 2 in units of std .1 and .3 is .2 and .6 of a pixel."""
    region = Ball(2, std=(0.1, 0.3), bounds=None).around(torch.zeros(1, 2, 1, 1))
    assert torch.allclose(region.project(torch.full((1, 2, 1, 1), 9.0)).flatten(), torch.tensor([0.2, 0.6]))
    with pytest.raises(checks.InputError, match="eps=2 is not allowed"):
        Ball(2)


def test_l2_starts_are_uniform_in_the_ball():
    """In d dimensions the share within a radius r eps is r^d: Kolmogorov-Smirnov on (length / eps)^d."""
    from scipy.stats import kstest

    centre = torch.full((4000, 1, 2, 2), 0.5)
    start = Ball(0.4, "l2").around(centre).start(torch.arange(4000), Draws(0, "start"))
    length = (start - centre).flatten(1).norm(dim=1) / 0.4
    assert kstest((length**4).numpy(), "uniform").pvalue > FALSE_ALARM
    assert kstest((length**3).numpy(), "uniform").pvalue < FALSE_ALARM
    first = (start - centre)[:, 0, 0, 0] / (start - centre).flatten(1).norm(dim=1)
    assert abs(float(first.mean())) < 5.5 * 0.5 / math.sqrt(4000)  # standard deviation 1/2; chance 4e-8
