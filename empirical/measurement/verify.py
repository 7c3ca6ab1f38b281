"""Is what a measurement kept true? Every stored adversarial image re-verified, by nothing but a forward pass.

Answers to moved images are asked again, too. Where an image is said to be unfooled must follow from the sizes of the
adversarial images, and whether the published files follow from the arrays is asked by `report.published`.
So must it under the per-eps schedule, which carries nothing upwards: where it says that an image is unfooled in a ball
that holds a smaller success, its number is refuted by its own file, and does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical import data as images_of
from empirical.compute import checksum
from empirical.compute.forward import predict
from empirical.compute.own_type import askable
from empirical.data.images import ImageSet
from empirical.measurement import stored
from empirical.measurement.batches import chunk
from empirical.measurement.journal import SAMPLES, Arrays
from empirical.measurement.plan import Plan
from empirical.measurement.probe import ROUNDING
from empirical.measurement.profile_attack.base import SLACK, sizes, unfooled_at
from empirical.measurement.quantities import MEASURED, Job
from tradeoff.shared import checks, storage

ADVERSARIAL, AFTER = "robustness.adversarial", "robustness.adversarial_answers"
BEFORE, UNFOOLED, NEAREST = "answers.answers", "robustness.unfooled", "robustness.nearest"
PASSES = ("moves", "control", "exact")
"""Parts that take nothing but forward passes."""


@dataclass(frozen=True)
class Verified:
    """How many images there are, how many were moved to another answer and re-verified, and what does not hold."""

    images: int
    fooled: int  # those answered otherwise from the start were not moved, and do not count
    complaints: tuple[str, ...]
    accuracy: tuple[
        tuple[float, int], ...
    ]  # eps, and how many images no stored image of that ball fools, and are right

    def text(self) -> str:
        """What was found, in words."""
        if self.complaints:
            return "DOES NOT HOLD:\n" + "\n".join(f"  {complaint}" for complaint in self.complaints)
        rows = ", ".join(f"{count} of {self.images} at eps {eps:g}" for eps, count in self.accuracy)
        return (
            f"Holds: {self.fooled} adversarial images lie in [0, 1] and within the sizes on file, and each of them "
            f"changes the answer. So the adversarial accuracy is at most {rows}."
        )


def verify(folder: Path, model: nn.Module, data: ImageSet, *, batch_size: int | None = None) -> Verified:
    """Re-verify the adversarial images of a run; ``data`` is what the run was given before its limit.

    ``batch_size`` is that of the run, by default, so that answers are rounded alike.

    Raises
    ------
    InputError
        If the folder holds no finished run with adversarial images, or the model or the images are others.
    """
    content = stored.content(folder)
    _same("model", content["model"], checksum.of_weights(model))
    data = images_of_content(data, content)
    model = askable(model, data.images)
    samples, machines = _arrays(folder, content, data)
    grid = torch.tensor(content["plan"]["eps"])
    if batch_size is None:
        batch_size = int(machines[-1]["batch_size"])
    before = predict(model, data.images, batch_size=batch_size).cpu()
    after = predict(model, samples[ADVERSARIAL].to(data.images.device), batch_size=batch_size).cpu()
    right, unfooled = before == data.labels.cpu(), unfooled_at(samples[NEAREST], grid)
    accuracy = tuple(
        (float(eps), int((unfooled[:, column] & right).sum())) for column, eps in enumerate(content["plan"]["eps"])
    )
    complaints = _complaints(data.images.cpu(), samples, unfooled, before, after)
    complaints += _passed_again(model, data, Plan.from_content(content["plan"]), samples, batch_size)
    return Verified(len(data), int(_moved(samples[NEAREST]).sum()), tuple(complaints), accuracy)


def images_of_content(data: ImageSet, content: dict[str, Any]) -> ImageSet:
    """The images of a run, of those that it was given before its limit.

    Raises
    ------
    InputError
        If they are others.
    """
    _same("data", content["data_checksum"], data.checksum)
    data = images_of.limited(data, content["images"])
    _same("images", content["which"], storage.content_id(data.indices.tolist()))
    return data


def _passed_again(model: nn.Module, data: ImageSet, plan: Plan, samples: Arrays, batch_size: int) -> list[str]:
    """What does not hold of the parts that take nothing but forward passes, which are made again, piece by piece."""
    complaints = []
    answers = samples[BEFORE].to(data.images.device)
    for part in (part for part in PASSES if part in plan.parts):
        pieces = [
            MEASURED[part](Job(model, data.take(rows), answers[rows], plan, "float32", "torch", batch_size))
            for rows in torch.arange(len(data), device=data.images.device).split(chunk(data.images))
        ]
        for name in pieces[0]:
            made = torch.cat([piece[name].cpu() for piece in pieces])
            kept = samples.get(f"{part}.{name}")
            if kept is None or kept.shape != made.shape:
                complaints.append(f"{part}.{name} has not the form {tuple(made.shape)}")
                continue
            wrong = kept != made if not made.is_floating_point() else ~torch.isclose(kept, made, rtol=ROUNDING)
            if bool(wrong.any()):
                complaints.append(f"{int(wrong.sum())} of {wrong.numel()} numbers of {part}.{name} are others on file")
    return complaints


def _arrays(folder: Path, content: dict[str, Any], data: ImageSet) -> tuple[Arrays, tuple[dict[str, Any], ...]]:
    """The arrays of the run, checked for their shapes, and the machines that made them."""
    samples, machines = stored.arrays(folder, content)
    if ADVERSARIAL not in samples:
        raise checks.InputError(
            f"folder={str(folder)!r} keeps no adversarial images of this run; measure again with --save-adversarial"
        )
    each, eps = (len(data),), len(content["plan"]["eps"])
    wanted = {BEFORE: each, AFTER: each, NEAREST: each, UNFOOLED: (*each, eps), ADVERSARIAL: tuple(data.images.shape)}
    for name, shape in wanted.items():
        found = tuple(samples[name].shape) if name in samples else None
        if found != shape:
            raise checks.InputError(
                f"{str(folder / SAMPLES)!r} holds {name} of the form {found}, this run has {shape}; restore the file, "
                "or measure again"
            )
    return samples, machines


def _moved(nearest: Tensor) -> Tensor:
    """(n,) of which images a move is on file: 0 are those answered otherwise without one, infinite the unfooled."""
    return nearest.isfinite() & (nearest > 0)


def _complaints(
    images: Tensor, samples: dict[str, Tensor], unfooled: Tensor, before: Tensor, after: Tensor
) -> list[str]:
    """What does not hold, each with the number of images; ``unfooled`` (n, k) follows from the sizes on file."""
    moved, nearest, published = samples[ADVERSARIAL], samples[NEAREST], samples[UNFOOLED].bool()
    moved_away, size = _moved(nearest), sizes(moved, images)
    questions = {
        "have another answer as they are than on file": before != samples[BEFORE],
        "have another answer when moved than on file": after != samples[AFTER],
        "keep their answer where the file says that it changes": moved_away & (after == before),
        "leave [0, 1]": ~((moved >= 0) & (moved <= 1)).flatten(1).all(dim=1),
        "are moved further than on file": nearest.isfinite() & (size > nearest + SLACK),
        "are fooled by their stored image, which is nearer than on file": (after != before) & (size < nearest - SLACK),
        "keep their answer unmoved where the file says that they do not": (nearest == 0) & (before == samples[BEFORE]),
        "have a size on file that is none": ~(nearest >= 0),
        "are said unfooled at an eps whose ball holds their own adversarial image": (published & ~unfooled).any(dim=1),
        "are said to be fooled at an eps whose ball holds no adversarial image": (~published & unfooled).any(dim=1),
    }
    return [f"{int(wrong.sum())} images {what}" for what, wrong in questions.items() if bool(wrong.any())]


def images_of_run(folder: Path) -> ImageSet:
    """The images that a run was measured on, where it names a data set of this package.

    Raises
    ------
    InputError
        If they came from a file or a folder, of which a run keeps no more than the name and a checksum.
    """
    content = stored.content(folder)
    name = content["data"]
    if name not in images_of.MEASURED:
        raise checks.InputError(
            f"data is missing: the run was measured on images of your own, called {name!r}; name their folder or "
            "file again, --data DIR or --data FILE.npz"
        )
    data = images_of.read(name)
    if data.checksum != content["data_checksum"]:
        raise checks.InputError(
            f"data is missing: the run was measured on images called {name!r} with the checksum "
            f"{content['data_checksum']}, and {name} here has {data.checksum}; name the folder or file that they came "
            "from, --data DIR or --data FILE.npz"
        )
    return data


def _same(what: str, on_file: object, found: str) -> None:
    if on_file != found:
        raise checks.InputError(
            f"{what}: the run on file was made with {on_file}, this is {found}; name the {what} that the run had"
        )
