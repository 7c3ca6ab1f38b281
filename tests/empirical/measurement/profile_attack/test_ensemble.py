"""The attacks of AutoAttack on every claim: no success is lost, and those that gradients hide are found."""

import pytest
import torch
from torch import nn

from empirical.attacks.apgd import APGD, TargetedAPGD
from empirical.attacks.square import Square
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.measurement.profile_attack import SCHEDULES
from empirical.measurement.profile_attack.base import SLACK, Effort

GRID = torch.tensor([0.0, 0.04, 0.08, 0.16])
DRAWS = Draws(0, "profile")
EFFORT = Effort(steps=8, search_steps=6, queries=60)


def attacked(schedule, model, data, *, grid=GRID, effort=EFFORT):
    labels = predict(model, data.images)
    given = model, data.images, labels, data.indices, grid
    return SCHEDULES[schedule](*given, draws=DRAWS, effort=effort, batch_size=64)


class Quantised(nn.Module):
    """A network on pixels in eight steps, whose gradient says the opposite of what they do."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.eval()

    def forward(self, images):
        steps = (8 * images).round() / 8
        return self.network(2 * steps.detach() - images)


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(40))


@pytest.fixture(scope="module")
def misled(some):
    model, data = some
    model = Quantised(model)
    return model, data, {name: attacked(name, model, data) for name in ("quick", "adaptive")}


def test_the_quick_profile_is_only_lowered(some):
    quick, adaptive = (attacked(name, *some) for name in ("quick", "adaptive"))
    assert bool((adaptive.unfooled <= quick.unfooled).all())
    assert bool((adaptive.nearest <= quick.nearest).all())
    assert torch.equal(adaptive.lowered.quick, quick.unfooled)
    lowered = adaptive.lowered.by_loss | adaptive.lowered.by_search
    assert torch.equal(lowered, (adaptive.unfooled != quick.unfooled).any(dim=1))
    assert (quick.lowered, quick.queries) == (None, 0)


def test_what_gradients_hide_is_found_and_said(misled):
    model, data, found = misled
    quick, adaptive = found["quick"], found["adaptive"]
    assert int(quick.unfooled[:, -1].sum()) >= 38  # they all lead away
    assert int(adaptive.unfooled[:, -1].sum()) < 30
    assert int((adaptive.lowered.by_loss | adaptive.lowered.by_search).sum()) > 10
    known = adaptive.nearest.isfinite()
    sizes = (adaptive.images - data.images).flatten(1).abs().amax(1)
    assert torch.equal(sizes[known], adaptive.nearest[known])
    assert bool((predict(model, adaptive.images[known]) != predict(model, data.images)[known]).all())


def test_at_one_eps_the_union_of_the_three_attacks_by_themselves_is_not_stronger(misled):
    """Two images of 40 at most, whose random searches differ; without the ensemble 15 and more are missed."""
    model, data, found = misled
    labels, eps = predict(model, data.images), float(GRID[-1])
    union = torch.ones_like(labels, dtype=torch.bool)
    for attack in (APGD(eps, 20), TargetedAPGD(eps, 20), Square(eps, EFFORT.queries)):
        moved = attack(model, data.images, labels, data.indices, draws=Draws(1, "union"))
        union &= predict(model, moved) == labels
    assert int((found["adaptive"].unfooled[:, -1] & ~union).sum()) <= 2
    assert int((found["quick"].unfooled[:, -1] & ~union).sum()) >= 15


def test_claims_fall_as_far_as_they_must():
    """Two classes by a mean whose gradient points the wrong way: the search sees it, at every eps of the grid."""

    class Reversed(nn.Module):
        def forward(self, images):
            mean = images.mean((1, 2, 3)) - 0.5
            height = 2 * mean.detach() - mean
            return torch.stack([torch.zeros_like(height), height], 1)

    margins, indices = torch.linspace(0.01, 0.12, 40), torch.arange(40)
    images = (0.5 + margins[:, None, None, None]).expand(-1, 1, 3, 3).clone()
    grid = torch.tensor([0.0, 0.03, 0.06, 0.09])
    labels, effort = torch.ones(40, dtype=torch.int64), Effort(steps=4, queries=400)
    found = SCHEDULES["adaptive"](Reversed().eval(), images, labels, indices, grid, draws=DRAWS, effort=effort)
    exact = margins[:, None] > grid + SLACK
    assert int((found.unfooled != exact).sum()) <= 2  # a search may miss the one corner in which a margin is crossed
    assert not bool((exact & ~found.unfooled).any())
    quick = SCHEDULES["quick"](Reversed().eval(), images, labels, indices, grid, draws=DRAWS, effort=effort)
    assert int(quick.unfooled.sum()) > 1.5 * int(exact.sum())
    assert int(found.lowered.by_search.sum()) > 20
    # A grid need not begin at 0: what falls at its first eps is unfooled nowhere, and was lowered all the same.
    one = SCHEDULES["adaptive"](Reversed().eval(), images, labels, indices, grid[2:3], draws=DRAWS, effort=effort)
    assert int((one.unfooled != exact[:, 2:3]).sum()) <= 2
    assert int(one.lowered.by_search.sum()) > 5


def test_queries_are_counted_and_only_for_images_that_stand():
    """Nothing is found: every image is asked about once by each query, and of ten classes none is aimed at twice."""

    class Deaf(nn.Module):
        def forward(self, images):
            return torch.cat([images.sum((1, 2, 3))[:, None] * 1e-3 + 100, images.flatten(1)[:, :5] * 1e-2], 1)

    images, indices = Draws(0, "test").uniform(torch.arange(20), (1, 4, 4)), torch.arange(20)
    effort = Effort(steps=4, search_steps=4, queries=70)
    given = Deaf(), images, torch.zeros_like(indices), indices, torch.tensor([0.0, 0.1])
    quick, found = (
        SCHEDULES[name](*given, draws=DRAWS, effort=effort, batch_size=20) for name in ("quick", "adaptive")
    )
    assert bool(found.unfooled.all())
    assert found.queries == 20 * (70 + 1)  # and once for the targets
    assert found.evaluations - quick.evaluations == 20 * (11 + 5 + 5 * 11)  # 10 steps and a start for each of 6 runs
