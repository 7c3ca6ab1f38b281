"""What the loss is computed on, seen by a model that writes down its inputs."""

from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

from empirical import models
from empirical.compute.draws import Draws
from empirical.training import loop as training
from empirical.training import phases
from empirical.training.config import TrainingConfig
from empirical.training.schemes import SCHEMES
from empirical.training.schemes.base import Batch, on
from empirical.transforms.resampling import random_rotation

PLAIN = TrainingConfig("digits", "x", 400, "std_cnn", "augmented", 60.0, 0.0, 0, 0.0, 10, 16, 0.002, 3)
ATTACKED = replace(PLAIN, objective="pgd", augment_deg=0.0, eps=0.1, attack_steps=4, eps_warmup=0.5)


class Spy(nn.Module):
    """A StdCNN that keeps what it was shown last in training mode."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = models.build("std_cnn", seed=0)
        self.seen: list[torch.Tensor] = []
        self.modes: list[bool] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.append(x.detach().clone())
        self.modes.append(self.training)
        return self.inner(x)


def batch(update: int = 0) -> Batch:
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(16, 1, 28, 28, generator=generator)
    return Batch(images, torch.randint(10, (16,), generator=generator), torch.arange(100, 116), update)


def shown(config: TrainingConfig, update: int = 0) -> Spy:
    spy = Spy()
    spy.train()
    warm = phases.at(config, update).warm(update)
    SCHEMES[config.objective](spy, replace(batch(update), warm=warm), config)
    return spy


def test_augmentation_turns_each_image_by_the_draw_of_its_update():
    for update in (0, 7):
        expected = random_rotation(batch().images, batch().indices, 60.0, Draws(3, "augment", update))
        assert torch.equal(shown(PLAIN, update).seen[-1], expected)
    assert not torch.equal(shown(PLAIN, 0).seen[-1], shown(PLAIN, 7).seen[-1])


def test_range_zero_is_plain_training():
    assert torch.equal(shown(replace(PLAIN, augment_deg=0.0)).seen[-1], batch().images)


@pytest.mark.parametrize(("update", "share"), [(0, 0.2), (1, 0.4), (4, 1.0), (9, 1.0)])
def test_the_attack_grows_to_its_eps_over_the_warm_up(update, share):
    """10 updates, half of them warm-up: eps is a fifth, two fifths, ... of its value, and pixels do reach it."""
    moved = (shown(ATTACKED, update).seen[-1] - batch().images).abs()
    assert moved.max() == pytest.approx(0.1 * share, abs=1e-6)


def test_training_sees_attacked_images_of_higher_loss():
    spy = shown(ATTACKED, 9)
    model = spy.inner.eval()
    there = 2 * batch().images - spy.seen[-1]  # the same way in the opposite direction
    lower, clean, attacked = (F.cross_entropy(model(x), batch().labels) for x in (there, batch().images, spy.seen[-1]))
    assert lower < clean < attacked


def test_the_attack_runs_in_eval_mode_and_the_loss_in_training_mode():
    spy = shown(ATTACKED, 9)
    assert spy.modes == [False] * 4 + [True]
    assert all(p.requires_grad for p in spy.parameters())


def test_the_loss_is_cross_entropy_of_the_true_labels():
    spy = Spy()
    loss = SCHEMES["augmented"](spy.eval(), batch(), replace(PLAIN, augment_deg=0.0)).loss
    assert torch.isclose(loss, F.cross_entropy(spy.inner(batch().images), batch().labels))
    assert loss.requires_grad


def test_the_rate_decays_linearly_and_dropout_is_on(digits, tmp_path, monkeypatch):
    """Adam's rate before each step, and the mode of the network at each loss."""
    rates, modes = [], []
    step = torch.optim.Adam.step

    def watched(self, *args, **kwargs):
        rates.append(self.param_groups[0]["lr"])
        return step(self, *args, **kwargs)

    def objective(model, batch, config):
        modes.append(model.training)
        return on(model, batch.images, batch.labels)

    monkeypatch.setattr(torch.optim.Adam, "step", watched)
    monkeypatch.setitem(SCHEMES, "augmented", objective)
    train = digits.split(400)[0]
    config = replace(PLAIN, data_checksum=train.checksum, updates=4)
    training.train(config, train, tmp_path, torch.device("cpu"))
    assert rates == pytest.approx([0.002 * (1 - k / 4) for k in range(4)])
    assert modes == [True] * 4
