"""Data sets by name, to train on and to measure on, and images of your own.

A new data set is a file with ``load() -> ImageSet``, an entry in DATASETS, and one in MEASURED for the part of it that
networks are measured on. A new kind of file is a file with ``load(path, limit=) -> ImageSet`` and a line in ``read``.
"""

from collections.abc import Callable
from pathlib import Path

from empirical.data import cifar, class_folders, digits, mnist, npz
from empirical.data.gathered import chosen
from empirical.data.images import ImageSet
from tradeoff.shared import checks

DATASETS: dict[str, Callable[[], ImageSet]] = {
    "digits": digits.load,
    "mnist": mnist.load,
    "cifar10": cifar.cifar10,
    "cifar100": cifar.cifar100,
}
"""All images, those for training among them."""

TRAINED_ON: dict[str, Callable[[], ImageSet]] = {
    "digits": digits.not_held_out,
    "mnist": mnist.published_train,
    "cifar10": cifar.cifar10_train,
    "cifar100": cifar.cifar100_train,
}
"""The images to train on: the others."""

MEASURED: dict[str, Callable[[], ImageSet]] = {
    "digits": digits.held_out,
    "mnist": mnist.published_test,
    "cifar10": cifar.cifar10_test,
    "cifar100": cifar.cifar100_test,
}
"""The images to measure on: the digits that training here leaves out, the published test images of the others."""


def read(spec: str, *, limit: int | None = None) -> ImageSet:
    """The images to measure on, `limited`: a name in MEASURED, a folder of class folders, or an .npz archive.

    A name wins over a folder of that name; write ./digits for the folder.

    Raises
    ------
    InputError
        If there is no such thing, or what is there cannot be read; see ``class_folders.load`` and ``npz.load``.
    """
    if not isinstance(spec, (str, Path)):
        raise checks.InputError(f"data={spec!r} is no name and no path; use {', '.join(MEASURED)}, a folder or a file")
    spec = str(spec)
    if limit is not None:
        checks.at_least("limit", limit, 1, what="a number of images")
    if spec in MEASURED:
        data = MEASURED[spec]()
        return data if limit is None else limited(data, limit)
    path = Path(spec)
    if spec and path.is_dir():
        return class_folders.load(path, limit=limit)
    if path.suffix.lower() == ".npz":
        return npz.load(path, limit=limit)
    raise checks.InputError(
        f"data={spec!r} is unknown; use {', '.join(MEASURED)}, a folder that exists and holds class folders, "
        "or a file FILE.npz with images and labels"
    )


def limited(data: ImageSet, n: int) -> ImageSet:
    """``n`` of the images, as `gathered.chosen` chooses them; all of them if there are no more.

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
    return data.take(chosen(len(data), n).to(data.labels.device))
