"""Networks by name. A new one is a function that returns a fresh module, and an entry here.

Its keywords ``shape`` and ``classes`` come from the data; the others, which all have defaults, are options that a text
sets: ``resnet18:width=16``.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from empirical.compute.draws import Draws, signed
from empirical.models import combined, densenet, resnet, small, spec, table1, table1_odd, vgg, wide
from empirical.models.cost import Cost, cost
from empirical.models.layers import CLASSES, GREY, Shape
from empirical.models.normalized import Normalized

MODELS: dict[str, spec.Builder] = {
    "std_cnn": table1.std_cnn,
    "p4_cnn_flat": table1.p4_cnn_flat,
    "p4_cnn_oriented": table1.p4_cnn_oriented,
    "p4_cnn_pooled": table1.p4_cnn_pooled,
    "p4m_cnn_flat": table1.p4m_cnn_flat,
    "p4m_cnn_oriented": table1.p4m_cnn_oriented,
    "p4m_cnn_pooled": table1.p4m_cnn_pooled,
    "std_cnn_odd": table1_odd.std_cnn_odd,
    "p4_cnn_odd": table1_odd.p4_cnn_odd,
    "linear": small.linear,
    "mlp": small.mlp,
    "colour_cnn": small.colour_cnn,
    "madry_mnist": small.madry_mnist,
    "vgg16": vgg.vgg16,
    "p4_vgg16": vgg.p4_vgg16,
    "p4m_vgg16": vgg.p4m_vgg16,
    "resnet18": resnet.resnet18,
    "p4_resnet18": resnet.p4_resnet18,
    "p4m_resnet18": resnet.p4m_resnet18,
    "resnet20": resnet.resnet20,
    "wide_resnet": wide.wide_resnet,
    "madry_cifar": wide.madry_cifar,
    "densenet121": densenet.densenet121,
    "parallel": combined.parallel,
    "cascade": combined.cascade,
}

Channels = float | Sequence[float]
"""One number, or one for each channel of the images."""


def named(text: str) -> str:
    """The one way in which the network of a text is written: options that are the network's own are left out.

    >>> named("resnet18:width=64"), named("resnet18: width = 16")
    ('resnet18', 'resnet18:width=16')

    Raises
    ------
    InputError
        If the text names no network.
    """
    return str(spec.read(text, MODELS))


def build(
    name: str,
    *,
    seed: int,
    mean: Channels = 0.0,
    std: Channels = 1.0,
    shape: Shape = GREY,
    classes: int = CLASSES,
) -> nn.Module:
    """The network of a text, its initial weights drawn from ``seed`` alone, on the CPU, so the same on every device.

    Parameters
    ----------
    name : str
        A name in `MODELS`, or with options as in ``resnet18:width=16``.
    seed : int
        Of the weights.
    mean, std : float or sequence of float
        What the input is normalised by, inside the network.
    shape, classes
        Channels, height and width of the images, and number of logits.

    Raises
    ------
    InputError
        If the text names no network, or one that cannot have images of this shape.

    Examples
    --------
    >>> build("colour_cnn:width=4", seed=0, shape=(3, 32, 32))(torch.rand(2, 3, 32, 32)).shape
    torch.Size([2, 10])
    """
    found = spec.read(name, MODELS, argument="name")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(signed(Draws(seed, "weights").key))
        return Normalized(found.build(MODELS, shape, classes), mean, std)


def cost_of(name: str, *, shape: Shape = GREY, classes: int = CLASSES) -> Cost:
    """Parameters and multiply-accumulates for one image of the network of a text, counted without building its values.

    >>> cost_of("std_cnn")
    Cost(parameters=23010, macs=1006140)
    """
    found = spec.read(name, MODELS)
    return cost(lambda: found.build(MODELS, shape, classes), shape)
