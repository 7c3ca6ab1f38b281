"""The laws of attacks, each as a function of one, so that a broken attack can be put before it; and attacks to try."""

import dataclasses
import math

import torch
from scipy.stats import binomtest
from torch import nn

from empirical.attacks import ATTACKS
from empirical.attacks.losses import margin
from empirical.compute.draws import Draws
from tests.statistics import FALSE_ALARM

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


def nothing(model, images, labels, indices, *, draws):
    return images.clone()
