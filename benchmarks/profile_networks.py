"""The ten networks on which profiles are compared, each with images that it has not seen and a grid of eps.

Three StdCNN of the paper's Table 1 on 10,000 images of MNIST, one trained as usual, one by PGD-5 and one by a single
step (FGSM), both at eps .3; a StdCNN on the digits that comes with the package; and six that others published, two on
MNIST and four on CIFAR-10 (`public_networks`). What is not at hand is left out, and the record says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from public_networks import PUBLIC, Public
from torch import nn

from empirical.compute.draws import Draws
from empirical.data import DATASETS, limited, read
from empirical.data.cache import data_folder
from empirical.data.images import ImageSet
from empirical.training import example_networks
from empirical.training import loop as training
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks, storage

GREY = tuple(round(0.03 * k, 2) for k in range(1, 12))
COLOUR = tuple(k / 255 for k in (0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 13, 16))
TRAINING_IMAGES = 10_000
MOST = {"standard": 1000, "robust": 1000, "cifar10, resnet20": 200}
"""Images of a network, unless fewer are asked for; of the others OTHERS."""
OTHERS = 400


@dataclass(frozen=True)
class Places:
    """Folders: of the networks that are trained here, and of the weights that others published."""

    networks: Path
    weights: Path | None


@dataclass(frozen=True)
class Case:
    """A network, its images, and the eps of its profile."""

    model: nn.Module
    data: ImageSet
    eps: tuple[float, ...]


def trained(eps: float, steps: int, name: str, places: Places) -> Case:
    """A StdCNN on MNIST, trained once and kept."""
    everything = DATASETS["mnist"]()
    chosen = Draws(0, "benchmark").permutation(60_000)[:TRAINING_IMAGES].sort().values
    config = TrainingConfig(
        data="mnist",
        data_checksum=everything.checksum,
        held_out=10_000,
        network="std_cnn",
        objective="pgd" if eps else "augmented",
        augment_deg=0.0,
        eps=eps,
        attack_steps=steps,
        eps_warmup=0.3 if eps else 0.0,
        updates=1000,
        batch_size=100,
        learning_rate=2e-3 if eps else 1e-3,
        seed=0,
    )
    model = training.train(config, everything.take(chosen), places.networks / name, torch.device("cpu"))
    return Case(model, read("mnist"), GREY)


def example(name: str, places: Places) -> Case:
    """One that comes with the package, on the digits it has not seen."""
    return Case(example_networks.load(name)[0], read("digits"), GREY)


def public(network: Public, places: Places) -> Case:
    """One that others trained.

    Raises
    ------
    InputError
        If its weights or its images are not at hand.
    """
    if places.weights is None or not (places.weights / network.file).is_file():
        raise checks.InputError(
            f"weights={str(places.weights)!r} does not hold {network.file}; name a folder that does"
        )
    data, eps = (read("mnist"), GREY) if network.data == "mnist" else (cifar10(), COLOUR)
    return Case(network.load(places.weights), data, eps)


def cifar10() -> ImageSet:
    """The 10,000 published test images of CIFAR-10, from its binary version."""
    path = data_folder("cifar-10-batches-bin") / "test_batch.bin"
    content = np.fromfile(path, np.uint8).reshape(-1, 1 + 3 * 32 * 32)
    images = torch.from_numpy(content[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255)
    labels = torch.from_numpy(content[:, 0].astype(np.int64))
    return ImageSet("cifar10", storage.content_id(labels.tolist()), 10, images, labels, torch.arange(len(labels)))


NETWORKS: dict[str, Callable[[Places], Case]] = {
    "standard": partial(trained, 0.0, 0, "standard"),
    "robust": partial(trained, 0.3, 5, "robust"),
    "fgsm": partial(trained, 0.3, 1, "fgsm"),
    "digits": partial(example, "std_theta0"),
    **{name: partial(public, network) for name, network in PUBLIC.items()},
}


def case(name: str, places: Places, most: int | None) -> Case:
    """A network with as many of its images as are compared, at most ``most``."""
    whole = NETWORKS[name](places)
    images = MOST.get(name, OTHERS)
    return Case(whole.model, limited(whole.data, images if most is None else min(images, most)), whole.eps)
