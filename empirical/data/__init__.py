"""Data sets by name. A new one is a file with ``load() -> ImageSet`` and an entry here."""

from collections.abc import Callable

from empirical.data import digits, mnist
from empirical.data.images import ImageSet

DATASETS: dict[str, Callable[[], ImageSet]] = {"digits": digits.load, "mnist": mnist.load}
