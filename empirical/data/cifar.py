"""CIFAR-10 and CIFAR-100 (Krizhevsky 2009) in their published binary layout: one byte or two of label, then pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from empirical.data.cache import data_folder
from empirical.data.images import ImageSet
from tradeoff.shared import checks

SIDE, CHANNELS = 32, 3
PIXELS = CHANNELS * SIDE * SIDE
MOST_BYTES = 60_000 * (PIXELS + 2)
"""Of a file; the largest published one holds 50,000 images."""


@dataclass(frozen=True)
class Layout:
    """Where a set lies, and what a record of it begins with: ``label_bytes``, of which the last is the class."""

    name: str
    folder: str
    train: tuple[str, ...]
    test: tuple[str, ...]
    names: str
    classes: int
    label_bytes: int


CIFAR10 = Layout(
    *("cifar10", "cifar-10-batches-bin", tuple(f"data_batch_{k}.bin" for k in range(1, 6)), ("test_batch.bin",)),
    *("batches.meta.txt", 10, 1),
)
CIFAR100 = Layout(
    *("cifar100", "cifar-100-binary", ("train.bin",), ("test.bin",)), *("fine_label_names.txt", 100, 2)
)  # the first byte is one of 20 coarse classes


def cifar10() -> ImageSet:
    """All images, 32 x 32 in colour, pixels in [0, 1]; 50,000 for training, then 10,000 for testing, as published.

    Raises
    ------
    InputError
        If the folder or a file is not there, or a file is not whole.
    """
    return _read(CIFAR10, CIFAR10.train + CIFAR10.test)


def cifar10_train() -> ImageSet:
    """The published training images alone; errors as those of `cifar10`."""
    return _read(CIFAR10, CIFAR10.train)


def cifar10_test() -> ImageSet:
    """The published test images alone, their index and checksum counted from the first of them."""
    return _read(CIFAR10, CIFAR10.test)


def cifar100() -> ImageSet:
    """All images with their fine labels; 50,000 for training, then 10,000 for testing; errors as those of `cifar10`."""
    return _read(CIFAR100, CIFAR100.train + CIFAR100.test)


def cifar100_train() -> ImageSet:
    """The published training images alone, with their fine labels; errors as those of `cifar10`."""
    return _read(CIFAR100, CIFAR100.train)


def cifar100_test() -> ImageSet:
    """The published test images alone, their index and checksum counted from the first of them."""
    return _read(CIFAR100, CIFAR100.test)


def _read(layout: Layout, files: Sequence[str]) -> ImageSet:
    folder = data_folder(layout.folder, name=layout.name)
    records = np.concatenate([_records(layout, folder / file) for file in files])
    digest = hashlib.sha256(records.tobytes()).hexdigest()[:16]
    pixels = torch.from_numpy(records[:, layout.label_bytes :]).float() / 255
    labels = torch.from_numpy(records[:, layout.label_bytes - 1].astype(np.int64))
    images = pixels.reshape(-1, CHANNELS, SIDE, SIDE)
    names = _names(layout, folder)
    return ImageSet(layout.name, digest, layout.classes, images, labels, torch.arange(len(labels)), names)


def _records(layout: Layout, path: Path) -> NDArray[np.uint8]:
    """(n, label bytes + pixels): the records of a file."""
    size = layout.label_bytes + PIXELS
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise checks.InputError(
            f"data={layout.name!r} lacks {path.name} in {str(path.parent)!r} ({error.strerror}); put the published "
            "binary files there"
        ) from None
    if not content or len(content) % size or len(content) > MOST_BYTES:
        raise checks.InputError(
            f"{str(path)!r} is not a whole file of {layout.name} ({len(content)} bytes are not a number of records of "
            f"{size}); fetch it again"
        )
    records = np.frombuffer(content, dtype=np.uint8).reshape(-1, size)
    largest = int(records[:, layout.label_bytes - 1].max())
    if largest >= layout.classes:
        raise checks.InputError(
            f"{str(path)!r} has label {largest} of {layout.classes} classes, so it is damaged or no file of "
            f"{layout.name}; fetch it again"
        )
    return records


def _names(layout: Layout, folder: Path) -> tuple[str, ...]:
    """The names of the classes, where the file of names is there and holds one for each."""
    try:
        names = (folder / layout.names).read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError):
        return ()
    return tuple(names) if len(names) == layout.classes else ()
