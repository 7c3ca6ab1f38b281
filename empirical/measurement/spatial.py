"""Answers of a network to moved images: along a surface of ranges, and moved there and back."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.transforms.moves import Move, moved
from empirical.transforms.resampling import random_angles, rotate


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
