"""Labelled images on their way from a file into memory: all are hashed, those that were asked for are kept.

So what a file needs of the memory follows from the limit and not from the file.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from empirical.compute.draws import Draws
from empirical.data.images import ImageSet
from tradeoff.shared import checks, machine

AT_ONCE = 2**24
"""Numbers that are read and converted in one step."""
LARGEST = {"u1": 255, "u2": 65535}
"""White, by the type of whole-numbered pixels."""


def chosen(total: int, limit: int) -> Tensor:
    """The rows of ``limit`` of ``total`` images, chosen at random but always alike, in the source's order.

    A smaller choice is part of a larger one. The first ones would not do: in a folder sorted by class they are one
    class.
    """
    if limit >= total:
        return torch.arange(total)
    return Draws(0, "limit").permutation(total)[:limit].sort().values


class Gathered:
    """Images of a ``source`` are added in the order of their labels; `whole` gives those that are kept.

    Raises
    ------
    InputError
        If those that are kept do not fit the memory of this machine.
    """

    def __init__(
        self, source: Path, form: tuple[int, int, int], labels: Tensor, classes: int, limit: int | None
    ) -> None:
        total = len(labels)
        self.source, self.classes, self.labels = source, classes, labels
        self.rows = chosen(total, total if limit is None else limit)
        check_memory(source, f"{len(self.rows):,} images", 4 * len(self.rows) * int(np.prod(form, dtype=object)))
        self.images = torch.empty(len(self.rows), *form)
        self.added = self.kept = self.largest = 0
        self.white: int | None = None  # of whole-numbered pixels
        self.digest = hashlib.sha256(f"{(total, *form)}".encode())

    def add(self, pixels: NDArray[Any]) -> None:
        """The next images, (k, channels, height, width): bytes, pixels of 16 bits, or floats in [0, 1].

        Raises
        ------
        InputError
            If a pixel is not finite or leaves [0, 1].
        """
        images = self._scaled(pixels)
        self.digest.update(images.contiguous().numpy().tobytes())
        after = self.added + len(images)
        end = int(torch.searchsorted(self.rows, after))
        self.images[self.kept : end] = images[self.rows[self.kept : end] - self.added]
        self.added, self.kept = after, end

    def _scaled(self, pixels: NDArray[Any]) -> Tensor:
        white = LARGEST.get(pixels.dtype.str[1:])
        if white is not None:
            self.white, self.largest = white, max(self.largest, int(pixels.max()))
            return torch.from_numpy(pixels.astype(np.float32)) / white
        # Checked before the conversion: rounding to float32 must not bring a value of 1 + 1e-9 back into the range.
        low, high = float(pixels.min()), float(pixels.max())  # NaN where any pixel is
        if not (low >= 0 and high <= 1):
            raise checks.InputError(
                f"data={str(self.source)!r}: pixels run from {low:g} to {high:g}; they must be finite and in [0, 1]: "
                "divide 8-bit values by 255, and leave normalisation to the network (--normalize, or --mean and --std)"
            )
        return torch.from_numpy(pixels.astype(np.float32))

    def whole(self, name: str, class_names: tuple[str, ...] = ()) -> ImageSet:
        """The images that are kept, by a name, with the checksum of all.

        Raises
        ------
        InputError
            If whole-numbered pixels hold nothing but 0 and 1, which would be black and nearly black.
        """
        if self.largest == 1:
            raise checks.InputError(
                f"data={str(self.source)!r}: all pixels are 0 or 1 of {self.white}, black and nearly black; if 1 is to "
                f"be white, save them as {self.white} or as floats"
            )
        self.digest.update(self.labels.numpy().tobytes())
        found = ImageSet(
            *(name, self.digest.hexdigest()[:16], self.classes),
            *(self.images, self.labels[self.rows], self.rows),
        )
        return replace(found, class_names=class_names)


def check_memory(source: Path, what: str, size: int) -> None:
    """Refuse what is larger than the memory of this machine, before any of it is read.

    Raises
    ------
    InputError
        If ``size`` bytes are.
    """
    there = machine.memory()
    if there is not None and size > there:
        raise checks.InputError(
            f"data={str(source)!r}: {what} need {size / 2**30:,.1f} GiB, and this machine has {there / 2**30:,.1f}; "
            "use a smaller limit, or smaller images"
        )
