"""Six small trained networks inside the package: something to measure before anything is trained.

They were trained on the enlarged digits of scikit-learn, so that one command makes them again without a download. Each
is one safetensors file with its config in the header, as training writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from torch import nn

from empirical import networks
from empirical.data.digits import HELD_OUT
from empirical.records import TrainingConfig
from tradeoff import checks

FOLDER = Path(__file__).parent / "examples"


def _plain(checksum: str) -> TrainingConfig:
    """StdCNN on upright digits; ``checksum`` is that of the digits."""
    return TrainingConfig(
        data="digits",
        data_checksum=checksum,
        held_out=HELD_OUT,
        network="std_cnn",
        objective="augmented",
        augment_deg=0.0,
        eps=0.0,
        attack_steps=0,
        eps_warmup=0.0,
        updates=4000,
        batch_size=32,
        learning_rate=0.002,
        seed=0,
    )


def _turned(theta: float) -> Callable[[str], TrainingConfig]:
    return lambda checksum: replace(_plain(checksum), augment_deg=theta)


def _attacked(eps: float) -> Callable[[str], TrainingConfig]:
    """PGD-4 training; eps grows to its value over most of the run, without which the network for .3 learns little."""
    return lambda checksum: replace(
        _plain(checksum), objective="pgd", eps=eps, attack_steps=4, eps_warmup=0.9, updates=8000
    )


EXAMPLES: Mapping[str, Callable[[str], TrainingConfig]] = {
    "std_theta0": _plain,
    "std_theta60": _turned(60.0),
    "std_theta180": _turned(180.0),
    "std_eps01": _attacked(0.1),
    "std_eps03": _attacked(0.3),
    "p4": lambda checksum: replace(_plain(checksum), network="p4_cnn_pooled"),
}
"""How each network was trained, but for the checksum of the digits, which is asked of the data."""


def path(name: str) -> Path:
    """The file of an example.

    Errors
    ------
    InputError
        For an unknown name.
    """
    return FOLDER / f"{checks.known('example', name, EXAMPLES)}.safetensors"


def load(name: str) -> tuple[nn.Module, TrainingConfig]:
    """A shipped network on the CPU in eval mode, and how it was trained.

    Errors
    ------
    InputError
        For an unknown name, or a file that is missing or damaged.
    """
    return networks.load_file(path(name))
