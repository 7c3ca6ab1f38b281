"""Where a network to be measured comes from: a user's function, a folder of a training run, or a shipped example.

    FILE.py:build, package.module:build   called without arguments, returns an nn.Module; naming it runs that code
    DIR                                   a folder with weights.safetensors, as training in this package writes it
    example:NAME                          one of the small trained networks inside this package

``NAME=`` in front gives the network a label. Weights are read from safetensors files, and from state dicts of
torch with ``weights_only=True``: nothing that a pickle may hold is run.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from empirical.commands import user_code
from empirical.commands.checkpoints import SUFFIXES
from empirical.commands.contained import contained
from empirical.commands.weights import SAFE, fill
from empirical.compute.checksum import named_tensors, of_weights
from empirical.compute.normalization import Normalization
from empirical.data import DATASETS
from empirical.data.images import ImageSet
from empirical.measurement import labels as names
from empirical.models.normalized import Normalized
from empirical.training import example_networks, trained
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks

EXAMPLE = "example:"
FORMS = "FILE.py:build, package.module:build, the folder of a training run, or example:NAME"


@dataclass(frozen=True, eq=False)
class Source:
    """A network on the CPU, from (n, channels, height, width) images in [0, 1] to (n, classes) logits.

    The mode is the one that its builder left it in: whether that is right is for the measurement to say.
    """

    name: str  # label for figures: what stands before "=", else made from the spec
    spec: str  # what was asked for, without the label
    model: nn.Module
    checksum: str  # checksum.of_weights: text of the modules, and every parameter and buffer
    training: TrainingConfig | None  # known for networks of this package
    named: bool = False  # whether the label was given, in front of the spec


def load(spec: str, *, weights: str | None = None, normalize: Normalization | None = None) -> Source:
    """The network that ``spec`` names, its weights read from ``weights`` and its input normalised if asked.

    Raises
    ------
    InputError
        If the spec names no network, its builder needs arguments, fails, or returns something else, the weights do not
        fit, or weights or a normalisation are given for a network that has its own.
    """
    label, place = _labelled(spec)
    if place.startswith(EXAMPLE) or (place and Path(place).is_dir()):
        for name, value in (("weights", weights), ("normalize", normalize)):
            if value is not None:
                raise checks.InputError(
                    f"{name}={value!r} does not go with model={place!r}, which has its own weights and normalisation; "
                    "leave it out"
                )
        model, training = _stored(place)
        made = place.removeprefix(EXAMPLE) if place.startswith(EXAMPLE) else Path(place).resolve().name
        own = label or names.as_label(made)
        return Source(own, place, model, of_weights(model), training, named=label is not None)
    # A network that is left as it was drawn is the same one in the next run, which a result to be resumed needs.
    with contained("model", place, seed=0):
        model = _built(place)
    if weights is not None:
        fill(model, Path(weights))
    if normalize is not None:
        model = Normalized(model, normalize.mean, normalize.std)
    model = model.cpu()
    own = label or _name_of_code(place, weights)
    return Source(own, place, model, of_weights(model), None, named=label is not None)


def check_names(found: Sequence[Source]) -> None:
    """Refuse networks that would count as training seeds of one network unasked, and one that comes twice.

    Labels that were made from specs may be equal by chance, A/model.py:build and B/model.py:build; those that were
    given are equal on purpose.

    Raises
    ------
    InputError
        If two networks have the same name, and it was not given to both, or they are the same network.
    """
    for second, two in enumerate(found):
        for one in found[:second]:
            if one.name != two.name:
                continue
            if one.checksum == two.checksum:
                raise checks.InputError(
                    f"model={two.spec!r} is the network of {one.spec!r}, with the same weights and the same name "
                    f"{two.name!r}; leave one out, or write NAME=SPEC with another name to compare them"
                )
            if not (one.named and two.named):
                raise checks.InputError(
                    f"model={one.spec!r} and {two.spec!r} both get the name {two.name!r}, which would make them "
                    "training seeds of one network; write NAME=SPEC for each, with one name if that is what they are"
                )


def _labelled(spec: str) -> tuple[str | None, str]:
    """The label before the first "=" and the rest; a path may hold "=" of its own behind a slash."""
    label, equals, place = spec.partition("=")
    if not equals or "/" in label or "\\" in label:
        return None, spec
    if not names.LABEL.fullmatch(label) or not place:
        raise checks.InputError(
            f"model={spec!r} does not have the form NAME=SPEC; a name has letters, digits, _ - and . only, and behind "
            f"it stands {FORMS} (a path with = in it begins with ./)"
        )
    return names.label("name", label), place


def _name_of_code(place: str, weights: str | None) -> str:
    """mine.build of dir/mine.py:build, with the weights' name behind it, so that other weights have another label."""
    file, _, function = place.rpartition(":")
    file = Path(file).stem if file.endswith(".py") else file.rpartition(".")[2]
    return names.as_label(".".join([file, function, *([Path(weights).stem] if weights is not None else [])]))


def _stored(place: str) -> tuple[nn.Module, TrainingConfig]:
    if place.startswith(EXAMPLE):
        return example_networks.load(place.removeprefix(EXAMPLE))
    folder = Path(place)
    if trained.finished(folder):
        return trained.load(folder)
    if (folder / trained.CHECKPOINT).exists():
        raise checks.InputError(
            f"model={place!r} holds a network whose training was interrupted; "
            "run the command that trained it again to finish it"
        )
    weights = [path for depth in ("*", "networks/*") for path in folder.glob(f"{depth}/{trained.WEIGHTS}")]
    found = sorted(path.parent for path in weights)
    if found:
        listed = ", ".join(str(path) for path in found[:6]) + (f", ... ({len(found)} in all)" if len(found) > 6 else "")
        raise checks.InputError(f"model={place!r} holds several networks; name one folder of {listed}")
    raise checks.InputError(f"model={place!r} is a folder without {trained.WEIGHTS}; use {FORMS}")


def _built(place: str) -> nn.Module:
    """What the user's function returns."""
    if ":" not in place:
        raise checks.InputError(f"model={place!r} {_what_is_missing(Path(place))}")
    build = user_code.load("model", place)
    if isinstance(build, nn.Module):
        raise checks.InputError(
            f"model={place!r} is a network, not a function that returns one; write def build(): return ..."
        )
    _takes_no_arguments(place, build)
    try:
        model = build()
    except Exception as error:
        raise checks.InputError(
            f"model={place!r} failed while it built the network ({checks.reason(error)}); run it by itself"
        ) from error
    if not isinstance(model, nn.Module):
        raise checks.InputError(
            f"model={place!r} returned {type(model).__name__}; it must return a torch.nn.Module from "
            "(n, channels, height, width) in [0, 1] to logits (n, classes)"
        )
    named_tensors(model)  # refuses layers without values, which weights would not fill
    return model


def _what_is_missing(path: Path) -> str:
    if path.suffix == ".py":
        return f"names no function; write {path}:build"
    if path.suffix.lower() in (*SUFFIXES, SAFE):
        return f"holds weights and no network; name the network as FILE.py:build and pass weights={str(path)!r}"
    return f"is no folder and names no function; use {FORMS}"


def _takes_no_arguments(place: str, build: Any) -> None:
    try:
        inspect.signature(build).bind()
    except ValueError:  # a function of an extension module, which does not tell; the call will
        return
    except TypeError as error:
        raise checks.InputError(
            f"model={place!r} is called without arguments ({error}); "
            "write a function def build() that passes them and returns the network"
        ) from None


def check_unseen(network: Source, data: ImageSet) -> None:
    """Refuse to measure a network of this package on images that it was trained on.

    Raises
    ------
    InputError
        If its training set holds any of the images.
    """
    training = network.training
    if training is None or training.data != data.name or training.data_checksum != data.checksum:
        return
    trained_on = DATASETS[training.data]().split(training.held_out)[0].indices
    seen = int(torch.isin(data.indices.cpu(), trained_on).sum())
    if seen:
        raise checks.InputError(
            f"model={network.spec!r} was trained on {seen} of the {len(data)} images of data={data.name!r} (its config "
            f"holds {training.held_out} out); measure it on other images, or train it with those held out"
        )
