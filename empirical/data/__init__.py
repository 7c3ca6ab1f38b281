"""Data sets by name, to train on and to measure on, and images of your own.

A new data set is a file with ``load() -> ImageSet``, an entry in DATASETS, and one in MEASURED for the part of it that
networks are measured on. A new kind of file is a file with ``load(path) -> ImageSet`` and a line in ``read``.
"""

from collections.abc import Callable
from pathlib import Path

from empirical.compute.draws import Draws
from empirical.data import class_folders, digits, mnist, npz
from empirical.data.images import ImageSet
from tradeoff.shared import checks

DATASETS: dict[str, Callable[[], ImageSet]] = {"digits": digits.load, "mnist": mnist.load}
"""All images, those for training among them."""

MEASURED: dict[str, Callable[[], ImageSet]] = {"digits": digits.held_out, "mnist": mnist.published_test}
"""The images to measure on: the digits that training here leaves out, the published test images of MNIST."""


def read(spec: str) -> ImageSet:
    """The images to measure on: a name in MEASURED, a folder of class folders, or an .npz archive.

    A name wins over a folder of that name; write ./digits for the folder.

    Raises
    ------
    InputError
        If there is no such thing, or what is there cannot be read; see ``class_folders.load`` and ``npz.load``.
    """
    if not isinstance(spec, (str, Path)):
        raise checks.InputError(f"data={spec!r} is no name and no path; use {', '.join(MEASURED)}, a folder or a file")
    spec = str(spec)
    if spec in MEASURED:
        return MEASURED[spec]()
    path = Path(spec)
    if spec and path.is_dir():
        return class_folders.load(path)
    if path.suffix.lower() == ".npz":
        return npz.load(path)
    raise checks.InputError(
        f"data={spec!r} is unknown; use {', '.join(MEASURED)}, a folder that exists and holds class folders, "
        "or a file FILE.npz with images and labels"
    )


def limited(data: ImageSet, n: int) -> ImageSet:
    """``n`` of the images, chosen at random but always alike, in the source's order; all of them if there are no more.

    A smaller choice is part of a larger one. The first n would not do: in a folder sorted by class they are one class.

    Raises
    ------
    InputError
        If ``n`` is not a whole number from 1 on.
    """
    n = checks.at_least("limit", n, 1, what="a number of images")
    if not isinstance(data, ImageSet):
        raise checks.InputError(f"data is {type(data).__name__}; pass an ImageSet, such as read('digits')")
    if n >= len(data):
        return data
    rows = Draws(0, "limit").permutation(len(data))[:n].sort().values
    return data.take(rows.to(data.labels.device))
