"""How far a measurement is, as whoever watches is told."""

import pytest
import torch
from torch import nn

from empirical.data.images import ImageSet
from empirical.measurement.plan import PARTS, Plan
from empirical.measurement.quantities import cost
from empirical.measurement.run import IN_LINE, run, total_cost

EPS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
TIMED = {
    ("quick", "std_theta0"): (2.72, 4.79, 0.98, 4.83, 0.24, 1.44, 34.76),
    ("quick", "std_eps03"): (2.15, 3.09, 0.63, 4.50, 0.18, 2.34, 35.81),
    ("quick", "p4"): (6.52, 19.99, 4.08, 9.06, 0.91, 6.12, 129.04),
    ("adaptive", "std_theta0"): (123.96, 3.14, 0.63, 4.08, 0.23, 1.54, 2.37),
    ("adaptive", "std_eps03"): (125.07, 3.13, 0.75, 7.57, 0.29, 4.40, 5.63),
}
"""Seconds that each part took for 200 digits on one thread of a CPU, by schedule and network."""
MOST_OFF = 1.6
"""Factor between the end that is expected after a part, and the end."""


class Watcher:
    """Listens to a measurement."""

    def __init__(self):
        self.stages, self.done = [], 0.0

    def __call__(self, done):
        self.done += done

    def begin(self, stage):
        self.stages.append(stage)

    def note(self, text):
        raise AssertionError


def expected_ends(weights, seconds):
    """After each part the end that is expected by all work so far, as a share of the true one."""
    done, spent = 0.0, 0.0
    for weight, took in zip(weights, seconds, strict=True):
        done, spent = done + weight, spent + took
        yield (spent / sum(seconds)) / (done / sum(weights))


@pytest.mark.parametrize("timed", TIMED, ids="-".join)
def test_parts_weigh_what_they_take(timed):
    """The end that is expected is off by a factor of MOST_OFF at most; were all parts alike, it would be by more."""
    plan = Plan(eps=EPS, attack_schedule=timed[0])
    weights = [cost(part, 200, plan) for part in PARTS]
    assert all(1 / MOST_OFF < end < MOST_OFF for end in expected_ends(weights, TIMED[timed]))
    assert not all(1 / MOST_OFF < end < MOST_OFF for end in expected_ends([1.0] * len(PARTS), TIMED[timed]))


def test_every_part_is_told_when_it_begins():
    """The name is shortened, where it would fill the line."""
    draws = torch.Generator().manual_seed(0)
    images = ImageSet("made", "made", 2, torch.rand(4, 1, 6, 6, generator=draws), torch.arange(4) % 2, torch.arange(4))
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(36, 2)).eval()
    plan = Plan(eps=(0.05,), angles=(90,), shifts=(1,), draws=1, steps=2, audit=2, queries=2, attack_schedule="quick")
    watcher = Watcher()
    run(model, images, plan, name="n" * 100, progress=watcher)
    assert [stage.partition(", ")[2] for stage in watcher.stages] == ["preparation", *PARTS]
    assert {len(stage.partition(", ")[0]) for stage in watcher.stages} == {IN_LINE}
    assert watcher.done == pytest.approx(total_cost(4, plan))
