"""Is what a measurement kept true? Every stored adversarial image judged again, by nothing but a forward pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical import data as images_of
from empirical import networks
from empirical.data.images import ImageSet
from empirical.journal import SAMPLES
from empirical.measurement import RUN
from empirical.profiles import predict
from empirical.schedules.base import SLACK, sizes
from tradeoff import checks, storage

ADVERSARIAL = "robustness.adversarial"


@dataclass(frozen=True)
class Verified:
    """How many images were judged again, how many of them must have another answer, and what does not hold."""

    images: int
    fooled: int
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
    """Judge the adversarial images of a run again; ``data`` is what the run was given before its limit.

    Errors
    ------
    InputError
        If the folder holds no finished run with adversarial images, or the model or the images are others.
    """
    stored = content(folder)
    _same("model", stored["model"], networks.checksum(model))
    _same("data", stored["data_checksum"], data.checksum)
    data = images_of.limited(data, stored["images"])
    _same("images", stored["which"], storage.content_id(data.indices.tolist()))
    samples, header = networks.read_tensors(folder / SAMPLES)
    if header.get("run") != storage.content_id(stored) or ADVERSARIAL not in samples:
        raise checks.InputError(
            f"folder={str(folder)!r} keeps no adversarial images of this run; measure again with --save-adversarial"
        )
    grid = torch.tensor(stored["plan"]["eps"])
    moved, nearest = samples[ADVERSARIAL], samples["robustness.nearest"]
    before = predict(model, data.images, batch_size=batch_size).cpu()
    after = predict(model, moved.to(data.images.device), batch_size=batch_size).cpu()
    known, right = nearest.isfinite(), before == data.labels.cpu()
    complaints = _complaints(data, samples, moved, nearest, before, after)
    standing = ~known[:, None] | (nearest[:, None] > grid[None] + SLACK)
    accuracy = tuple(
        (float(eps), int((standing[:, column] & right).sum())) for column, eps in enumerate(stored["plan"]["eps"])
    )
    return Verified(len(data), int(known.sum()), tuple(complaints), accuracy)


def _complaints(
    data: ImageSet, samples: dict[str, Tensor], moved: Tensor, nearest: Tensor, before: Tensor, after: Tensor
) -> list[str]:
    """What does not hold, each with the number of images."""
    images, known = data.images.cpu(), nearest.isfinite()
    questions = {
        "have another answer as they are than on file": before != samples["answers.answers"],
        "keep their answer where the file says that it changes": known & (nearest > 0) & (after == before),
        "leave [0, 1]": (moved.flatten(1).amin(dim=1) < 0) | (moved.flatten(1).amax(dim=1) > 1),
        "are moved further than on file": known & (sizes(moved, images) > nearest + SLACK),
    }
    return [f"{int(wrong.sum())} images {what}" for what, wrong in questions.items() if bool(wrong.any())]


def content(folder: Path) -> dict[str, Any]:
    """What the run's id is the hash of."""
    try:
        found = json.loads((folder / RUN).read_text())
    except (OSError, ValueError) as error:
        raise checks.InputError(
            f"folder={str(folder)!r} is not the folder of a run ({error}); name one that holds {RUN} and {SAMPLES}"
        ) from None
    if not isinstance(found, dict) or not {"model", "data_checksum", "images", "which", "plan"} <= set(found):
        raise checks.InputError(f"{str(folder / RUN)!r} does not describe a run; restore the file, or measure again")
    return found


def _same(what: str, stored: object, found: str) -> None:
    if stored != found:
        raise checks.InputError(
            f"{what}: the run on file was made with {stored}, this is {found}; name the {what} that the run had"
        )
