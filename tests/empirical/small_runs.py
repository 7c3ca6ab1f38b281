"""Small measurements to test output with: linear networks on 40 digits, measured in a second or two."""

from dataclasses import replace
from functools import cache

import torch
from torch import nn
from torch.nn import functional

from empirical.compute.draws import Draws
from empirical.data import limited, read
from empirical.data.images import ImageSet
from empirical.measurement.measured import Measured
from empirical.measurement.plan import Plan
from empirical.measurement.run import run
from empirical.transforms.resampling import random_rotation

PLAN = Plan(
    eps=(0.02, 0.05, 0.2),
    angles=(60.0, 180.0),
    shifts=(1, 2),
    draws=3,
    steps=6,
    search_steps=4,
    gradients="float32",
    audit=12,
    queries=15,
)
IMAGES = 40


@cache
def images() -> ImageSet:
    return limited(read("digits"), IMAGES)


def linear(seed: int, *, turned: float = 0.0, channels: int = 1) -> nn.Module:
    """Softmax regression on the digits that are not measured, with or without turns."""
    from empirical.data import DATASETS

    train, _ = DATASETS["digits"]().split(400)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Flatten(), nn.Linear(channels * 784, 10))
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for update in range(60):
        rows = Draws(seed, "order", update).permutation(len(train))[:64]
        given = random_rotation(train.images[rows], train.indices[rows], turned, Draws(seed, "turn", update))
        loss = functional.cross_entropy(model(given.expand(-1, channels, -1, -1)), train.labels[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


@cache
def measured(name: str = "plain", seed: int = 0) -> Measured:
    """``turned`` was trained with rotations; other names are upright."""
    model = linear(seed, turned=180.0 if name == "turned" else 0.0)
    return run(model, images(), PLAN, name=name, training_seed=seed, batch_size=40, keep_adversarial=True)


def without(found: Measured, *parts: str) -> Measured:
    """The same measurement as if the parts had been skipped."""
    plan = replace(found.plan, skip=(*found.plan.skip, *parts))
    samples = {name: values for name, values in found.samples.items() if name.split(".")[0] not in parts}
    return replace(found, plan=plan, samples=samples)


def changed(found: Measured, **samples: torch.Tensor) -> Measured:
    """With other arrays; __ stands for the dot."""
    return replace(found, samples=found.samples | {name.replace("__", "."): value for name, value in samples.items()})
