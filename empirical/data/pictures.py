"""One image file, read by Pillow: grey or colour, of 8 or 16 bits."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from tradeoff.shared import checks

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
CHANNELS = {"L": 1, "RGB": 3, "I;16": 1, "I;16B": 1, "I": 1}
"""By Pillow's modes; the last three are grey of 16 bits, as versions of Pillow call it."""
HIGH, LOW = "RGB;16B", "RGB;16L"
"""Pillow keeps 8 of the 16 bits of a colour: the first byte, or the second one, as it is told the order of bytes."""
Form = tuple[int, int, int]


def form(folder: Path, path: Path) -> Form:
    """(height, width, channels) as the header says.

    Raises
    ------
    InputError
        If the file is not the beginning of an image, or has another mode.
    """
    with _opened(folder, path) as image:
        if image.mode not in CHANNELS:
            raise checks.InputError(
                f"data={str(folder)!r}: {short(folder, path)} has mode {image.mode}; save it as grey (L) or RGB, with "
                'Pillow: image.convert("RGB")'
            )
        return image.height, image.width, CHANNELS[image.mode]


def pixels(folder: Path, path: Path) -> NDArray[Any]:
    """(height, width, channels), uint8 or uint16.

    Raises
    ------
    InputError
        If the file is not a whole image.
    """
    with _opened(folder, path) as image:
        fine = bool(image.tile) and image.tile[0][3] == HIGH
        found = np.asarray(image)
    if fine:
        with _opened(folder, path) as image:
            image.tile = [image.tile[0]._replace(args=LOW)]
            found = found.astype(np.uint16) << 8 | np.asarray(image)
    elif found.dtype != np.uint8:
        found = found.astype(np.uint16)
    return found[:, :, None] if found.ndim == 2 else found


@contextmanager
def _opened(folder: Path, path: Path) -> Iterator[ImageFile.ImageFile]:
    try:
        with warnings.catch_warnings():  # that an image is large; whether the memory suffices is asked elsewhere
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
                assert isinstance(image, ImageFile.ImageFile)
                yield image
    except checks.InputError:
        raise
    except Exception as error:  # a damaged file makes Pillow raise OSError, SyntaxError, ValueError and more
        raise checks.InputError(
            f"data={str(folder)!r}: {short(folder, path)} is not a whole image ({checks.reason(error)}); replace or "
            "remove it"
        ) from None


def told(found: Form) -> str:
    """A form in words."""
    height, width, channels = found
    return f"{width} x {height} {'grey' if channels == 1 else 'RGB'}"


def short(folder: Path, path: Path) -> str:
    """The file as it is called inside the folder."""
    return path.relative_to(folder).as_posix()
