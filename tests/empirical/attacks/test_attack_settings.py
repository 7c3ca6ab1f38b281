"""What attacks refuse, the names they go by, and AutoAttack, which is there or is not."""

import sys
import types

import pytest
import torch
from torch import nn

from empirical.attacks import ATTACKS, auto
from empirical.attacks.ball import Ball
from empirical.attacks.pgd import PGD
from empirical.compute.forward import frozen
from tests.empirical.attacks.laws import BALLS, DRAWS, INDICES, N, batch, make, normalised
from tradeoff.shared import checks


@pytest.fixture
def model() -> nn.Module:
    return normalised()


@pytest.mark.parametrize("name", [name for name in BALLS if name != "deepfool"])
@pytest.mark.parametrize("eps", [-0.1, 1.5, "8/0", "a/255", "nan", True])
def test_bad_radii_are_refused(name, eps):
    with pytest.raises(checks.InputError, match="eps="):
        ATTACKS[name](eps)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: PGD(0.1, 0), "steps=0 must be at least 1"),
        (lambda: PGD(0.1, restarts=0), "restarts=0 must be at least 1"),
        (lambda: PGD(0.1, restarts=2, random_start=False), "would repeat one run; use restarts=1"),
        (lambda: PGD(0.1, step_size=-1), "step_size=-1 is not allowed"),
        (lambda: PGD(0.1, loss="hinge"), "loss='hinge' is unknown; use one of cross_entropy, margin, dlr"),
        (lambda: PGD(0.1, norm="l1"), "norm='l1' is unknown; use one of linf, l2"),
        (lambda: PGD(0.1, bounds=(1, 0)), r"bounds=\(1, 0\) must be \(least, largest\)"),
        (lambda: PGD(0.1, std=0), "std=0 is not allowed: it is the standard deviation"),
        (lambda: Ball(-1, "l2"), "eps=-1 is not allowed: it is a size"),
        (lambda: ATTACKS["square"](0.1, share=0), "share=0 is not allowed"),
        (lambda: ATTACKS["deepfool"](candidates=1), "candidates=1 must be at least 2"),
        (lambda: ATTACKS["rigid"](grid=None, k=0), "leaves no transform"),
        (lambda: ATTACKS["rigid"](angle_deg=-1), "angle_deg=-1 is not allowed"),
        (lambda: ATTACKS["flow"](rate_px=0), "rate_px=0 is not allowed: it is Adam's step"),
        (lambda: ATTACKS["integrated"](k=0), "k=0 must be at least 1"),
    ],
)
def test_bad_settings_are_refused(wrong, message):
    with pytest.raises(checks.InputError, match=message):
        wrong()


def test_a_std_for_each_channel_needs_as_many_numbers(model):
    with pytest.raises(checks.InputError, match=r"has 3 numbers for images of 1 channels; give each one"):
        PGD(0.1, std=[0.2, 0.2, 0.2])(model, *batch(), INDICES, draws=DRAWS)


def test_images_outside_the_bounds_are_refused(model):
    images, labels = batch()
    with pytest.raises(
        checks.InputError, match=r"do not hold the images, which run from .*; scale them, or pass bounds"
    ):
        PGD(0.1)(model, 2 * images, labels, INDICES, draws=DRAWS)


@pytest.mark.parametrize(("name", "least"), [("pgd", 3), ("apgd_dlr_t", 4)])
def test_dlr_needs_enough_classes(name, least):
    two = nn.Sequential(nn.Flatten(), nn.Linear(196, least - 1))
    nn.init.zeros_(two[1].weight)  # one answer for all images, whatever the bias
    with pytest.raises(
        checks.InputError, match=rf"needs logits of at least {least} classes, the model has {least - 1}"
    ):
        make(name, eps=0.1, loss="dlr")(two, batch()[0], torch.zeros(N, dtype=torch.int64), INDICES, draws=DRAWS)


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


@pytest.mark.skipif(auto.installed(), reason="the package autoattack is installed")
def test_without_its_package_autoattack_says_what_to_do(model):
    assert "autoattack" not in ATTACKS
    with pytest.raises(checks.InputError, match=r"'autoattack' is not installed; pip install .* or use apgd_ce"):
        auto.AutoAttack(0.1)(model, *batch(), INDICES, draws=DRAWS)


def test_autoattack_is_asked_in_its_own_words(model, monkeypatch):
    """A stand-in for the package records what it is asked, with the model in eval mode."""
    asked = {}

    class Verifier:
        def __init__(self, model, **settings):
            asked.update(settings, training=model.training)
            torch.manual_seed(0)

        def run_standard_evaluation(self, images, labels, bs):
            asked["bs"] = bs
            return images + 0.1

    package = types.ModuleType("autoattack")
    package.AutoAttack = Verifier
    monkeypatch.setattr(auto, "installed", lambda: True)
    monkeypatch.setitem(sys.modules, "autoattack", package)
    images, labels = batch()
    generator = torch.get_rng_state()
    moved = auto.AutoAttack("8/255", "l2")(model.train(), images, labels, INDICES, draws=DRAWS)
    assert torch.equal(torch.get_rng_state(), generator)
    assert torch.equal(moved, images + 0.1)
    assert (asked["norm"], asked["eps"], asked["version"], asked["bs"]) == ("L2", 8 / 255, "standard", N)
    assert not asked["training"]
    assert model.training


def test_the_registry_names_are_the_documented_ones():
    ours = ["fgsm", "pgd", "apgd_ce", "apgd_dlr_t", "square", "deepfool", "flow", "rigid", "integrated"]
    assert list(ATTACKS) == ours + ["autoattack"] * auto.installed()
