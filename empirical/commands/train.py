"""``python -m empirical train``: one network by any scheme, killed and resumed, ready to be measured."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from empirical.commands import PROGRAM, device_option, mean_option, std_option
from empirical.training.choices import ADVERSARIES, CHOICES, OBJECTIVES
from tradeoff.shared import checks, cli, progress, storage
from tradeoff.shared.cli import INPUT, Command, Kind, kinds, one_of, option, whole
from tradeoff.shared.names import shown

ABOUT = """\
Trains a network and keeps it in a folder that measure --model reads. Killed and run again, it goes on from its last
checkpoint and ends with the same bits on the same machine. Every objective begins with the random transformations that
are asked for; what is attacked is the transformed image. Two stages and curricula are phases: --phase 0.5:objective=pgd
changes objective after half of the updates. The log beside the network is JSON lines: loss, accuracy, validation.

  python -m empirical train --data mnist --augment-deg 180
  python -m empirical train --data mnist --objective pgd \\
      --eps 0.3 --attack-steps 10
  python -m empirical train --data cifar10 --network resnet18:width=16 \\
      --flip --crop-px 4
  python -m empirical train --data mnist \\
      --phase 0.5:objective=trades,eps=0.1,attack_steps=5,beta=6"""

SHARE = Kind(checks.share_of_one, "SHARE", "0 to 1")
SIZE = Kind(checks.not_negative, "X", "0 or more")
PHASE = Kind(
    lambda name, value: phase(name, value),
    "START:NAME=VALUE,...",
    "a start between 0 and 1",
    parts=lambda text: [part.strip() for part in re.split(r",(?=\s*[\d.]+:)", text)],
)


@dataclass(frozen=True)
class TrainOptions:
    """What the command line says; the config checks what must fit together."""

    data: str = option(
        one_of(("digits", "mnist", "cifar10", "cifar100")),
        "what is trained on",
        metavar="DATA",
        group=INPUT,
        default="digits",
    )
    train_images: int = option(
        whole(0, what="a number of images"), "so many of these images, 0 for all", group=INPUT, default=0
    )
    network: str = option(
        kinds.text,
        "the network: a name, or a name with options like resnet18:width=16; see python -m empirical models",
        metavar="NETWORK",
        group=INPUT,
        default="std_cnn",
    )
    mean: tuple[float, ...] | None = mean_option()
    std: tuple[float, ...] | None = std_option()
    objective: str = option(one_of(OBJECTIVES), "what is minimised", default="augmented")
    augment_deg: float = option(kinds.rotation, "random rotation, both ways", default=0.0)
    augment_shift: float = option(SHARE, "random translation, both ways, of the width, rounded to pixels", default=0.0)
    crop_px: int = option(kinds.pixels, "random crop after padding by so many pixels", default=0)
    flip: bool = option(kinds.switch, "exchange left and right in half of all cases", default=False)
    interpolation: str = option(one_of(CHOICES["interpolation"]), "of rotations", default="bilinear")
    padding: str = option(one_of(CHOICES["padding"]), "what comes from outside", default="zeros")
    eps: float = option(kinds.pixel_eps, "of the attack", default=0.0)
    norm: str = option(one_of(CHOICES["norm"]), "of the attack", default="linf")
    attack_steps: int = option(whole(0, what="a number of steps"), "of the attack", default=0)
    attack_step_size: float = option(kinds.pixel_eps, "of the attack", default=0.0, usual="eps / 2; 1.25 eps for fgsm")
    attack_mode: str = option(one_of(CHOICES["attack_mode"]), "the network's, while it is attacked", default="eval")
    eps_warmup: float = option(SHARE, "of the updates, in which eps grows to its value", default=0.0)
    beta: float = option(SIZE, "weight of the divergence of trades", default=0.0)
    attacks: tuple[str, ...] = option(one_of(ADVERSARIES), "of max and average", many=True, default=(), usual="none")
    phase: tuple[Any, ...] = option(
        PHASE, "what changes on the way; restart=false keeps optimiser and rate", many=True, default=(), usual="none"
    )
    epochs: float = option(
        Kind(lambda name, value: checks.positive(name, value, what="a number of epochs"), "N", "above 0"),
        "passes over the images",
        default=10.0,
    )
    batch_size: int = option(whole(1, what="the images of an update"), "images of an update", default=128)
    learning_rate: float = option(
        Kind(lambda name, value: checks.positive(name, value, what="a learning rate"), "X", "above 0"),
        "at its largest",
        default=0.002,
    )
    optimiser: str = option(one_of(CHOICES["optimiser"]), "what moves the weights", default="adam")
    momentum: float = option(SHARE, "of sgd, below 1", default=0.0)
    weight_decay: float = option(SIZE, "added to all gradients", default=0.0)
    clip_norm: float = option(SIZE, "largest norm of the gradient, 0 for any", default=0.0)
    schedule: str = option(one_of(CHOICES["schedule"]), "of the learning rate", default="linear")
    milestones: tuple[float, ...] = option(
        SHARE, "shares of the updates at which schedule step divides by 10", many=True, default=(), usual="none"
    )
    averaging: float = option(SHARE, "decay of the average of the weights, below 1; 0 for none", default=0.0)
    validation: int = option(
        whole(0, what="a number of images"),
        "training images kept out; the best network by them is kept, too",
        default=0,
    )
    validate_every: int = option(whole(0, what="a number of updates"), "updates between two validations", default=0)
    compute: str = option(
        one_of(CHOICES["compute"]),
        "precision and memory format; fastest is chosen by the clock, and on record",
        default="fastest",
    )
    seed: int = cli.seed_option("weights, order and all draws")
    device: str = device_option()
    out: str | None = cli.out_option("the network", usual="runs/train/NETWORK-OBJECTIVE-<id>")
    quiet: bool = cli.quiet_option()


def phase(name: str, value: object) -> Any:
    """START:NAME=VALUE,... as a phase; a mapping in a file.

    >>> phase("phase", "0.5:objective=pgd,eps=8/255,attack_steps=5,restart=false").start
    0.5
    """
    from empirical.training.phases import Phase

    if isinstance(value, dict):
        changes = {key: one for key, one in value.items() if key not in ("start", "restart")}
        return Phase(value.get("start", 0), changes, value.get("restart", True))
    start, colon, rest = str(value).partition(":")
    pairs = [part.partition("=") for part in rest.split(",")]
    if not colon or any(not equals for _, equals, _ in pairs):
        raise checks.InputError(
            f"{name}={value!r} does not have the form START:NAME=VALUE,...; "
            "write 0.5:objective=pgd,eps=0.1,attack_steps=5"
        )
    changes = {key.strip().replace("-", "_"): _typed(text.strip()) for key, _, text in pairs}
    restart = changes.pop("restart", True)
    try:
        return Phase(checks.real(name, start), changes, checks.boolean("restart", restart))
    except checks.InputError as error:
        raise checks.InputError(f"{name}={value!r}: {error}") from None


def _typed(text: str) -> object:
    """A value of a phase: true or false, a number, a fraction as it is, else text."""
    if text in ("true", "false"):
        return text == "true"
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return tuple(text.split("+")) if "+" in text else text


def _train(given: dict[str, Any]) -> int:
    """Train, or go on, or say that it is done; then where the network is and how it did."""
    options = TrainOptions(**given)
    from empirical.compute.device import choose
    from empirical.data import TRAINED_ON
    from empirical.training import loop, trained

    images = TRAINED_ON[options.data]()
    config = config_of(options, images)
    folder = Path(options.out or f"runs/train/{options.network.split(':')[0]}-{options.objective}-{config.id}")
    with (
        storage.locked(storage.output_folder("out", folder)),
        cli.bar(config.updates, "training", quiet=options.quiet) as advance,
    ):

        def report(line: Any) -> None:
            said = ", ".join(f"{key} {value:.3g}" for key, value in line.items() if key != "update")
            progress.note(advance, said)

        loop.train(config, images, folder, choose(options.device), progress=advance, report=report)
    lines = storage.whole_lines(folder / trained.LOG, again="") if (folder / trained.LOG).exists() else []
    last: dict[str, Any] = {}
    for line in lines:
        last |= line
    cli.show(
        f"{config.network}, {config.objective}, {config.updates} updates: "
        + ", ".join(f"{key} {value:.4g}" for key, value in last.items() if key != "update")
    )
    cli.mention(
        f"Written: {shown(folder)}; measure it with {PROGRAM} measure --model {shown(folder)} --data {options.data}"
    )
    return 0


def config_of(options: TrainOptions, images: Any) -> Any:
    """The config that the options ask for."""
    from empirical import models
    from empirical.training.config import TrainingConfig

    shared = {field.name for field in fields(TrainingConfig)} & {field.name for field in fields(TrainOptions)}
    chosen = {name: getattr(options, name) for name in shared - {"mean", "std"}}
    for name in ("mean", "std"):
        value = getattr(options, name)
        if value is not None:
            chosen[name] = value[0] if len(value) == 1 else value
    chosen["network"] = models.named(options.network)
    trained_on = (options.train_images or len(images)) - (0 if options.train_images else options.validation)
    updates = max(1, round(options.epochs * trained_on / options.batch_size))
    held_out = {"digits": 400}.get(options.data, 10_000)
    return TrainingConfig(
        data_checksum=images.checksum,
        held_out=held_out,
        updates=updates,
        phases=options.phase,
        resampling="float32",
        shape=tuple(images.images.shape[1:]),
        classes=images.classes,
        **chosen,
    )


COMMAND = Command(f"{PROGRAM} train", ABOUT, (TrainOptions,), _train)
