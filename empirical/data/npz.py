"""Images of your own: one NumPy archive with images and labels, read without pickle."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from empirical.data.images import ImageSet, content_checksum
from tradeoff.shared import checks
from tradeoff.shared.names import shown

IMAGES, LABELS = ("images", "x", "x_test"), ("labels", "y", "y_test")
"""The names that an archive may give its two arrays; the last ones are those of Keras, whose x_train is left alone."""
CHANNELS = (1, 3)
MOST_LABEL = 2**31 - 1


def load(path: Path) -> ImageSet:
    """The images and labels of an archive written by ``numpy.savez``; pixels in [0, 1].

    Images are (n, height, width), (n, height, width, channels) or (n, channels, height, width), with one channel or
    three; uint8 from 0 to 255, or floats in [0, 1]. Labels are (n,) integers from 0 on, and the
    largest is the last class.

    Raises
    ------
    InputError
        If the file is no whole archive, lacks an array or has it under two names, holds Python objects, or if an array
        has another type, form, range or length, or an order of axes that cannot be told.
    """
    images, labels = _read(path)
    images = _channels_first(path, images)
    _check_labels(path, labels, len(images))
    pixels = torch.from_numpy(np.ascontiguousarray(images))
    answers = torch.from_numpy(labels.astype(np.int64))
    pictures = pixels.float() / 255 if images.dtype == np.uint8 else _in_range(path, pixels)
    checksum = content_checksum(pictures, answers)
    return ImageSet(path.stem, checksum, int(answers.max()) + 1, pictures, answers, torch.arange(len(answers)))


def _read(path: Path) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both arrays, of whatever type and form."""
    if not path.is_file():
        raise checks.InputError(f"data={str(path)!r} is not there; name an archive that exists")
    try:
        # Not every .npz is one: a single array or a pickle under that name is refused before it is looked into.
        with zipfile.ZipFile(path):
            pass
        with np.load(path, allow_pickle=False) as archive:
            images, labels = (archive[_key(path, archive.files, names)] for names in (IMAGES, LABELS))
        if not isinstance(images, np.ndarray) or not isinstance(labels, np.ndarray):
            raise ValueError("a member of it is no array")  # NumPy hands out the bytes of such a member
        return images, labels
    except checks.InputError:
        raise
    except (OSError, EOFError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        if "allow_pickle" in str(error):
            raise checks.InputError(
                f"data={str(path)!r} holds an array of Python objects, which only pickle can read, and pickle can run "
                "code; save plain numbers, such as numpy.stack(images)"
            ) from None
        raise checks.InputError(
            f"data={str(path)!r} is not a whole NumPy archive ({error}); write it with "
            "numpy.savez(file, images=..., labels=...)"
        ) from None


def _key(path: Path, there: list[str], names: tuple[str, ...]) -> str:
    found = [name for name in names if name in there]
    if len(found) != 1:
        what = f"has {' and '.join(found)}" if found else f"has {shown(', '.join(there), 40) or 'no array'}"
        raise checks.InputError(
            f"data={str(path)!r} {what}; it must hold exactly one array named {', '.join(names[:-1])} or {names[-1]}"
        )
    return found[0]


def _check_labels(path: Path, labels: NDArray[Any], count: int) -> None:
    if labels.dtype.kind not in "iu" or labels.ndim != 1:
        raise checks.InputError(
            f"data={str(path)!r}: labels are {labels.dtype} of shape {labels.shape}; they must be (n,) integers: "
            "use .ravel() on a column, .argmax(1) on one-hot rows, .astype(int) on whole floats"
        )
    if len(labels) != count:
        raise checks.InputError(f"data={str(path)!r} has {count} images and {len(labels)} labels; give each image one")
    if labels.min() < 0 or labels.max() > MOST_LABEL:
        raise checks.InputError(
            f"data={str(path)!r}: labels run from {labels.min()} to {labels.max()}; they count the classes from 0"
        )


def _channels_first(path: Path, images: NDArray[Any]) -> NDArray[Any]:
    """(n, channels, height, width), where one order of axes alone makes sense."""
    shape = images.shape
    if images.dtype != np.uint8 and images.dtype not in (np.float16, np.float32, np.float64):
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
        return images[:, None]
    first, last = shape[1] in CHANNELS, shape[3] in CHANNELS
    if first == last:
        fault = "both the second and the last axis" if first else "neither the second nor the last axis"
        raise checks.InputError(
            f"data={str(path)!r}: in images of shape {shape} {fault} can be the channels, which are 1 or 3; save them "
            + ("as (n, height, width) if they are grey, or larger" if first else "as grey or RGB")
        )
    return images if first else images.transpose(0, 3, 1, 2)


def _in_range(path: Path, pixels: torch.Tensor) -> torch.Tensor:
    # Checked before the conversion: rounding to float32 must not bring a value of 1 + 1e-9 back into the range.
    low, high = float(pixels.min()), float(pixels.max())  # NaN where any pixel is
    if not (low >= 0 and high <= 1):
        raise checks.InputError(
            f"data={str(path)!r}: pixels run from {low:g} to {high:g}; they must be finite and in [0, 1]: divide 8-bit "
            "values by 255, and leave normalisation to the network (--normalize, or --mean and --std)"
        )
    return pixels.float()
