"""Is what a measurement kept true? Every stored adversarial image re-verified, by nothing but a forward pass.

And is what it published what it kept? Where an image is said to be unfooled must follow from the sizes of these images.
So must it under the per-eps schedule, which carries nothing upwards: where it says that an image is unfooled in a ball
that holds a smaller success, its number is refuted by its own file, and does not hold.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical import data as images_of
from empirical.compute import checksum, tensor_files
from empirical.compute.forward import predict
from empirical.compute.own_type import askable
from empirical.data.images import ImageSet
from empirical.measurement.journal import SAMPLES
from empirical.measurement.profile_attack.base import SLACK, sizes, unfooled_at
from empirical.measurement.run import RUN
from tradeoff.shared import checks, storage

ADVERSARIAL, AFTER = "robustness.adversarial", "robustness.adversarial_answers"
BEFORE, UNFOOLED, NEAREST = "answers.answers", "robustness.unfooled", "robustness.nearest"


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


def verify(folder: Path, model: nn.Module, data: ImageSet, *, batch_size: int = 128) -> Verified:
    """Re-verify the adversarial images of a run; ``data`` is what the run was given before its limit.

    Raises
    ------
    InputError
        If the folder holds no finished run with adversarial images, or the model or the images are others.
    """
    stored = content(folder)
    _same("model", stored["model"], checksum.of_weights(model))
    _same("data", stored["data_checksum"], data.checksum)
    data = images_of.limited(data, stored["images"])
    _same("images", stored["which"], storage.content_id(data.indices.tolist()))
    model = askable(model, data.images)
    samples, grid = _samples(folder, stored, data), torch.tensor(stored["plan"]["eps"])
    before = predict(model, data.images, batch_size=batch_size).cpu()
    after = predict(model, samples[ADVERSARIAL].to(data.images.device), batch_size=batch_size).cpu()
    right, unfooled = before == data.labels.cpu(), unfooled_at(samples[NEAREST], grid)
    accuracy = tuple(
        (float(eps), int((unfooled[:, column] & right).sum())) for column, eps in enumerate(stored["plan"]["eps"])
    )
    complaints = _complaints(data.images.cpu(), samples, unfooled, before, after)
    return Verified(len(data), int(_moved(samples[NEAREST]).sum()), tuple(complaints), accuracy)


def _samples(folder: Path, stored: dict[str, Any], data: ImageSet) -> dict[str, Tensor]:
    """The arrays of the run, checked for their shapes."""
    samples, header = tensor_files.read_tensors(folder / SAMPLES, way_out="measure again with --save-adversarial")
    if header.get("run") != storage.content_id(stored) or ADVERSARIAL not in samples:
        raise checks.InputError(
            f"folder={str(folder)!r} keeps no adversarial images of this run; measure again with --save-adversarial"
        )
    each, eps = (len(data),), len(stored["plan"]["eps"])
    wanted = {BEFORE: each, AFTER: each, NEAREST: each, UNFOOLED: (*each, eps), ADVERSARIAL: tuple(data.images.shape)}
    for name, shape in wanted.items():
        found = tuple(samples[name].shape) if name in samples else None
        if found != shape:
            raise checks.InputError(
                f"{str(folder / SAMPLES)!r} holds {name} of the form {found}, this run has {shape}; restore the file, "
                "or measure again"
            )
    return samples


def _moved(nearest: Tensor) -> Tensor:
    """(n,) of which images a move is on file: 0 are those answered otherwise without one, infinite the unfooled."""
    return nearest.isfinite() & (nearest > 0)


def _complaints(
    images: Tensor, samples: dict[str, Tensor], unfooled: Tensor, before: Tensor, after: Tensor
) -> list[str]:
    """What does not hold, each with the number of images; ``unfooled`` (n, k) follows from the sizes on file."""
    moved, nearest, published = samples[ADVERSARIAL], samples[NEAREST], samples[UNFOOLED].bool()
    moved_away = _moved(nearest)
    questions = {
        "have another answer as they are than on file": before != samples[BEFORE],
        "have another answer when moved than on file": after != samples[AFTER],
        "keep their answer where the file says that it changes": moved_away & (after == before),
        "leave [0, 1]": ~((moved >= 0) & (moved <= 1)).flatten(1).all(dim=1),
        "are moved further than on file": nearest.isfinite() & (sizes(moved, images) > nearest + SLACK),
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
    stored = content(folder)
    name = stored["data"]
    if name not in images_of.MEASURED:
        raise checks.InputError(
            f"data is missing: the run was measured on images of your own, called {name!r}; name their folder or "
            "file again, --data DIR or --data FILE.npz"
        )
    data = images_of.read(name)
    if data.checksum != stored["data_checksum"]:
        raise checks.InputError(
            f"data is missing: the run was measured on images called {name!r} with the checksum "
            f"{stored['data_checksum']}, and {name} here has {data.checksum}; name the folder or file that they came "
            "from, --data DIR or --data FILE.npz"
        )
    return data


def content(folder: Path) -> dict[str, Any]:
    """What the run's id is the hash of."""
    try:
        found = json.loads((folder / RUN).read_text())
    except (OSError, ValueError) as error:
        raise checks.InputError(
            f"folder={str(folder)!r} is not the folder of a run ({error}); name one that holds {RUN} and {SAMPLES}"
        ) from None
    if not isinstance(found, dict) or not {"model", "data", "data_checksum", "images", "which", "plan"} <= set(found):
        raise checks.InputError(f"{str(folder / RUN)!r} does not describe a run; restore the file, or measure again")
    return found


def _same(what: str, stored: object, found: str) -> None:
    if stored != found:
        raise checks.InputError(
            f"{what}: the run on file was made with {stored}, this is {found}; name the {what} that the run had"
        )
