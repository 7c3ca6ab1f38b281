"""The contract of attacks: every one in ATTACKS is found here, and planted broken ones are caught by the same laws."""

import dataclasses
import math

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.stats import binomtest
from torch import nn

from empirical.attacks import ATTACKS
from empirical.attacks.fgsm import FGSM
from empirical.attacks.losses import LOSSES, margin
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from tests.statistics import FALSE_ALARM
from tradeoff.shared import checks

DRAWS = Draws(0, "test")
N = 12
INDICES = torch.arange(N)
QUICK = {"steps": 5, "queries": 30, "grid": (3, 2), "k": 2, "targets": 3}
RANDOM = {"pgd", "apgd_ce", "apgd_dlr_t", "square", "rigid", "integrated"}
OURS = [name for name in ATTACKS if name != "autoattack"]
"""AutoAttack's draws go by the order of its calls: it is held to the ball only where it is installed."""


def make(name, **wanted):
    """An attack of the registry, quick, with those of the wanted settings that it has."""
    fields = {field.name for field in dataclasses.fields(ATTACKS[name])}
    return ATTACKS[name](**{key: value for key, value in (QUICK | wanted).items() if key in fields})


def has(name, *settings):
    return set(settings) <= {field.name for field in dataclasses.fields(ATTACKS[name])}


BALLS = [name for name in OURS if has(name, "eps")]
NORM = {"deepfool": "l2", "square": "linf"}
"""Attacks of one norm; the others have it as a setting."""
CASES = [(name, norm) for name in BALLS for norm in ("linf", "l2") if NORM.get(name, norm) == norm]


def batch(seed: int = 0, size: int = 14) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(N, 1, size, size, generator=generator), torch.randint(6, (N,), generator=generator)


def normalised() -> nn.Module:
    """BatchNorm and Dropout, random statistics: an attack in training mode would move and depend on them."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        parts = [nn.Conv2d(1, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.5), nn.Flatten()]
        found = nn.Sequential(*parts, nn.Linear(6 * 36, 6))
        nn.init.normal_(found[1].running_mean, std=0.1)
        nn.init.uniform_(found[1].running_var, 0.1, 0.3)
    return found


@pytest.fixture
def model() -> nn.Module:
    return normalised()


def length(moved, images, norm):
    return (moved - images).flatten(1).norm(dim=1, p=math.inf if norm == "linf" else 2)


# The laws. Each takes an attack, so that a broken one can be put before it.


def stays_inside(attack, model, images, labels, norm, radius, bounds):
    before = images.clone()
    moved = attack(model, images, labels, INDICES, draws=DRAWS)
    assert moved.shape == images.shape
    assert moved.dtype == images.dtype
    assert length(moved, images, norm).max() <= radius * (1 + 1e-6) + 1e-6
    if bounds:
        assert moved.min() >= bounds[0]
        assert moved.max() <= bounds[1]
    assert torch.equal(images, before)
    assert not moved.requires_grad


def repeats(attack, model, *, random):
    images, labels = batch()
    one, two = (attack(model, images, labels, INDICES, draws=DRAWS) for _ in range(2))
    assert torch.equal(one, two)
    other = attack(model, images, labels, INDICES, draws=Draws(1, "test"))
    assert torch.equal(one, other) != random


def is_alike_in_any_batch(attack, model):
    """In float64, so that rounding cannot turn a sign: what is left is a dependence on the company."""
    images, labels = batch()
    images, model = images.double(), model.double()
    together = attack(model, images, labels, INDICES, draws=DRAWS)
    order = torch.tensor([3, 1, 7, 4, 11])
    apart = attack(model, images[order], labels[order], INDICES[order], draws=DRAWS)
    assert (together[order] - apart).abs().max() < 1e-6


def leaves_the_model_alone(attack, model):
    model[0].weight.requires_grad_(False)
    model[3].eval()
    state = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    needed = [parameter.requires_grad for parameter in model.parameters()]
    generator = torch.get_rng_state()
    attack(model, *batch(), INDICES, draws=DRAWS)
    assert [module.training for module in model.modules()] == modes
    assert [parameter.requires_grad for parameter in model.parameters()] == needed
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), generator)


def linear():
    """Five classes on 6 x 6 images, label 0: only class 1 comes near, and none of the images below can be fooled.

    So the exact worst margin is -(2 <w, x> + 3) + 2 eps ||w||, in the dual norm; cross-entropy, margin and DLR all
    have their largest value there.
    """
    weight = torch.randn(36, generator=torch.Generator().manual_seed(0)) / 12
    found = nn.Sequential(nn.Flatten(), nn.Linear(36, 5))
    with torch.no_grad():
        found[1].weight.copy_(torch.stack([weight, -weight, *torch.zeros(3, 36)]))
        found[1].bias.copy_(torch.tensor([3.0, 0.0, -6.0, -6.0, -6.0]))
    return found, weight


def reaches_the_linear_optimum(attack, norm, eps=0.05):
    found, weight = linear()
    images, labels = 0.3 + 0.4 * batch(size=6)[0], torch.zeros(N, dtype=torch.int64)
    moved = attack(found, images, labels, INDICES, draws=DRAWS)
    dual = weight.abs().sum() if norm == "linf" else weight.norm()
    gain = margin(found(moved), labels) - margin(found(images), labels)
    assert (gain - 2 * eps * dual).abs().max() < 1e-4 * 2 * eps * dual


def is_as_strong_as(attack, baseline, model, images, labels, indices):
    """No weaker on paired images: refused where, of the images on which they differ, too many stand under the attack.

    A fair coin decides each such image between equals: exact binomial test at FALSE_ALARM.
    """
    with torch.no_grad():
        stands, stood = (
            model(one(model, images, labels, indices, draws=DRAWS)).argmax(1) == labels for one in (attack, baseline)
        )
    lost, won = int((stands & ~stood).sum()), int((~stands & stood).sum())
    if lost + won:
        p_value = binomtest(lost, lost + won, 0.5, alternative="greater").pvalue
        assert p_value > FALSE_ALARM, f"{lost} images are unfooled only under {attack}, {won} only under {baseline}"


# Every attack of the registry under the laws.


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
    some = data.take(torch.arange(100))
    attack = make(name, eps=EPS[norm], norm=norm, steps=30, queries=400)
    is_as_strong_as(attack, FGSM(EPS[norm], norm), model, some.images, some.labels, some.indices)


@pytest.mark.parametrize("name", [name for name in OURS if name not in BALLS])
def test_spatial_attacks_fool_more_than_one_random_motion(name, trained):
    model, data = trained
    some = data.take(torch.arange(100))
    once = ATTACKS["rigid"](grid=None, k=1, angle_deg=10, shift_px=1)
    attack = make(name, angle_deg=10, shift_px=1, steps=60, k=10, grid=(5, 3))
    is_as_strong_as(attack, once, model, some.images, some.labels, some.indices)
    with pytest.raises(AssertionError, match="stand only under"):
        is_as_strong_as(nothing, attack, model, some.images, some.labels, some.indices)


# Broken attacks, planted.


def nothing(model, images, labels, indices, *, draws):
    return images.clone()


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


# PGD in particular: published records rest on it.


def present_pgd(model, images, labels, indices, draws, eps, steps, step_size=None):
    """PGD as it was when the records in results/ were made, word by word."""
    step_size = 2.5 * eps / steps if step_size is None else step_size
    low, high = (images - eps).clamp(0, 1), (images + eps).clamp(0, 1)
    start = 2 * draws.uniform(indices, tuple(images.shape[1:])) - 1
    adversarial = torch.clamp(images + eps * start, low, high)
    with frozen(model), torch.enable_grad():
        for _ in range(steps):
            adversarial.requires_grad_()
            loss = F.cross_entropy(model(adversarial), labels, reduction="sum")
            (gradient,) = torch.autograd.grad(loss, adversarial)
            with torch.no_grad():
                adversarial = torch.clamp(adversarial + step_size * gradient.sign(), low, high)
    return adversarial.detach()


@pytest.mark.parametrize("settings", [(0.1, 40), (0.3, 7), (0.05, 10, 0.01), (0.0, 3)])
def test_pgd_is_bit_equal_to_what_made_the_records(settings, trained):
    model, data = trained
    images, labels, indices = data.images[:64], data.labels[:64], data.indices[:64]
    expected = present_pgd(model, images, labels, indices, DRAWS, *settings)
    assert torch.equal(PGD(*settings)(model, images, labels, indices, draws=DRAWS), expected)
    off = present_pgd(model, images, labels, indices, Draws(0, "test", 1), *settings)
    assert torch.equal(off, expected) == (settings[0] == 0)


def test_restarts_fool_what_single_runs_fool_together(trained):
    model, data = trained
    images, labels, indices = data.images[:100], data.labels[:100], data.indices[:100]

    def stands(attack, draws=DRAWS):
        with torch.no_grad():
            return model(attack(model, images, labels, indices, draws=draws)).argmax(1) == labels

    single = [stands(PGD(0.08, 5), Draws(0, "test", restart)) for restart in range(3)]
    together = stands(PGD(0.08, 5, restarts=3))
    assert torch.equal(together, single[0] & single[1] & single[2] & (model(images).argmax(1) == labels))
    assert together.sum() < max(one.sum() for one in single)


def test_margin_and_dlr_do_not_vanish_where_cross_entropy_does(trained):
    """Logits a thousand times as large saturate the softmax; an attack on the margin does not notice."""
    model, data = trained
    loud = nn.Sequential(model, Scale(1000.0))
    images, labels, indices = data.images[:50], data.labels[:50], data.indices[:50]

    def unfooled(network, loss):
        with torch.no_grad():
            moved = PGD(0.1, 10, loss=loss)(network, images, labels, indices, draws=DRAWS)
            return int((network(moved).argmax(1) == labels).sum())

    assert unfooled(loud, "margin") == unfooled(model, "margin")
    assert abs(unfooled(loud, "dlr") - unfooled(model, "dlr")) <= 1  # its denominator's guard is absolute
    assert unfooled(loud, "cross_entropy") > unfooled(model, "cross_entropy") + 10


class Scale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.factor * x


def test_the_label_is_the_callers(trained):
    """Attacked on another label than the answer, an image is fooled from the start and left alone by APGD."""
    model, data = trained
    images, indices = data.images[:20], data.indices[:20]
    wrong = (model(images).argmax(1) + 1) % 10
    assert torch.equal(ATTACKS["apgd_ce"](0.1)(model, images, wrong, indices, draws=DRAWS), images)
