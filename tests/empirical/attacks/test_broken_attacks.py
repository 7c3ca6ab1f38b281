"""Planted broken attacks are caught by the same laws."""

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from empirical.attacks.fgsm import FGSM
from empirical.attacks.pgd import PGD
from tests.empirical.attacks.laws import (
    batch,
    is_alike_in_any_batch,
    is_as_strong_as,
    leaves_the_model_alone,
    normalised,
    nothing,
    reaches_the_linear_optimum,
    repeats,
    stays_inside,
)


@pytest.fixture
def model() -> nn.Module:
    return normalised()


def downhill(model, images, labels, indices, *, draws):
    return 2 * images - FGSM(0.05, bounds=None)(model, images, labels, indices, draws=draws)


def too_far(model, images, labels, indices, *, draws):
    return FGSM(0.051)(model, images, labels, indices, draws=draws)


def unclipped(model, images, labels, indices, *, draws):
    return FGSM(0.05, bounds=None)(model, images, labels, indices, draws=draws)


def global_draws(model, images, labels, indices, *, draws):
    return (images + 0.05 * (2 * torch.rand_like(images) - 1)).clamp(0, 1)


def by_position(model, images, labels, indices, *, draws):
    return PGD(0.05, 1, 0.0)(model, images, labels, torch.arange(len(images)), draws=draws)


def through_parameters(model, images, labels, indices, *, draws):
    model.eval()
    images = images.clone().requires_grad_()
    F.cross_entropy(model(images), labels).backward()
    return (images + 0.05 * images.grad.sign()).detach().clamp(0, 1)


def in_training_mode(model, images, labels, indices, *, draws):
    model(images)
    return images.clone()


def test_broken_attacks_are_caught(model, trained):
    images, labels = batch()
    network, data = trained
    some = data.take(torch.arange(100))
    paired = (network, some.images, some.labels, some.indices)
    caught = [
        lambda: reaches_the_linear_optimum(nothing, "linf"),
        lambda: reaches_the_linear_optimum(nothing, "l2"),
        lambda: reaches_the_linear_optimum(downhill, "linf"),
        lambda: reaches_the_linear_optimum(PGD(0.045, 60), "linf"),
        lambda: reaches_the_linear_optimum(FGSM(0.05, "l2"), "linf"),
        lambda: is_as_strong_as(nothing, FGSM(0.08), *paired),
        lambda: is_as_strong_as(FGSM(0.03), FGSM(0.08), *paired),
        lambda: stays_inside(too_far, model, images, labels, "linf", 0.05, (0, 1)),
        lambda: stays_inside(unclipped, model, images, labels, "linf", 0.05, (0, 1)),
        lambda: repeats(global_draws, model, random=True),
        lambda: repeats(FGSM(0.05), model, random=True),
        lambda: is_alike_in_any_batch(by_position, model),
        lambda: leaves_the_model_alone(through_parameters, model.float()),
        lambda: leaves_the_model_alone(in_training_mode, model.train()),
        lambda: leaves_the_model_alone(global_draws, model),
    ]
    for law in caught:
        with pytest.raises(AssertionError):
            law()
