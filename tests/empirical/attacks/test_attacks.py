"""The contract of attacks: every one in ATTACKS is found here."""

import pytest
import torch
from torch import nn

from empirical.attacks import ATTACKS
from empirical.attacks.fgsm import FGSM
from empirical.attacks.losses import LOSSES
from empirical.compute.forward import frozen
from tests.empirical.attacks.laws import (
    BALLS,
    CASES,
    DRAWS,
    INDICES,
    OURS,
    RANDOM,
    batch,
    is_alike_in_any_batch,
    is_as_strong_as,
    leaves_the_model_alone,
    make,
    normalised,
    nothing,
    reaches_the_linear_optimum,
    repeats,
    stays_inside,
)
from tradeoff.shared import checks


@pytest.fixture
def model() -> nn.Module:
    return normalised()


@pytest.mark.parametrize(("name", "norm"), CASES)
@pytest.mark.parametrize("eps", [0.0, 0.03, 0.5, "8/255"])
@pytest.mark.parametrize("bounds", [(0, 1), None])
def test_adversarial_images_stay_in_the_ball_and_in_range(name, norm, eps, bounds, model):
    images, labels = batch()
    images = images if bounds else 6 * images - 3
    attack = make(name, eps=eps, norm=norm, bounds=bounds)
    stays_inside(attack, model, images, labels, norm, checks.pixel_eps("eps", eps), bounds)


@pytest.mark.parametrize(("name", "norm"), CASES)
def test_without_bounds_nothing_is_clipped(name, norm, model):
    images, labels = batch()
    moved = make(name, eps=0.5, norm=norm, bounds=None)(model, images, labels, INDICES, draws=DRAWS)
    assert moved.min() < 0 or moved.max() > 1


@pytest.mark.parametrize(("name", "norm"), CASES)
def test_standardised_units_are_pixels_times_std(name, norm, model):
    """eps = 0.3 where std = 0.3081 is 0.0924 pixels, the l_inf budget of the paper's MNIST figures."""
    images, labels = batch()
    standardised = make(name, eps=0.3, norm=norm, std=0.3081)(model, images, labels, INDICES, draws=DRAWS)
    pixels = make(name, eps=0.3 * 0.3081, norm=norm)(model, images, labels, INDICES, draws=DRAWS)
    assert (standardised - pixels).abs().max() < 1e-5


@pytest.mark.parametrize("name", OURS)
def test_the_same_draws_give_the_same_images_and_others_do_not(name, model):
    with frozen(model), torch.no_grad():
        labels = model(batch()[0]).argmax(1)
    # Images that stand throughout, so that every random start is used.
    repeats(
        lambda m, x, y, i, *, draws: make(name, eps=0.01)(m, x, labels, i, draws=draws), model, random=name in RANDOM
    )


@pytest.mark.parametrize("name", OURS)
def test_an_image_is_attacked_alike_in_any_batch(name, model):
    is_alike_in_any_batch(make(name, eps=0.1), model)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("training", [True, False])
def test_mode_gradients_statistics_and_the_global_generator_stay_as_they_were(name, training, model):
    leaves_the_model_alone(make(name, eps=0.1), model.train(training))


class Centred(nn.Module):
    """A network behind x - 1/2, in place as in many a script, or not."""

    def __init__(self, network, in_place):
        super().__init__()
        self.network, self.in_place = network, in_place

    def forward(self, x):
        return self.network(x.sub_(0.5) if self.in_place else x - 0.5)


@pytest.mark.parametrize("name", OURS)
def test_a_model_that_works_on_its_input_in_place_is_attacked_as_one_that_does_not(name, model):
    images, labels = batch()
    given = images.clone()
    moved = make(name, eps=0.1)(Centred(model, True), given, labels, INDICES, draws=DRAWS)
    assert torch.equal(given, images)
    assert torch.equal(moved, make(name, eps=0.1)(Centred(model, False), images, labels, INDICES, draws=DRAWS))


@pytest.mark.parametrize("name", OURS)
def test_images_that_carry_gradients_are_attacked_as_others(name, model):
    images, labels = batch()
    plain = make(name, eps=0.1)(model, images, labels, INDICES, draws=DRAWS)
    carrying = images.clone().requires_grad_()
    moved = make(name, eps=0.1)(model, carrying, labels, INDICES, draws=DRAWS)
    assert torch.equal(moved, plain)
    assert not moved.requires_grad
    assert carrying.grad is None


ENOUGH = {"steps": 60, "step_size": 0.05, "queries": 2000}
"""Square: 1,600 queries of one pixel of 36 miss a pixel's better sign with a chance of 7e-9."""


@pytest.mark.parametrize(("name", "norm"), CASES)
def test_the_optimum_on_a_linear_model_is_reached(name, norm):
    reaches_the_linear_optimum(make(name, eps=0.05, norm=norm, **ENOUGH), norm)


@pytest.mark.parametrize("norm", ["linf", "l2"])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", ["pgd", "fgsm", "apgd_ce"])
def test_the_optimum_is_reached_with_every_loss(name, loss, norm):
    reaches_the_linear_optimum(make(name, eps=0.05, norm=norm, loss=loss, **ENOUGH), norm)


EPS = {"linf": 0.08, "l2": 1.2}


@pytest.mark.parametrize(("name", "norm"), [case for case in CASES if case[0] != "fgsm"])
def test_no_attack_is_weaker_than_one_step(name, norm, trained):
    model, data = trained
    some = data.take(torch.arange(60))
    attack = make(name, eps=EPS[norm], norm=norm, steps=30, queries=400)
    is_as_strong_as(attack, FGSM(EPS[norm], norm), model, some.images, some.labels, some.indices)


@pytest.mark.parametrize("name", [name for name in OURS if name not in BALLS])
def test_spatial_attacks_fool_more_than_one_random_motion(name, trained):
    model, data = trained
    some = data.take(torch.arange(100))
    once = ATTACKS["rigid"](grid=None, k=1, angle_deg=10, shift_px=1)
    attack = make(name, angle_deg=10, shift_px=1, steps=60, k=10, grid=(5, 3))
    is_as_strong_as(attack, once, model, some.images, some.labels, some.indices)
    with pytest.raises(AssertionError, match="unfooled only under"):
        is_as_strong_as(nothing, attack, model, some.images, some.labels, some.indices)
