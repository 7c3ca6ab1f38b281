"""Six small trained networks inside the package: something to measure before anything is trained.

They were trained on the enlarged digits of scikit-learn, so that one command makes them again without a download. Each
is one safetensors file with its config in the header, as training writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from empirical.compute import forward
from empirical.compute.checksum import of_weights
from empirical.data import DATASETS
from empirical.data.digits import HELD_OUT
from empirical.data.images import ImageSet
from empirical.training import loop as training
from empirical.training import trained
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.results import Frequency
from tradeoff.shared.workers import Progress, finished

FOLDER = Path(__file__).parents[1] / "examples"


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
        updates=5000,
        batch_size=32,
        learning_rate=0.002,
        seed=0,
    )


def _turned(theta: float) -> Callable[[str], TrainingConfig]:
    return lambda checksum: replace(_plain(checksum), augment_deg=theta)


def _attacked(eps: float) -> Callable[[str], TrainingConfig]:
    """PGD-4 training; eps grows to its value over most of the run, without which the network for .3 learns little."""
    return lambda checksum: replace(
        _plain(checksum),
        objective="pgd",
        eps=eps,
        attack_steps=4,
        eps_warmup=0.9,
        updates=14_000 if eps > 0.1 else 6000,
    )


def _pooled(checksum: str) -> TrainingConfig:
    """As many images as for StdCNN; at its rate the narrow pooled head now and then dies and leaves a constant."""
    return replace(_plain(checksum), network="p4_cnn_pooled", learning_rate=0.001, updates=2500, batch_size=64)


EXAMPLES: Mapping[str, Callable[[str], TrainingConfig]] = {
    "std_theta0": _plain,
    "std_theta60": _turned(60.0),
    "std_theta180": _turned(180.0),
    "std_eps01": _attacked(0.1),
    "std_eps03": _attacked(0.3),
    "p4": _pooled,
}
"""How each network was trained, but for the checksum of the digits, which is asked of the data."""


def _config(name: str, checksum: str) -> TrainingConfig:
    return EXAMPLES[checks.known("example", name, EXAMPLES)](checksum)


def path(name: str) -> Path:
    """The file of an example.

    Raises
    ------
    InputError
        For an unknown name.
    """
    return FOLDER / f"{checks.known('example', name, EXAMPLES)}.safetensors"


def load(name: str) -> tuple[nn.Module, TrainingConfig]:
    """A shipped network on the CPU in eval mode, and how it was trained.

    Raises
    ------
    InputError
        For an unknown name, or a file that is missing or damaged.
    """
    return trained.load_file(path(name), way_out="it comes with the package, so install that again")


@dataclass(frozen=True)
class Remade:
    """An example trained again, beside the shipped one."""

    name: str
    updates: int
    clean: Frequency  # on the 400 held-out digits
    identical: bool  # to the shipped network, bit for bit
    largest_difference: float  # of any weight from the shipped one
    agreeing: Frequency  # held-out digits on which both networks give the same answer

    def __str__(self) -> str:
        if self.identical:
            beside = "the shipped weights, bit for bit"
        else:
            beside = (
                f"differs from the shipped weights by up to {self.largest_difference:.2g}; "
                f"{self.agreeing.hits} of {self.agreeing.trials} answers agree"
            )
        return f"{self.name:<13}{self.updates:>6} updates   clean {self.clean.rate:.3f}   {beside}"


def remake(folder: Path, *names: str, workers: int = 2, quiet: bool = True) -> list[Remade]:
    """Train the named examples again (all, if none is named), each in its folder, and compare them with those shipped.

    One thread for each, on the CPU: on one machine the bits do not depend on the number of workers. What is finished
    is not trained again; what was interrupted goes on.

    Raises
    ------
    InputError
        For an unknown name, a folder in use, or one that holds networks of another config.
    """
    digits = DATASETS["digits"]()
    jobs = [Job(name, _config(name, digits.checksum), str(folder)) for name in names or EXAMPLES]
    with storage.locked(storage.output_folder("out", folder)):
        with cli.bar(sum(job.cost for job in jobs), "training", quiet=quiet) as advance:
            for _ in finished(train, jobs, cost=lambda job: job.cost, workers=workers, advance=advance):
                pass
        held_out = digits.split(HELD_OUT)[1]
        return [_compared(job, held_out) for job in jobs]


@dataclass(frozen=True)
class Job:
    """One example to be trained, in its folder below ``folder``."""

    name: str
    config: TrainingConfig
    folder: str

    @property
    def network_folder(self) -> Path:
        return Path(self.folder) / self.name

    @property
    def cost(self) -> float:
        return training.update_cost(self.config) * self.config.updates


def train(job: Job, advance: Progress) -> None:
    """Train one example on the digits that are not held out, in one thread."""
    torch.set_num_threads(1)
    cost = training.update_cost(job.config)
    images, _ = DATASETS["digits"]().split(job.config.held_out)
    training.train(
        job.config,
        images,
        job.network_folder,
        torch.device("cpu"),
        progress=lambda updates: advance(updates * cost),
    )


def _compared(job: Job, held_out: ImageSet) -> Remade:
    made, _ = trained.load(job.network_folder)
    shipped, config = load(job.name)
    if config != job.config:
        raise checks.InputError(
            f"example={job.name!r} is shipped with another config than EXAMPLES has; copy the new "
            f"{str(job.network_folder / trained.WEIGHTS)!r} to {str(path(job.name))!r}"
        )
    pairs = zip(made.state_dict().values(), shipped.state_dict().values(), strict=True)
    answers = forward.predict(made, held_out.images)
    same = int((answers == forward.predict(shipped, held_out.images)).sum())
    return Remade(
        job.name,
        job.config.updates,
        clean=Frequency(int((answers == held_out.labels).sum()), len(held_out)),
        identical=of_weights(made) == of_weights(shipped),
        largest_difference=max(float((one - other).abs().max()) for one, other in pairs),
        agreeing=Frequency(same, len(held_out)),
    )
