"""Images of your own: a folder of class folders, DIR/cat/*.png."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import torch

from empirical.data import pictures
from empirical.data.gathered import Gathered
from empirical.data.images import ImageSet
from tradeoff.shared import checks

ORDER = "classes.txt"
"""Optional file in the folder: one class name a line, in the order of the labels."""
OF_THE_SYSTEM = ("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir")
"""What Windows, macOS and network drives leave in folders, in small letters, beside hidden files."""


def load(folder: Path, *, limit: int | None = None) -> ImageSet:
    """All images of the class folders, in the order of class and file name; pixels in [0, 1], as stored in the files.

    Labels follow the class folders sorted by name, or ``classes.txt``, which may also name classes without images.
    Grey images have one channel, colour images three, each of 8 or 16 bits. Hidden files and folders are left out, and
    those that systems leave; other files directly in the folder, too. Of names only the letters count, not how a file
    system composes them. An orientation noted beside the pixels of a photograph is not applied. All images are read,
    and ``limit`` of them kept.

    Raises
    ------
    InputError
        If there is no image, one of them is damaged, of another format, size or mode than the rest, or lies elsewhere,
        or if sorting the class folders by name would number them in a surprising way.
    """
    places = [path for path in _entries(folder) if path.is_dir()]
    loose = [path for path in _entries(folder) if path.suffix.lower() in pictures.FORMATS and path.is_file()]
    if loose:
        raise checks.InputError(
            f"data={str(folder)!r}: {loose[0].name} lies outside the class folders; move it into its class folder"
        )
    names = _names(folder, [_composed(path.name) for path in places])
    number = {name: label for label, name in enumerate(names)}
    files = [(number[_composed(place.name)], path) for place in places for path in _files(folder, place)]
    if not files:
        raise checks.InputError(
            f"data={str(folder)!r} has no images in class folders; lay them out as {_own_name(folder)}/cat/one.png"
        )
    files.sort(key=lambda pair: (pair[0], _composed(pair[1].name)))
    first = pictures.form(folder, files[0][1])
    gathered = Gathered(
        folder, (first[2], first[0], first[1]), torch.tensor([label for label, _ in files]), len(names), limit
    )
    for _, path in files:
        found = pictures.form(folder, path)
        if found != first:
            raise checks.InputError(
                f"data={str(folder)!r}: {pictures.short(folder, path)} is {pictures.told(found)}, "
                f"{pictures.short(folder, files[0][1])} is {pictures.told(first)}; bring all images to one size and "
                "mode"
            )
        gathered.add(pictures.pixels(folder, path).transpose(2, 0, 1)[None])
    return gathered.whole(_own_name(folder), tuple(names))


def _entries(folder: Path) -> list[Path]:
    """Sorted by name, without what is hidden and what systems leave."""
    kept = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted((path for path in kept if path.name.lower() not in OF_THE_SYSTEM), key=lambda p: _composed(p.name))


def _composed(name: str) -> str:
    """A name with its accents inside the letters: some file systems take them apart."""
    return unicodedata.normalize("NFC", name)


def _own_name(folder: Path) -> str:
    """Also of "." and ".."."""
    return folder.name if folder.name not in ("", "..") else folder.resolve().name


def _names(folder: Path, found: list[str]) -> list[str]:
    """The class names in the order of the labels."""
    order = folder / ORDER
    twice = _twice(found)
    if twice:
        raise checks.InputError(
            f"data={str(folder)!r} has two class folders whose names show as {twice[0]!r}; rename one of them"
        )
    if order.is_file():
        names = _listed(order)
        twice, known = _twice(names), set(names)
        unnamed = [name for name in found if name not in known]
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


def _listed(order: Path) -> list[str]:
    try:
        lines = order.read_text(encoding="utf-8-sig").splitlines()  # some editors begin with a mark of bytes
    except (OSError, UnicodeDecodeError) as error:
        raise checks.InputError(f"{str(order)!r} cannot be read ({error}); write one class name a line") from None
    return [_composed(line.strip()) for line in lines if line.strip()]


def _twice(names: list[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _files(folder: Path, place: Path) -> list[Path]:
    files = _entries(place)
    for path in files:
        if path.suffix.lower() not in pictures.FORMATS or not path.is_file():
            what = (
                "a folder" if path.is_dir() else "no image that is read here" if path.is_file() else "no regular file"
            )
            raise checks.InputError(
                f"data={str(folder)!r}: {pictures.short(folder, path)} is {what}; a class folder holds "
                f"{', '.join(sorted(pictures.FORMATS))} files and nothing else"
            )
    return files
