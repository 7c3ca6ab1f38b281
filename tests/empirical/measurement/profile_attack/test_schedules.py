"""Whole profiles: who is unfooled at which eps, what it costs, and that every success is one."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack import SCHEDULES, adaptive, confirmation
from empirical.measurement.profile_attack.base import Effort
from empirical.measurement.profile_attack.confirmation import step_share
from empirical.measurement.profile_attack.verifier import Verifier
from tradeoff.shared.checks import InputError

GRID = torch.tensor([0.0, 0.02, 0.05, 0.08, 0.12, 0.2])
DRAWS = Draws(0, "profile")


def attacked(schedule, model, data, effort=None, *, grid=GRID, batch_size=128, labels=None):
    labels = predict(model, data.images) if labels is None else labels
    effort = effort or Effort()
    return SCHEDULES[schedule](
        model, data.images, labels, data.indices, grid, draws=DRAWS, effort=effort, batch_size=batch_size
    )


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(48))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_every_success_holds_in_float32_and_the_profile_falls(some, precision):
    model, data = some
    labels = predict(model, data.images)
    found = attacked("quick", model, data, Effort(precision=precision))
    known = found.nearest.isfinite()
    assert 30 < int(known.sum()) <= len(data)
    sizes = (found.images - data.images).flatten(1).abs().amax(1)
    assert torch.equal(sizes[known], found.nearest[known])
    assert bool((predict(model, found.images[known]) != labels[known]).all())
    assert torch.equal(found.images[~known], data.images[~known])
    assert found.images.min() >= 0
    assert found.images.max() <= 1
    assert bool((found.unfooled[:, :-1] >= found.unfooled[:, 1:]).all())
    assert bool(found.unfooled[:, 0].all())


def test_stronger_than_the_plain_attack_at_every_eps_for_a_fifth_of_its_gradients(some):
    model, data = some
    grid = torch.tensor([0.02 * k for k in range(1, 12)])
    quick, plain = (attacked(name, model, data, grid=grid) for name in ("quick", "per_eps"))
    assert bool((quick.unfooled.sum(0) <= plain.unfooled.sum(0)).all())
    assert plain.evaluations == 40 * 11 * len(data)
    assert quick.evaluations <= 0.2 * plain.evaluations
    # The same comparison refuses an attack that hardly tries.
    lazy = attacked("quick", model, data, Effort(steps=1, search_steps=0), grid=grid)
    assert bool((lazy.unfooled.sum(0) > plain.unfooled.sum(0)).any())


class Linear(nn.Module):
    """Two classes by the sign of <w, x> - b: fooled from eps = |<w, x> - b| / |w|_1 on, where nothing is clipped."""

    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), bias

    def forward(self, images):
        score = images.flatten(1) @ self.weight - self.bias
        return torch.stack([torch.zeros_like(score), score], 1)


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_a_linear_network_is_fooled_exactly_where_it_can_be(seed):
    draws, indices = Draws(seed, "test"), torch.arange(24)
    weight = draws.part("weight").normal(torch.tensor([0]), (36,))[0]
    images = 0.45 + 0.1 * draws.uniform(indices, (1, 6, 6))
    model = Linear(weight, 0.5 * float(weight.sum()))
    exact = (images.flatten(1) @ weight - model.bias).abs() / weight.abs().sum()
    grid = torch.tensor([0.005, 0.01, 0.02, 0.04, 0.2])
    labels = predict(model, images)
    found = SCHEDULES["quick"](model, images, labels, indices, grid, draws=DRAWS, effort=Effort(steps=10))
    clear = (exact[:, None] - grid).abs() > 1e-4
    assert torch.equal(found.unfooled[clear], (exact[:, None] > grid)[clear])
    assert bool((found.nearest >= exact - 1e-5).all())


def test_a_search_alone_finds_what_is_near_and_a_full_attack_alone_falls_to_it_as_well(some):
    model, data = some
    both = attacked("quick", model, data)
    without = attacked("quick", model, data, Effort(search_steps=0))
    assert not torch.equal(without.nearest, both.nearest)
    assert int((both.unfooled != without.unfooled).sum()) <= 0.03 * both.unfooled.numel()


def test_more_restarts_only_lower_the_profile(some):
    model, data = some
    once, thrice = attacked("quick", model, data), attacked("quick", model, data, Effort(restarts=3))
    assert bool((thrice.unfooled <= once.unfooled).all())
    assert thrice.evaluations > once.evaluations


def test_the_same_bits_again_and_the_same_answers_in_other_batches(some):
    model, data = some
    one, again, split = (attacked("quick", model, data, batch_size=size) for size in (64, 64, 17))
    assert torch.equal(one.nearest, again.nearest)
    assert torch.equal(one.images, again.images)
    assert int((one.unfooled != split.unfooled).sum()) <= 1  # float rounding may decide an image at the edge


class Deaf(nn.Module):
    """Two classes, one of them by a wide margin whatever the image: nothing can be found, and every attack is made."""

    def forward(self, images):
        return torch.stack([images.sum((1, 2, 3)) * 1e-3 + 100, torch.zeros(len(images))], 1)


@pytest.mark.parametrize("restarts", [1, 3])
def test_every_image_that_stands_has_stood_every_step_of_every_attack(restarts):
    images, indices = Draws(0, "test").uniform(torch.arange(20), (1, 4, 4)), torch.arange(20)
    effort = Effort(steps=7, search_steps=4, restarts=restarts)
    found = SCHEDULES["quick"](
        *(Deaf(), images, torch.zeros_like(indices), indices, torch.tensor([0.1, 0.3])),
        draws=DRAWS,
        effort=effort,
        batch_size=8,
    )
    assert bool(found.unfooled.all())
    assert bool(found.nearest.isinf().all())
    assert torch.equal(found.images, images)
    # Nothing is pulled nearer where nothing was found. Of the last 8 places 4 stay free until the next verdict.
    least = 20 * (4 + 7 * restarts)
    assert least <= found.evaluations < least + 4 * confirmation.TURNS


def ended(monkeypatch, effort):
    """Every attack that came to its end, as (row, short, eps), while the test runs."""
    rows, free = [], confirmation._Batch.free

    def recorded(batch, places):
        limit = torch.where(batch.short, effort.search_steps // 2, effort.steps)
        over = places & batch.busy & (batch.step == limit)
        rows.extend(zip(*(field[over].tolist() for field in (batch.rows, batch.short, batch.eps)), strict=True))
        free(batch, places)

    monkeypatch.setattr(confirmation._Batch, "free", recorded)
    return rows


OTHERS = pytest.mark.slow(twin="test_who_stands_has_stood_one_short_attack_and_each_full_one_at_the_last_eps")


@pytest.mark.parametrize(
    ("restarts", "batch_size"),
    [(1, 40), (2, 5), *(pytest.param(*one, marks=OTHERS) for one in ((1, 5), (1, 128), (2, 40), (2, 128)))],
)
def test_who_stands_has_stood_one_short_attack_and_each_full_one_at_the_last_eps(
    some, restarts, batch_size, monkeypatch
):
    """Also an image that was fooled on the way, in whatever order attacks end."""
    model, data = some
    effort = Effort(steps=7, search_steps=5, restarts=restarts)
    data, rows = data.take(torch.arange(40)), ended(monkeypatch, effort)
    found = attacked("quick", model, data, effort, batch_size=batch_size)
    assert bool((found.unfooled.sum(1) < len(GRID)).any())
    for row, stands in enumerate(found.unfooled):
        last = GRID[int(stands.sum()) - 1] if bool(stands.any()) else 0
        here = [short for which, short, eps in rows if which == row and eps == float(last)]
        if last > 0:
            assert here.count(False) == restarts
            assert here.count(True) == (1 if bool(found.nearest[row].isfinite()) else 0)


class Mostly(Linear):
    """Dark images are answered by a wide margin; all others can be fooled."""

    def forward(self, images):
        dark = (images.amax((1, 2, 3)) < 0.4)[:, None]
        return torch.where(dark, torch.tensor([[50.0, 0.0]]), super().forward(images))


def test_the_batch_stays_full_whoever_ends_first(monkeypatch):
    """All but one image are fooled at once, again and again; they are not attacked one after the other."""
    images = 0.45 + 0.1 * Draws(0, "test").uniform(torch.arange(60), (1, 6, 6))
    images[7] = 0.01
    weight = Draws(0, "weight").normal(torch.tensor([0]), (36,))[0]
    model, calls, plain = Mostly(weight, 0.5 * float(weight.sum())), [], Gradients.__call__
    monkeypatch.setattr(Gradients, "__call__", lambda self, at, loss: calls.append(len(at)) or plain(self, at, loss))
    grid = torch.tensor([0.002, 0.004, 0.008, 0.02, 0.04, 0.2])
    indices = torch.arange(60)
    found = SCHEDULES["quick"](model, images, predict(model, images), indices, grid, draws=DRAWS, batch_size=64)
    assert int(found.nearest.isinf().sum()) == 1
    assert len(calls) < 150  # one after the other would be thousands


class Fleeting(nn.Module):
    """Fooled below .47 by a random start alone, the slope leads upwards; a second pixel makes it a linear network."""

    def forward(self, images):
        first, second = images[:, 0, 0, 0], images[:, 0, 0, 1]
        fleeting = torch.where(first < 0.47, 1.0, -1.0) + (first - first.detach())
        linear = 50 * (first - 0.62 + 0.2 * (second - 0.8))
        height = torch.where(second > 0.6, linear, fleeting)
        return torch.stack([torch.zeros_like(height), height], 1)


def test_what_an_attack_meets_at_its_first_step_counts_whatever_its_place_held_before():
    draws, indices = Draws(0, "test"), torch.arange(200)
    images, some = torch.full((200, 1, 1, 2), 0.5), draws.uniform(indices, (2,))
    images[:, 0, 0, 1] = 0.2
    images[::2, 0, 0, 0], images[::2, 0, 0, 1] = 0.4 + 0.2 * some[::2, 0], 0.7 + 0.3 * some[::2, 1]
    labels, grid = predict(Fleeting(), images), torch.tensor([0.02, 0.04, 0.06, 0.08, 0.1])
    apart, together = (
        SCHEDULES["quick"](*(Fleeting(), images, labels, indices, grid), draws=DRAWS, effort=Effort(1), batch_size=size)
        for size in (1, 20)
    )
    assert int(apart.nearest[1::2].isfinite().sum()) > 20
    assert torch.equal(apart.unfooled, together.unfooled)


def test_the_judge_has_the_last_word(some, monkeypatch):
    """An image that does not fool the model itself is no success, whatever the gradients say."""
    model, data = some
    labels = predict(model, data.images)
    verifier, rows = Verifier(model, data.images, labels, 32, kernels="ours"), torch.arange(len(data))
    assert not bool(verifier.take(rows, data.images).any())
    assert bool(verifier.nearest.isinf().all())
    found = attacked("quick", model, data)
    fooled = found.nearest.isfinite()
    assert torch.equal(verifier.take(rows, found.images), fooled)
    assert torch.equal(verifier.nearest, found.nearest)
    assert len(verifier.again()) == 0
    verifier.images[fooled] = data.images[fooled]
    assert torch.equal(verifier.again(), rows[fooled])
    assert bool(verifier.nearest.isinf().all())
    monkeypatch.setattr(Verifier, "take", lambda self, rows, moved: torch.zeros_like(rows, dtype=torch.bool))
    assert bool(attacked("quick", model, data, Effort(steps=3)).unfooled.all())


def test_what_another_batch_undoes_is_attacked_again_and_nothing_else(some, monkeypatch):
    model, data = some
    data = data.take(torch.arange(24))
    usual, asked, again, rounds = attacked("quick", model, data), [], Verifier.again, adaptive.confirm
    undone = usual.nearest.isfinite().nonzero()[:3, 0]

    def once(verifier):
        lost = again(verifier)
        if len(asked) > 1:
            return lost
        verifier.nearest[undone], verifier.images[undone] = math.inf, data.images[undone]
        return undone

    def noted(*given):
        asked.append(given[4])
        return rounds(*given)

    monkeypatch.setattr(Verifier, "again", once)
    monkeypatch.setattr(adaptive, "confirm", noted)
    found = attacked("quick", model, data)
    assert [rows.tolist() for rows in asked] == [list(range(24)), undone.tolist()]
    others = torch.ones(24, dtype=torch.bool).index_fill(0, undone, False)
    assert torch.equal(found.nearest[others], usual.nearest[others])
    assert bool(found.nearest[undone].isfinite().all())


def test_an_image_answered_otherwise_from_the_start_stands_nowhere(some):
    model, data = some
    labels = (predict(model, data.images) + 1) % 10
    found = attacked("quick", model, data, labels=labels)
    assert not bool(found.unfooled.any())
    assert bool((found.nearest == 0).all())
    assert found.evaluations == 0


def test_no_gradient_is_spent_where_eps_is_zero_alone(some):
    model, data = some
    for name in SCHEDULES:
        found = attacked(name, model, data, grid=torch.zeros(1))
        assert bool(found.unfooled.all())
        assert found.evaluations == 0


def test_the_per_eps_schedule_is_fixed_step_pgd_at_every_eps_by_itself(some):
    model, data = some
    labels = predict(model, data.images)
    found = attacked("per_eps", model, data, Effort(steps=7, step_size=0.01))
    for column, eps in enumerate(GRID.tolist()[1:], start=1):
        moved = PGD(eps, 7, step_size=0.01)(model, data.images, labels, data.indices, draws=DRAWS.part(f"eps {eps}"))
        assert torch.equal(found.unfooled[:, column], predict(model, moved) == labels)
    assert found.evaluations == 7 * 5 * len(data)


def test_steps_of_a_full_attack_cool_and_cross_the_ball():
    for steps in (2, 5, 10, 40, 100):
        shares = [step_share(step, steps) for step in range(steps)]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) >= 2
    assert math.isclose(sum(step_share(step, 40) for step in range(40)), 6.755, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("schedule", "effort", "argument"),
    [
        ("quick", Effort(step_size=0.01), "step_size=0.01"),
        ("per_eps", Effort(restarts=2), "restarts=2"),
        ("per_eps", Effort(precision="bfloat16"), "gradients='bfloat16'"),
    ],
)
def test_a_setting_that_would_be_ignored_is_refused(some, schedule, effort, argument):
    with pytest.raises(InputError, match=argument):
        attacked(schedule, *some, effort)


@pytest.mark.parametrize("name", ["steps", "restarts"])
def test_an_attack_of_nothing_is_refused(name):
    with pytest.raises(InputError, match=f"{name}=0"):
        Effort(**{name: 0})


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(
    ("images", "labels", "complaint"),
    [
        (
            torch.rand(2, 1, 2, 2).double(),
            torch.zeros(2, dtype=torch.int64),
            r"images are torch\.float64.*images\.float",
        ),
        (torch.rand(2, 1, 2, 2).half(), torch.zeros(2, dtype=torch.int64), r"images are torch\.float16.*images\.float"),
        (torch.zeros(2, 1, 2, 2, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64), r"images are torch\.uint8"),
        (torch.rand(2, 1, 2, 2), torch.zeros(2, dtype=torch.int32), r"labels are torch\.int32.*labels\.long"),
        (torch.rand(2, 1, 2, 2), torch.zeros(3, dtype=torch.int64), "labels are .* for 2 images"),
    ],
)
def test_images_and_labels_of_another_type_are_refused(schedule, images, labels, complaint):
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).eval()
    with pytest.raises(InputError, match=complaint):
        SCHEDULES[schedule](model, images, labels, torch.arange(2), torch.tensor([0.0, 0.1]), draws=Draws(0, "refused"))
