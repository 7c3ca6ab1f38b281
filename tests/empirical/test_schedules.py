"""Whole profiles: who stands at which eps, what it costs, and that every success is one."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from empirical.attacks.pgd import PGD
from empirical.draws import Draws
from empirical.profiles import predict
from empirical.schedules import SCHEDULES, warm
from empirical.schedules.base import Effort
from tradeoff.checks import InputError

GRID = torch.tensor([0.0, 0.02, 0.05, 0.08, 0.12, 0.2])
DRAWS = Draws(0, "profile")


def attacked(schedule, model, data, effort=None, *, grid=GRID, batch_size=128, labels=None):
    labels = predict(model, data.images) if labels is None else labels
    effort = effort or Effort()
    return SCHEDULES[schedule](
        model, data.images, labels, data.indices, grid, draws=DRAWS, effort=effort, batch_size=batch_size
    )


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(96))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_every_success_holds_in_float32_and_the_profile_falls(some, precision):
    model, data = some
    labels = predict(model, data.images)
    found = attacked("warm", model, data, Effort(precision=precision))
    known = found.nearest.isfinite()
    assert 60 < int(known.sum()) <= len(data)
    sizes = (found.images - data.images).flatten(1).abs().amax(1)
    assert torch.equal(sizes[known], found.nearest[known])
    assert bool((predict(model, found.images[known]) != labels[known]).all())
    assert torch.equal(found.images[~known], data.images[~known])
    assert found.images.min() >= 0
    assert found.images.max() <= 1
    assert bool((found.standing[:, :-1] >= found.standing[:, 1:]).all())
    assert bool(found.standing[:, 0].all())


def test_stronger_than_the_plain_attack_at_every_eps_for_a_fifth_of_its_gradients(some):
    model, data = some
    grid = torch.tensor([0.02 * k for k in range(1, 12)])
    quick, plain = (attacked(name, model, data, grid=grid) for name in ("warm", "literal"))
    assert bool((quick.standing.sum(0) <= plain.standing.sum(0)).all())
    assert plain.evaluations == 40 * 11 * len(data)
    assert quick.evaluations <= 0.2 * plain.evaluations
    # The same comparison refuses an attack that hardly tries.
    lazy = attacked("warm", model, data, Effort(steps=1, search_steps=0), grid=grid)
    assert bool((lazy.standing.sum(0) > plain.standing.sum(0)).any())


class Linear(nn.Module):
    """Two classes by the sign of <w, x> - b: fooled from eps = |<w, x> - b| / |w|_1 on, where nothing is clipped."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), bias

    def forward(self, images):
        score = images.flatten(1) @ self.weight - self.bias
        return torch.stack([torch.zeros_like(score), score], 1)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_a_linear_network_is_fooled_exactly_where_it_can_be(seed):
    draws, indices = Draws(seed, "test"), torch.arange(24)
    weight = draws.part("weight").normal(torch.tensor([0]), (36,))[0]
    images = 0.45 + 0.1 * draws.uniform(indices, (1, 6, 6))
    model = Linear(weight, 0.5 * float(weight.sum()))
    exact = (images.flatten(1) @ weight - model.bias).abs() / weight.abs().sum()
    grid = torch.tensor([0.005, 0.01, 0.02, 0.04, 0.2])
    labels = predict(model, images)
    found = SCHEDULES["warm"](model, images, labels, indices, grid, draws=DRAWS, effort=Effort(steps=10))
    clear = (exact[:, None] - grid).abs() > 1e-4
    assert torch.equal(found.standing[clear], (exact[:, None] > grid)[clear])
    assert bool((found.nearest >= exact - 1e-5).all())


def test_a_search_alone_finds_what_is_near_and_a_full_attack_alone_falls_to_it_as_well(some):
    model, data = some
    both = attacked("warm", model, data)
    without = attacked("warm", model, data, Effort(search_steps=0))
    assert not torch.equal(without.nearest, both.nearest)
    assert int((both.standing != without.standing).sum()) <= 0.03 * both.standing.numel()


def test_more_restarts_only_lower_the_profile(some):
    model, data = some
    once, thrice = attacked("warm", model, data), attacked("warm", model, data, Effort(restarts=3))
    assert bool((thrice.standing <= once.standing).all())
    assert thrice.evaluations > once.evaluations


def test_the_same_bits_again_and_the_same_answers_in_other_batches(some):
    model, data = some
    one, again, split = (attacked("warm", model, data, batch_size=size) for size in (64, 64, 17))
    assert torch.equal(one.nearest, again.nearest)
    assert torch.equal(one.images, again.images)
    assert int((one.standing != split.standing).sum()) <= 1  # float rounding may decide an image at the edge


def test_an_image_answered_otherwise_from_the_start_stands_nowhere(some):
    model, data = some
    labels = (predict(model, data.images) + 1) % 10
    found = attacked("warm", model, data, labels=labels)
    assert not bool(found.standing.any())
    assert bool((found.nearest == 0).all())
    assert found.evaluations == 0


def test_no_gradient_is_spent_where_eps_is_zero_alone(some):
    model, data = some
    for name in SCHEDULES:
        found = attacked(name, model, data, grid=torch.zeros(1))
        assert bool(found.standing.all())
        assert found.evaluations == 0


def test_the_literal_schedule_is_fixed_step_pgd_at_every_eps_by_itself(some):
    model, data = some
    labels = predict(model, data.images)
    found = attacked("literal", model, data, Effort(steps=7, step_size=0.01))
    for column, eps in enumerate(GRID.tolist()[1:], start=1):
        moved = PGD(eps, 7, step_size=0.01)(model, data.images, labels, data.indices, draws=DRAWS.part(f"eps {eps}"))
        assert torch.equal(found.standing[:, column], predict(model, moved) == labels)
    assert found.evaluations == 7 * 5 * len(data)


def test_steps_of_the_warm_schedule_cool_and_cross_the_ball():
    for steps in (2, 5, 10, 40, 100):
        shares = [warm.step_share(step, steps) for step in range(steps)]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) >= 2
    assert math.isclose(sum(warm.step_share(step, 40) for step in range(40)), 6.755, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("schedule", "effort", "argument"),
    [
        ("warm", Effort(step_size=0.01), "step_size=0.01"),
        ("literal", Effort(restarts=2), "restarts=2"),
        ("literal", Effort(precision="bfloat16"), "gradients='bfloat16'"),
    ],
)
def test_a_setting_that_would_be_ignored_is_refused(some, schedule, effort, argument):
    with pytest.raises(InputError, match=argument):
        attacked(schedule, *some, effort)


@pytest.mark.parametrize("name", ["steps", "restarts"])
def test_an_attack_of_nothing_is_refused(name):
    with pytest.raises(InputError, match=f"{name}=0"):
        Effort(**{name: 0})
