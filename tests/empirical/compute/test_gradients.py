"""Gradients are counted, right, and in bfloat16 only where that serves."""

import pytest
import torch
from torch import nn

from empirical.attacks.losses import cross_entropy
from empirical.compute import gradients
from empirical.compute.forward import ascent, frozen, predict
from empirical.compute.gradients import Gradients, precision_for, supported
from tradeoff.shared.checks import InputError


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    data = held_out.take(torch.arange(16))
    return model, data.images, predict(model, data.images)


def test_float32_is_what_every_attack_uses(some):
    """But where several pixels of a window are equal, as in the background: there another of them may be followed."""
    model, images, labels = some
    with frozen(model):
        ours = Gradients(model, "float32", kernels="ours")(images, lambda logits: cross_entropy(logits, labels))
        plain = Gradients(model, "float32")(images, lambda logits: cross_entropy(logits, labels))
        theirs = ascent(model, images, lambda logits: cross_entropy(logits, labels))
    assert all(torch.equal(one, other) for one, other in zip(plain, theirs, strict=True))
    for one, other in zip(ours[:2], theirs[:2], strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-5)
    cosine = torch.nn.functional.cosine_similarity(ours[2].flatten(1), theirs[2].flatten(1))
    assert float(cosine.min()) > 0.97


def test_bfloat16_points_the_same_way_and_leaves_the_model_alone(some):
    model, images, labels = some
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    rough = Gradients(model, "bfloat16", kernels="ours")
    with frozen(model):
        exact = Gradients(model, "float32")(images, lambda logits: cross_entropy(logits, labels))[2]
        found = rough(images, lambda logits: cross_entropy(logits, labels))[2]
    cosine = torch.nn.functional.cosine_similarity(exact.flatten(1), found.flatten(1))
    assert float(cosine.min()) > 0.9
    assert not torch.equal(exact, found)
    assert rough.evaluations == 16
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_auto_takes_bfloat16_where_the_device_has_it(some, monkeypatch):
    monkeypatch.setattr(gradients, "supported", lambda device: True)
    assert precision_for(*some)[0] == "bfloat16"
    monkeypatch.setattr(gradients, "supported", lambda device: False)
    assert precision_for(*some) == ("float32", "this device has no bfloat16 of its own")


class Stubborn(nn.Module):
    """Works in float32 alone, as networks that make tensors of their own do."""

    def forward(self, images):
        return torch.nn.functional.linear(images.flatten(1), torch.ones(3, images[0].numel()))


class Rough(nn.Module):
    """So steep that rounding to eight bits changes its gradient altogether."""

    def forward(self, images):
        wave = torch.sin(images.float().flatten(1) * 1e4 if images.dtype == torch.float32 else images.flatten(1) * 7e3)
        return torch.stack([wave.sum(1), -wave.sum(1)], 1)


@pytest.mark.parametrize(("model", "reason"), [(Stubborn(), "does not run in bfloat16"), (Rough(), "mean cosine")])
def test_auto_keeps_float32_where_bfloat16_does_not_suit_and_says_why(model, reason, monkeypatch):
    monkeypatch.setattr(gradients, "supported", lambda device: True)
    images, labels = torch.rand(8, 1, 4, 4), torch.zeros(8, dtype=torch.int64)
    precision, why = precision_for(model, images, labels)
    assert precision == "float32"
    assert reason in why
    with pytest.raises(InputError, match="gradients='bfloat16'"):
        precision_for(model, images, labels, "bfloat16")


def test_an_unknown_precision_is_refused(some):
    with pytest.raises(InputError, match="gradients='float16'"):
        precision_for(*some, "float16")


def test_support_is_a_fact_of_the_device():
    assert isinstance(supported(torch.device("cpu")), bool)
