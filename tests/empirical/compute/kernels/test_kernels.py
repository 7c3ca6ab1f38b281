"""A network prepared for other kernels computes what it computes, and is left as it was."""

import copy

import pytest
import torch
from torch import nn

from empirical import models
from empirical.attacks.losses import margin
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from empirical.compute.gradients import Gradients
from empirical.compute.kernels import KERNELS, Prepared
from tradeoff.shared.checks import InputError


def drawn(*shape):
    return Draws(0, "kernels").uniform(torch.tensor([0]), shape)[0]


class Viewing(nn.Module):
    """Flattens as one does who knows one layout only."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(3, 8, 3, padding=1), nn.Linear(8 * 16, 10)

    def forward(self, images):
        halved = nn.functional.max_pool2d(self.first(images).relu(), 2)
        return self.last(halved.view(len(images), -1))


class Residual(nn.Module):
    """Strides, a batch norm with running statistics, a shortcut, and no bias: colour."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.Conv2d(8, 8, 3, 1, 1, bias=False)
        self.norm, self.last = nn.BatchNorm2d(8), nn.Linear(8, 10)

    def forward(self, images):
        first = self.one(images).relu()
        return self.last((self.norm(self.two(first)) + first).relu().mean(dim=(2, 3)))


def networks():
    torch.manual_seed(0)
    return {
        "grey": (models.build("std_cnn", seed=0), (1, 28, 28)),
        "rotations": (models.build("p4_cnn_pooled", seed=0), (1, 28, 28)),
        "colour": (Viewing(), (3, 8, 8)),
        "residual": (Residual(), (3, 9, 9)),
        "no convolution": (nn.Sequential(nn.Flatten(), nn.Linear(16, 3)), (1, 4, 4)),
    }


def at_first(logits):
    return margin(logits, torch.zeros(len(logits), dtype=torch.int64))


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("network", networks())
def test_logits_and_gradients_are_those_of_the_network(network, kernels):
    """In float32 up to rounding, in bfloat16 as near to float32 as torch's own but for a hundredth."""
    model, shape = networks()[network]
    images = drawn(6, *shape)
    with frozen(model):
        exact = Gradients(model, "float32")(images, at_first)
        found = Gradients(model, "float32", kernels=kernels)(images, at_first)
        rough = [Gradients(model, "bfloat16", kernels=name)(images, at_first)[2] for name in ("torch", kernels)]
    assert torch.allclose(found[0], exact[0], rtol=1e-4, atol=1e-5)
    cosines = [float(torch.cosine_similarity(exact[2].flatten(1), one.flatten(1)).mean()) for one in (found[2], *rough)]
    assert cosines[0] > 0.99
    assert cosines[2] > cosines[1] - 0.01


@pytest.mark.parametrize("kernels", KERNELS)
@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_network_keeps_its_bits_and_its_layouts(precision, kernels):
    """Also where its own weights are channels last already."""
    for last in (False, True):
        model = Residual().train()
        if last:
            model = model.to(memory_format=torch.channels_last)
        before = copy.deepcopy(model.state_dict())
        strides = {name: tensor.stride() for name, tensor in model.state_dict().items()}
        addresses = {name: tensor.data_ptr() for name, tensor in model.state_dict().items()}
        with frozen(model):
            Gradients(model, precision, kernels=kernels)(drawn(4, 3, 9, 9), at_first)
        for name, tensor in model.state_dict().items():
            assert torch.equal(tensor, before[name])
            assert tensor.dtype == before[name].dtype
            assert (tensor.stride(), tensor.data_ptr()) == (strides[name], addresses[name])
        assert all(parameter.requires_grad for parameter in model.parameters())
        assert all(parameter.grad is None for parameter in model.parameters())
        assert model.training


class Layout(nn.Module):
    """Keeps how its images lay."""

    def forward(self, images):
        self.seen = images
        return images.flatten(1)


@pytest.mark.parametrize("channels", [1, 3])
def test_images_reach_the_network_channels_last_where_that_is_asked_for(channels):
    model, images = Layout(), drawn(2, channels, 4, 5)
    last = {"torch": False, "channels_last": True, "ours": False}
    assert set(last) == set(KERNELS)
    for kernels, expected in last.items():
        prepared = Prepared(model, kernels)
        with frozen(model):
            prepared(images)
        seen = prepared._model.seen
        assert (seen.stride() == (20 * channels, 1, 5 * channels, channels)) is expected
        assert torch.equal(seen, images)
        assert torch.equal(prepared.laid(images), images)
    assert images.is_contiguous()


def test_unknown_kernels_are_refused():
    with pytest.raises(InputError, match="kernels='theirs'"):
        Prepared(Viewing(), "theirs")
