"""Answers of a model to randomly moved images: rotation and translation as one surface, mirroring, and a control."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn

from empirical.draws import Draws
from empirical.profiles import predict
from empirical.transforms import quarter_turn, random_angles, rigid, rotate

Move = Callable[[Tensor, Tensor], Tensor]
"""(images, indices) -> moved images."""


def moved(images: Tensor, indices: Tensor, range_deg: float, range_px: int, *, seed: int, draw: int) -> Tensor:
    """Every image turned by an angle in +-range_deg, then shifted along both axes by -range_px, ..., range_px pixels.

    Shifts are whole pixels, all equally likely, so that they cost no interpolation. Draw number ``draw`` of an image is
    the same share of any range, and the same for every model.
    """
    angle = random_angles(indices, range_deg, Draws(seed, "rotation", draw))
    share = Draws(seed, "translation", draw).uniform(indices, (2,))
    shift = (share * (2 * range_px + 1)).floor() - range_px
    return rigid(images, angle, shift, torch.zeros_like(angle, dtype=torch.bool))


def surface(
    model: nn.Module,
    images: Tensor,
    indices: Tensor,
    angles: tuple[float, ...],
    shifts: tuple[int, ...],
    *,
    draws: int,
    seed: int,
    batch_size: int,
) -> Tensor:
    """(n, angles, shifts, draws) int16: the answer to each image under each range of both, for each draw."""
    found = torch.empty(len(images), len(angles), len(shifts), draws, dtype=torch.int16)
    for row, angle in enumerate(angles):
        for column, shift in enumerate(shifts):
            for draw in range(draws):
                found[:, row, column, draw] = _answers(
                    model,
                    images,
                    indices,
                    partial(moved, range_deg=angle, range_px=shift, seed=seed, draw=draw),
                    batch_size,
                )
    return found


def _answers(model: nn.Module, images: Tensor, indices: Tensor, move: Move, batch_size: int) -> Tensor:
    """(n,) answers to moved images; a batch is moved when its turn comes, so that memory follows the batch size."""
    parts = zip(images.split(batch_size), indices.split(batch_size), strict=True)
    return torch.cat([predict(model, move(*part), batch_size=batch_size).cpu() for part in parts])


def all_moved(images: Tensor, indices: Tensor, move: Move, batch_size: int) -> Tensor:
    """(n, c, h, w) the moved images, made batch by batch."""
    return torch.cat([move(*part) for part in zip(images.split(batch_size), indices.split(batch_size), strict=True)])


def there_and_back(
    model: nn.Module,
    images: Tensor,
    indices: Tensor,
    angles: tuple[float, ...],
    *,
    draws: int,
    seed: int,
    batch_size: int,
) -> Tensor:
    """(n, angles, draws) int16: the answer to each image turned by its random angle and turned back.

    Nothing is rotated in the end; what is lost is lost by interpolation (twice) and at the corners. An indication of
    what interpolation costs, and no bound: a network may be sensitive to blur on turned images alone.
    """
    found = torch.empty(len(images), len(angles), draws, dtype=torch.int16)
    for row, angle in enumerate(angles):
        for draw in range(draws):
            move = partial(_and_back, range_deg=angle, draws=Draws(seed, "rotation", draw))
            found[:, row, draw] = _answers(model, images, indices, move, batch_size)
    return found


def _and_back(images: Tensor, indices: Tensor, *, range_deg: float, draws: Draws) -> Tensor:
    turn = random_angles(indices, range_deg, draws)
    return rotate(rotate(images, turn), -turn)


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
    kind, number = EXACT[name]
    if kind == "turn":
        return quarter_turn(images, number).contiguous()  # many networks take a view of their input
    return images.flip(number) if kind == "flip" else images.roll(1, number)


def fits(images: Tensor, name: str) -> bool:
    """Whether the moved images have the shape of the images."""
    kind, number = EXACT[name]
    return kind != "turn" or number == 2 or images.shape[2] == images.shape[3]
