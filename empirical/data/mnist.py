"""MNIST (LeCun, Cortes & Burges) from its four published IDX files, gzipped or not, in the folder mnist/."""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from empirical.data.cache import data_folder
from empirical.data.images import ImageSet
from tradeoff.shared import checks

PARTS = ("train", "t10k")
"""The published training images come first, the published test images behind them."""
SIDE = 28
MOST_BYTES = 100_000 * SIDE * SIDE
"""Of a file; the largest published one holds 60,000 images."""


def load() -> ImageSet:
    """All images, 28 x 28, pixels in [0, 1]; 60,000 for training, then 10,000 for testing, as published.

    Raises
    ------
    InputError
        If the folder or a file is not there, or a file is not whole.
    """
    return _parts(PARTS)


def published_train() -> ImageSet:
    """The published training images alone, 60,000; errors as those of `load`."""
    return _parts(PARTS[:1])


def published_test() -> ImageSet:
    """The published test images alone, 10,000, their index and checksum counted from the first of them."""
    return _parts(PARTS[1:])


def _parts(parts: Sequence[str]) -> ImageSet:
    folder = data_folder("mnist")
    images = [_idx(folder, f"{part}-images-idx3-ubyte", 3) for part in parts]
    labels = [_idx(folder, f"{part}-labels-idx1-ubyte", 1) for part in parts]
    digest = hashlib.sha256(b"".join(array.tobytes() for array in (*images, *labels))).hexdigest()[:16]
    pictures = torch.from_numpy(np.concatenate(images)).float()[:, None] / 255
    answers = torch.from_numpy(np.concatenate(labels)).long()
    return ImageSet("mnist", digest, 10, pictures, answers, torch.arange(len(answers)))


def _idx(folder: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """The array of an IDX file of bytes: magic 0 0 8 dimensions, sizes big-endian, then the data."""
    places = [folder / f"{one}{zipped}" for one in (name, name.replace("-idx", ".idx")) for zipped in (".gz", "")]
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        raise checks.InputError(f"data='mnist' lacks {name}.gz in {str(folder)!r}; put the four published files there")
    try:
        with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
            header = struct.unpack(f">I{dimensions}I", file.read(4 + 4 * dimensions))
            size = math.prod(header[1:])
            if header[0] != 0x0800 + dimensions or size > MOST_BYTES or header[2:] not in ((), (SIDE, SIDE)):
                raise ValueError(f"its header is {header}")
            data = file.read(size + 1)  # no more than the header says, however much a small file unfolds to
        if len(data) != size:
            raise ValueError(f"it holds {'more' if len(data) > size else 'less'} than the {size} bytes of its header")
    except (OSError, EOFError, zlib.error, struct.error, ValueError) as error:
        raise checks.InputError(
            f"{str(path)!r} is not a whole IDX file of {dimensions} dimensions ({error}); fetch it again"
        ) from None
    return np.frombuffer(data, dtype=np.uint8).reshape(header[1:])
