"""Images of your own: one NumPy archive with images and labels, read without pickle and piece by piece."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import torch
from numpy.lib import format as npy
from numpy.typing import NDArray

from empirical.data.gathered import AT_ONCE, Gathered, check_memory
from empirical.data.images import ImageSet
from tradeoff.shared import checks
from tradeoff.shared.names import shown

IMAGES, LABELS = ("images", "x", "x_test"), ("labels", "y", "y_test")
"""The names that an archive may give its two arrays; the last ones are those of Keras, whose x_train is left alone."""
CHANNELS = (1, 3)
FLOATS = (np.float16, np.float32, np.float64)
MOST_LABEL = 2**31 - 1


@dataclass(frozen=True)
class Member:
    """An array of the archive, known by its header alone."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool
    offset: int  # of its numbers


def load(path: Path, *, limit: int | None = None) -> ImageSet:
    """The images and labels of an archive written by ``numpy.savez``; pixels in [0, 1], ``limit`` of them at most.

    Images are (n, height, width), (n, height, width, channels) or (n, channels, height, width), with one channel or
    three; uint8 from 0 to 255, or floats in [0, 1]. Labels are (n,) integers from 0 on, and the
    largest is the last class.

    Raises
    ------
    InputError
        If the file is no whole archive, lacks an array or has it under two names, holds Python objects, or if an array
        has another type, form, range or length, or an order of axes that cannot be told.
    """
    if not path.is_file():
        raise checks.InputError(f"data={str(path)!r} is not there; name an archive that exists")
    try:
        # Not every .npz is one: a single array or a pickle under that name is refused before it is looked into.
        with zipfile.ZipFile(path) as archive:
            images, labels = (_member(path, archive, names) for names in (IMAGES, LABELS))
            form, axes = _form(path, images)
            _check_labels(path, labels, images.shape[0])
            answers = _labels(path, np.concatenate(list(_pieces(path, archive, labels))))
            gathered = Gathered(path, form, answers, int(answers.max()) + 1, limit)
            for piece in _pieces(path, archive, images):
                gathered.add((piece[:, None] if piece.ndim == 3 else piece).transpose(axes))
            return gathered.whole(path.stem)
    except checks.InputError:
        raise
    except Exception as error:  # a damaged or crafted archive makes the readers raise almost anything
        raise checks.InputError(
            f"data={str(path)!r} is not a whole NumPy archive ({checks.reason(error)}); write it with "
            "numpy.savez(file, images=..., labels=...)"
        ) from None


def _member(path: Path, archive: zipfile.ZipFile, names: tuple[str, ...]) -> Member:
    """The one array under any of the names; what its header claims must be what the archive holds."""
    there = [entry.removesuffix(".npy") for entry in archive.namelist()]
    found = [name for name in names if name in there]
    if len(found) != 1 or there.count(found[0]) != 1:
        what = f"has {' and '.join(found)}" if found else f"has {shown(', '.join(there), 40) or 'no array'}"
        raise checks.InputError(
            f"data={str(path)!r} {what}; it must hold exactly one array named {', '.join(names[:-1])} or {names[-1]}"
        )
    entry = archive.getinfo(next(name for name in archive.namelist() if name.removesuffix(".npy") == found[0]))
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}[version]
        shape, by_columns, dtype = read(file)
        member = Member(entry.filename, shape, dtype, by_columns, file.tell())
    if dtype.hasobject:
        raise checks.InputError(
            f"data={str(path)!r} holds an array of Python objects, which only pickle can read, and pickle can run "
            "code; save plain numbers, such as numpy.stack(images)"
        )
    if min(shape, default=0) < 0 or entry.file_size != member.offset + dtype.itemsize * math.prod(shape):
        raise ValueError(f"{found[0]} claims the shape {shape} of {dtype} and has {entry.file_size} bytes")
    return member


def _pieces(path: Path, archive: zipfile.ZipFile, member: Member) -> Iterator[NDArray[Any]]:
    """The array, some rows at a time; at its end the archive checks the sum of the bytes."""
    total, each = member.shape[0], math.prod(member.shape[1:])
    step = total if member.by_columns else min(total, max(1, AT_ONCE // each))
    check_memory(path, f"{step:,} rows of {member.name}", member.dtype.itemsize * each * step)
    with archive.open(member.name) as file:
        file.read(member.offset)
        for start in range(0, total, step):
            rows = min(step, total - start)
            numbers = np.frombuffer(_exactly(file, rows * each * member.dtype.itemsize), member.dtype)
            yield numbers.reshape((rows, *member.shape[1:]), order="F" if member.by_columns else "C")
        file.read(1)


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise EOFError(f"it ends {size - len(found)} bytes early")
    return found


def _check_labels(path: Path, labels: Member, count: int) -> None:
    if labels.dtype.kind not in "iu" or len(labels.shape) != 1:
        raise checks.InputError(
            f"data={str(path)!r}: labels are {labels.dtype} of shape {labels.shape}; they must be (n,) integers: "
            "use .ravel() on a column, .argmax(1) on one-hot rows, .astype(int) on whole floats"
        )
    if labels.shape[0] != count:
        raise checks.InputError(
            f"data={str(path)!r} has {count} images and {labels.shape[0]} labels; give each image one"
        )
    check_memory(path, f"{count:,} labels", 3 * 8 * count)


def _labels(path: Path, labels: NDArray[Any]) -> torch.Tensor:
    if labels.min() < 0 or labels.max() > MOST_LABEL:
        raise checks.InputError(
            f"data={str(path)!r}: labels run from {labels.min()} to {labels.max()}; they count the classes from 0"
        )
    return torch.from_numpy(labels.astype(np.int64))


def _form(path: Path, images: Member) -> tuple[tuple[int, int, int], tuple[int, int, int, int]]:
    """(channels, height, width), and the order of axes that brings images to it, where one alone makes sense."""
    shape = images.shape
    if images.dtype != np.uint8 and images.dtype not in FLOATS:
        raise checks.InputError(
            f"data={str(path)!r}: images are {images.dtype}; save them as uint8 from 0 to 255, or as floats in [0, 1]"
        )
    if 0 in shape:
        raise checks.InputError(f"data={str(path)!r} is empty: images have shape {shape}; save at least one image")
    if len(shape) not in (3, 4):
        raise checks.InputError(
            f"data={str(path)!r}: images of shape {shape} are not (n, height, width), (n, height, width, channels) or "
            "(n, channels, height, width); reshape them"
        )
    if len(shape) == 3:
        return (1, *shape[1:]), (0, 1, 2, 3)
    first, last = shape[1] in CHANNELS, shape[3] in CHANNELS
    if first == last:
        fault = "both the second and the last axis" if first else "neither the second nor the last axis"
        raise checks.InputError(
            f"data={str(path)!r}: in images of shape {shape} {fault} can be the channels, which are 1 or 3; save them "
            + ("as (n, height, width) if they are grey, or larger" if first else "as grey or RGB")
        )
    axes = (0, 1, 2, 3) if first else (0, 3, 1, 2)
    return (shape[axes[1]], shape[axes[2]], shape[axes[3]]), axes
