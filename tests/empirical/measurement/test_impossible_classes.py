"""Networks that differ in what decides nothing: a class switched off, a number added to all logits. Nothing changes."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from empirical.compute.gradients import precision_for, supported
from empirical.measurement.run import FINGERPRINT, run
from empirical.statistics.readings import readings
from empirical.validation.flags import flags
from tests.empirical.small_runs import PLAN, images, linear
from tradeoff.shared.checks import InputError

SMALL = replace(PLAN, skip=("distance", "joint", "control"), queries=10)


class Dressed(nn.Module):
    """Nine of the ten classes of a network, the tenth at ``value``, everything moved by ``offset``."""

    def __init__(self, *, value=-50.0, offset=0.0, noise=0.0, of_batch=False, times=1.0):
        super().__init__()
        self.net, self.value, self.offset, self.noise = linear(0), value, offset, noise
        self.of_batch, self.times = of_batch, times
        self.eval()

    def forward(self, given):
        logits = self.times * self.net(given)
        if self.noise:
            logits = logits + self.noise * torch.randn_like(logits)
        if self.of_batch:
            logits = logits - logits.mean(dim=0, keepdim=True)
        return torch.cat([logits[:, :9], torch.full_like(logits[:, :1], self.value)], 1) + self.offset


def measured(**dressed):
    return run(Dressed(**dressed), images(), SMALL, batch_size=40)


@pytest.fixture(scope="module")
def plain():
    return measured()


@pytest.mark.parametrize("dressed", [{"value": -1e4}, {"value": -1e9}, {"value": -1e30}, {"offset": 512.0}])
def test_no_count_changes(plain, dressed):
    """512 costs nine of 24 bits: an image whose margin is that small may change sides, and no more than one."""
    other, slack = measured(**dressed), 1 if "offset" in dressed else 0
    for name in ("robustness.unfooled", "audit.unfooled", "moves.answers", "exact.answers"):
        assert int((other.samples[name] != plain.samples[name]).sum()) <= slack, name
    assert [flag.raised for flag in flags(other)] == [flag.raised for flag in flags(plain)] == [False] * 12


@pytest.mark.parametrize("dressed", [{"value": -1e9}, {"value": -1e9, "offset": 512.0}])
def test_the_relative_change_of_logits_is_that_of_the_classes_that_decide(dressed):
    """With the tenth class in the network's own range the numbers are others; without it they are these."""

    class Nine(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = linear(0)

        def forward(self, given):
            return self.net(given)[:, :9]

    only, data = replace(PLAN, skip=("robustness", "moves", "joint", "control", "distance")), images()
    data = data.take((data.labels < 9).nonzero()[:, 0])
    nine, other = (run(model, data, only).samples for model in (Nine().eval(), Dressed(**dressed)))
    for name in ("exact.difference", "exact.size"):
        torch.testing.assert_close(other[name], nine[name], rtol=1e-3, atol=1e-3)
    assert float(nine["exact.difference"].max()) > 1


@pytest.mark.parametrize("value", [-50.0, -1e9])
@pytest.mark.parametrize(("fault", "flag"), [({"noise": 3.0}, "changing"), ({"of_batch": True}, "batch")])
def test_what_is_wrong_with_a_network_is_seen_beside_an_impossible_class(value, fault, flag):
    found = run(Dressed(value=value, **fault), images(), replace(SMALL, skip=(*SMALL.skip, "moves", "exact", "audit")))
    assert {one.name: one.raised for one in flags(found)}[flag]


@pytest.mark.parametrize("value", [-50.0, -1e9])
def test_another_network_is_refused_beside_an_impossible_class(value, tmp_path):
    """The same answers and weights, other logits: half of them."""

    one, other = Dressed(value=value), Dressed(value=value, times=0.5)
    run(one, images(), SMALL, folder=tmp_path)
    assert list(tmp_path.glob(f"*/{FINGERPRINT}"))
    with pytest.raises(InputError, match="other logits"):
        run(other, images(), SMALL, folder=tmp_path)


@pytest.mark.skipif(not supported(torch.device("cpu")), reason="this processor has no bfloat16 of its own")
def test_bfloat16_is_not_chosen_where_it_cannot_tell_the_logits_apart():
    data, answers = images(), Dressed()(images().images).argmax(1)
    assert precision_for(Dressed(), data.images, answers)[0] == "bfloat16"
    assert precision_for(Dressed(value=-1e9), data.images, answers)[0] == "bfloat16"
    precision, why = precision_for(Dressed(offset=1e5), data.images, answers)
    assert precision == "float32"
    assert "lose" in why


def test_readings_of_both_are_equal(plain):
    one, other = (
        {(value.quantity, value.grid): value.value for value in readings(found)}
        for found in (plain, measured(value=-1e9))
    )
    assert one.keys() == other.keys()
    defects = {place for place in one if place[0].endswith("_defect")}  # at -50 the tenth class is one of the others
    assert defects
    assert {place for place in one if one[place] != other[place]} <= defects
