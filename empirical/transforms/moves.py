"""Answers of a model to randomly moved images: rotation and translation as one surface, mirroring, and a control."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from empirical.compute.draws import Draws
from empirical.transforms.resampling import quarter_turn, random_angles, rigid
from tradeoff.shared import checks

Move = Callable[[Tensor, Tensor], Tensor]
"""(images, indices) -> moved images."""


def moved(images: Tensor, indices: Tensor, range_deg: float, range_px: int, *, seed: int, draw: int) -> Tensor:
    """Every image turned by an angle in +-range_deg, then shifted along both axes by -range_px, ..., range_px pixels.

    Shifts are whole pixels, all equally likely, so that they cost no interpolation. Draw number ``draw`` of an image is
    the same share of any range, and the same for every model.
    """
    range_px = checks.at_least("range_px", range_px, 0, what="pixels to either side")
    angle = random_angles(indices, range_deg, Draws(seed, "rotation", draw))
    share = Draws(seed, "translation", draw).uniform(indices, (2,))
    shift = (share * (2 * range_px + 1)).floor() - range_px
    return rigid(images, angle, shift, torch.zeros_like(angle, dtype=torch.bool))


def all_moved(images: Tensor, indices: Tensor, move: Move, batch_size: int) -> Tensor:
    """(n, c, h, w) all images transformed by ``move``, which is called batch by batch."""
    size = checks.at_least("batch_size", batch_size, 1, what="the number of images that are moved at once")
    return torch.cat([move(*part) for part in zip(images.split(size), indices.split(size), strict=True)])


EXACT: dict[str, tuple[str, int]] = {
    "quarter turn": ("turn", 1),
    "half turn": ("turn", 2),
    "three quarter turns": ("turn", 3),
    "mirrored left to right": ("flip", 3),
    "mirrored top to bottom": ("flip", 2),
    "rolled by a column": ("roll", 3),
    "rolled by a row": ("roll", 2),
}
"""Moves of pixels without interpolation, by name: kind, and the number of turns or the axis."""


def exactly(images: Tensor, name: str) -> Tensor:
    """Images (n, c, h, w) under a move of EXACT; quarter turns of oblong images change their shape."""
    kind, number = EXACT[checks.known("name", name, EXACT)]
    if kind == "turn":
        return quarter_turn(images, number).contiguous()  # many networks take a view of their input
    return images.flip(number) if kind == "flip" else images.roll(1, number)


def fits(images: Tensor, name: str) -> bool:
    """Whether the moved images have the shape of the images."""
    kind, number = EXACT[checks.known("name", name, EXACT)]
    return kind != "turn" or number == 2 or images.shape[2] == images.shape[3]
