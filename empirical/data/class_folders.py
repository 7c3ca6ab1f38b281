"""Images of your own: a folder of class folders, DIR/cat/*.png, read by Pillow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from empirical.data.images import ImageSet, content_checksum
from tradeoff.shared import checks

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP"}
MODES = {"L": 1, "RGB": 3}
"""Pillow's grey and colour of eight bits, and their channels."""
ORDER = "classes.txt"
"""Optional file in the folder: one class name a line, in the order of the labels."""


def load(folder: Path) -> ImageSet:
    """All images of the class folders, in the order of class and file name; pixels in [0, 1], as stored in the files.

    Labels follow the class folders sorted by name, or ``classes.txt``, which may also name classes without images.
    Grey images have one channel, colour images three. Hidden files and folders are left out, other files directly in
    the folder, too. An orientation noted beside the pixels of a photograph is not applied.

    Raises
    ------
    InputError
        If there is no image, one of them is damaged, of another format, size or mode than the rest, or lies elsewhere,
        or if sorting the class folders by name would number them in a surprising way.
    """
    places = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    loose = sorted(path for path in folder.iterdir() if path.suffix.lower() in FORMATS and path.is_file())
    if loose:
        raise checks.InputError(
            f"data={str(folder)!r}: {loose[0].name} lies outside the class folders; move it into its class folder"
        )
    names = _names(folder, [path.name for path in places])
    files = [(path, names.index(place.name)) for place in places for path in _files(folder, place)]
    if not files:
        raise checks.InputError(
            f"data={str(folder)!r} has no images in class folders; lay them out as {folder.name}/cat/one.png"
        )
    files.sort(key=lambda pair: (pair[1], pair[0].name))
    first = _pixels(folder, files[0][0])
    pixels = np.empty((len(files), *first.shape), dtype=np.uint8)
    for row, (path, _) in enumerate(files):
        found = _pixels(folder, path)
        if found.shape != first.shape:
            raise checks.InputError(
                f"data={str(folder)!r}: {_short(folder, path)} is {_form(found)}, {_short(folder, files[0][0])} is "
                f"{_form(first)}; bring all images to one size and mode"
            )
        pixels[row] = found
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous().float() / 255
    labels = torch.tensor([label for _, label in files])
    checksum = content_checksum(images, labels)
    return ImageSet(folder.name, checksum, len(names), images, labels, torch.arange(len(labels)), tuple(names))


def _names(folder: Path, found: list[str]) -> list[str]:
    """The class names in the order of the labels."""
    order = folder / ORDER
    if order.is_file():
        try:
            names = [line.strip() for line in order.read_text(encoding="utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as error:
            raise checks.InputError(f"{str(order)!r} cannot be read ({error}); write one class name a line") from None
        twice = sorted({name for name in names if names.count(name) > 1})
        unnamed = [name for name in found if name not in names]
        if twice or unnamed:
            fault = f"names {twice[0]!r} twice" if twice else f"lacks the class folder {unnamed[0]!r}"
            raise checks.InputError(f"{str(order)!r} {fault}; write every class once, one a line")
        return names
    numbers = [name for name in found if name.isascii() and name.isdigit()]
    if found and numbers == found != sorted(found, key=int):
        raise checks.InputError(
            f"data={str(folder)!r}: sorted by name the class folders are {', '.join(found[:4])}, ..., not the order of "
            f"their numbers; rename them with leading zeros, or write the order into {ORDER}, one name a line"
        )
    return found


def _files(folder: Path, place: Path) -> list[Path]:
    files = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    for path in files:
        if path.is_dir() or path.suffix.lower() not in FORMATS:
            what = "a folder" if path.is_dir() else "no image that is read here"
            raise checks.InputError(
                f"data={str(folder)!r}: {_short(folder, path)} is {what}; a class folder holds "
                f"{', '.join(sorted(FORMATS))} files and nothing else"
            )
    return files


def _pixels(folder: Path, path: Path) -> NDArray[np.uint8]:
    """(height, width, channels) of one file."""
    try:
        with Image.open(path, formats=sorted(set(FORMATS.values()))) as image:
            mode = image.mode
            pixels = np.asarray(image) if mode in MODES else None
    except Exception as error:  # a damaged file makes Pillow raise OSError, SyntaxError, ValueError and more
        raise checks.InputError(
            f"data={str(folder)!r}: {_short(folder, path)} is not a whole image ({error}); replace or remove it"
        ) from None
    if pixels is None:
        raise checks.InputError(
            f"data={str(folder)!r}: {_short(folder, path)} has mode {mode}; save it as 8-bit grey (L) or RGB, "
            'with Pillow: image.convert("RGB")'
        )
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _form(pixels: NDArray[np.uint8]) -> str:
    height, width, channels = pixels.shape
    return f"{width} x {height} {'grey' if channels == 1 else 'RGB'}"


def _short(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()
