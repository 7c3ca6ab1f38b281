"""Contract tests: every attack in ATTACKS is found here."""

import pytest
import torch
from torch import nn

from empirical import models
from empirical.attacks import ATTACKS
from empirical.attacks.base import frozen
from empirical.attacks.pgd import PGD
from empirical.draws import Draws
from tradeoff import checks

DRAWS = Draws(0, "test")
INDICES = torch.arange(12)


def batch(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(12, 1, 28, 28, generator=generator), torch.randint(10, (12,), generator=generator)


@pytest.fixture
def model() -> nn.Module:
    return models.build("std_cnn", seed=0)


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("eps", [0.0, 0.03, 0.5, "8/255"])
def test_adversarial_images_stay_in_the_ball_and_in_range(name, eps, model):
    images, labels = batch()
    before = images.clone()
    moved = ATTACKS[name](eps, 5)(model, images, labels, INDICES, draws=DRAWS)
    assert (moved - images).abs().max() <= checks.pixel_eps("eps", eps) + 1e-6
    assert moved.min() >= 0
    assert moved.max() <= 1
    assert torch.equal(images, before)
    assert not moved.requires_grad


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_draws_give_the_same_images_and_others_do_not(name, model):
    images, labels = batch()
    attack = ATTACKS[name](0.1, 3)
    one, two = (attack(model, images, labels, INDICES, draws=DRAWS) for _ in range(2))
    assert torch.equal(one, two)
    assert not torch.equal(one, attack(model, images, labels, INDICES, draws=Draws(1, "test")))


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("training", [True, False])
def test_mode_gradients_and_requirements_stay_as_they_were(name, training, model):
    model.train(training)
    next(model.parameters()).requires_grad_(False)
    needed = [p.requires_grad for p in model.parameters()]
    images, labels = batch()
    ATTACKS[name](0.1, 2)(model, images, labels, INDICES, draws=DRAWS)
    assert model.training == training
    assert [p.requires_grad for p in model.parameters()] == needed
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize("name", ATTACKS)
def test_the_optimum_on_a_linear_model_is_reached(name):
    """Two classes, logits (w, -w) x: away from the borders the worst image is x - eps sign(w) for class 0."""
    weights = torch.randn(784, generator=torch.Generator().manual_seed(0)) / 50
    linear = nn.Sequential(nn.Flatten(), nn.Linear(784, 2, bias=False))
    with torch.no_grad():
        linear[1].weight.copy_(torch.stack([weights, -weights]))
    images, labels = 0.3 + 0.4 * batch()[0], torch.tensor([0, 1] * 6)
    moved = ATTACKS[name](0.1, 40)(linear, images, labels, INDICES, draws=DRAWS)
    direction = (1 - 2 * labels)[:, None, None, None] * weights.sign().reshape(1, 1, 28, 28)
    assert (moved - (images - 0.1 * direction)).abs().max() < 1e-6


@pytest.mark.parametrize("name", ATTACKS)
def test_an_image_is_attacked_alike_in_any_batch(name, model):
    """Starts are bit-equal; the rest agrees but for the few pixels whose gradient rounds to another sign."""
    images, labels = batch()
    attack = ATTACKS[name](0.1, 1)
    together = attack(model, images, labels, INDICES, draws=DRAWS)
    parts = [attack(model, images[r], labels[r], INDICES[r], draws=DRAWS) for r in INDICES.split(5)]
    assert (together - torch.cat(parts)).abs().gt(1e-6).float().mean() < 1e-3


@pytest.mark.parametrize("eps", [-0.1, 1.5, "8/0", "a/255", "nan"])
def test_bad_radii_are_refused(eps):
    with pytest.raises(checks.InputError, match="eps="):
        PGD(eps)


def test_no_steps_are_refused():
    with pytest.raises(checks.InputError, match="steps=0 must be at least 1"):
        PGD(0.1, 0)


def test_frozen_restores_everything_after_an_error(model):
    model.train()

    def fails() -> None:
        with frozen(model):
            assert not model.training
            assert not any(p.requires_grad for p in model.parameters())
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fails()
    assert model.training
    assert all(p.requires_grad for p in model.parameters())
