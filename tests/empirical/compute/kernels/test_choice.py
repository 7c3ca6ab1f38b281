"""Kernels are right first and quick second; what a clock says is not enough."""

import math
import time

import pytest
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

from empirical import models
from empirical.compute import kernels
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from empirical.compute.kernels import KERNELS, choice
from empirical.compute.kernels.choice import ROUNDS, choose, quickest, right, timed
from tradeoff.shared.checks import InputError


def drawn(*shape):
    return Draws(0, "choice").uniform(torch.tensor([0]), shape)[0]


def network():
    return models.build("std_cnn", seed=0)


def clock(**seconds):
    """A timer that says what it is told, whatever is done."""
    return lambda name, work: work() is None or seconds[name]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("fastest", KERNELS)
def test_the_quickest_of_those_that_are_right(fastest, precision):
    times = dict.fromkeys(KERNELS, 2.0) | {fastest: 1.0}
    chosen, why = choose(network(), drawn(32, 1, 28, 28), precision, batch_size=16, timer=clock(**times))
    assert chosen == fastest
    assert "the quickest" in why
    assert all(name in why for name in KERNELS)


class Otherwise(nn.Module):
    """Another network where its weights are channels last, or where a mode looks on."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3)

    def forward(self, images):
        found = self.convolution(images)
        return found.flatten(1) * (1 + found.is_contiguous())


class Checkpointed(nn.Module):
    """Its backward pass computes the forward pass once more, when no mode is in force; it views what it is given."""

    def __init__(self):
        super().__init__()
        self.convolution, self.last = nn.Conv2d(1, 4, 3), nn.Linear(144, 3)

    def forward(self, images):
        def inner(at):
            return self.last(self.convolution(at).view(len(at), -1))

        return checkpoint(inner, images, use_reentrant=False)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize(("model", "shape"), [(Otherwise(), (3, 8, 8)), (Checkpointed(), (1, 8, 8))])
def test_a_clock_cannot_make_kernels_right(model, shape, precision):
    """Others may be said to take no time at all: they compute something else, so they are never timed."""
    asked = []

    def lying(name, work):
        asked.append(name)
        return 1.0 if name == "torch" else 1e-9

    chosen, why = choose(model, drawn(32, *shape), precision, batch_size=16, timer=lying)
    with frozen(model):
        suitable = right(model, drawn(8, *shape), precision)
    assert set(asked) <= set(suitable)
    assert "channels_last" not in suitable
    assert chosen in suitable
    if suitable == ["torch"]:
        assert (chosen, why) == ("torch", "no others compute the same for this model")
    with pytest.raises(InputError, match=r"kernels='channels_last' do not suit this model.*use kernels=auto or torch"):
        choose(model, drawn(32, *shape), precision, "channels_last", batch_size=16)


@pytest.mark.parametrize("nonsense", [math.nan, -1.0, math.inf])
def test_a_time_that_is_none_wins_nothing(nonsense):
    times = dict.fromkeys(KERNELS, nonsense) | {"channels_last": 1.0}
    assert choose(network(), drawn(8, 1, 28, 28), "float32", batch_size=4, timer=clock(**times))[0] == "channels_last"
    nothing = dict.fromkeys(KERNELS, nonsense)
    assert choose(network(), drawn(8, 1, 28, 28), "float32", batch_size=4, timer=clock(**nothing))[0] == "torch"


def test_a_near_tie_goes_to_the_more_trusted():
    assert quickest({"torch": 1.04, "channels_last": 1.02, "ours": 1.0})[0] == "torch"
    assert quickest({"torch": 1.06, "channels_last": 1.04, "ours": 1.0})[0] == "channels_last"
    assert quickest({"torch": 1.06, "channels_last": 1.06, "ours": 1.0})[0] == "ours"
    assert quickest({"torch": 0.0, "channels_last": 0.0})[0] == "torch"


def test_a_slow_one_is_found_out_by_a_real_clock(monkeypatch):
    """Planted: kernels that are right and waste ten times the time that the others need."""

    class Lazy(kernels.Prepared):
        def __init__(self, model, name, dtype=torch.float32):
            super().__init__(model, name, dtype)
            self.lazy = name == slow

        def __call__(self, images):
            until = time.process_time() + 0.02 * self.lazy
            while time.process_time() < until:
                pass
            return super().__call__(images)

    def cpu_seconds(name, work):
        start = time.process_time()
        work()
        return time.process_time() - start

    monkeypatch.setattr("empirical.compute.gradients.Prepared", Lazy)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Flatten(), nn.Linear(144, 3))
    for slow in KERNELS:
        chosen, why = choose(model, drawn(16, 1, 8, 8), "float32", batch_size=8, timer=cpu_seconds)
        assert chosen != slow, why


def test_they_take_turns_and_warm_up_and_large_networks_are_timed_on_fewer_images(monkeypatch):
    calls, model, images = [], network(), drawn(64, 1, 28, 28)

    class Counted:
        def __init__(self, model, precision, *, kernels):
            self.kernels = kernels

        def __call__(self, images, loss):
            calls.append((self.kernels, len(images)))

    monkeypatch.setattr(choice, "Gradients", Counted)
    names = ["torch", "ours"]

    def seconds(each):
        def timer(name, work):
            work()
            return each * calls[-1][1]

        return timer

    found = timed(model, images, "float32", names, seconds(1e-9))
    assert calls[2:] == [(name, 64) for _ in range(1 + ROUNDS) for name in names]
    assert found == {"torch": pytest.approx(1e-9), "ours": pytest.approx(1e-9)}
    calls.clear()
    timed(model, images, "float32", names, seconds(choice.BUDGET / (8 * 20)))
    assert calls[2:] == [(name, 20) for _ in range(1 + ROUNDS) for name in names]
    calls.clear()
    timed(model, images, "float32", names, seconds(1.0))
    assert calls[2:] == [(name, 8) for _ in range(1 + ROUNDS) for name in names]


def test_at_most_half_of_the_images_are_timed_and_no_batch_is_empty():
    for images, batch_size, most in ((40, 16, 16), (20, 16, 10), (1, 16, 1)):
        seen = []

        class Seen(nn.Module):
            def forward(self, given, seen=seen):
                seen.append(len(given))
                return given.flatten(1)[:, :3]

        choose(
            Seen(),
            drawn(images, 1, 4, 4),
            "float32",
            batch_size=batch_size,
            timer=clock(**dict.fromkeys(KERNELS, 1e-9)),
        )
        assert max(seen[8:]) <= max(most, 8)
        assert min(seen) >= 1


class Hungry(nn.Module):
    """Does not fit the memory with more than so many images."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def forward(self, images):
        if len(images) > self.most:
            raise torch.OutOfMemoryError("out of memory. Tried to allocate 2 GiB")
        return images.flatten(1)[:, :3]


@pytest.mark.parametrize("most", [2, 10])
def test_memory_that_does_not_suffice_to_compare_leaves_torch(most):
    timer = clock(**dict.fromkeys(KERNELS, 1e-9))
    chosen, why = choose(Hungry(most), drawn(40, 1, 4, 4), "float32", batch_size=16, timer=timer)
    assert (chosen, why) == ("torch", "memory does not suffice to compare it with others")


def test_kernels_of_the_processor_are_not_for_other_devices():
    model = network()
    with frozen(model), torch.device("meta"):
        assert right(model, torch.empty(4, 1, 28, 28, device="meta"), "float32", ("torch", "ours")) == ["torch"]


@pytest.mark.parametrize("asked", KERNELS)
def test_those_asked_for_are_taken_untimed(asked):
    assert choose(network(), drawn(4, 1, 28, 28), "float32", asked, batch_size=4, timer=None) == (asked, "asked for")


def test_unknown_kernels_are_refused():
    with pytest.raises(InputError, match="kernels='quick'"):
        choose(network(), drawn(4, 1, 28, 28), "float32", "quick", batch_size=4)
