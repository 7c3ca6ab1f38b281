"""The theory's figures as data: law and radius -> sheet. A new figure is one function and one entry in FIGURES."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradeoff.shared import checks
from tradeoff.shared.progress import Progress, silent
from tradeoff.shared.registry import loaded

if TYPE_CHECKING:
    from tradeoff.model.law import CyclicGaussian
    from tradeoff.shared.figure_data import Sheet


@dataclass(frozen=True)
class FigureEntry:
    """Where a figure's data are made, as "module:function", and what is asked of the law first.

    ``build(dist, radius, progress)`` returns a sheet; each of ``needs`` takes the law and raises an `InputError` that
    says what is missing.
    """

    build: str
    needs: tuple[str, ...] = ()


RANGES, BOUND = "tradeoff.exact.profiles:angles", "tradeoff.bounds.least_favourable:check"
FIGURES: dict[str, FigureEntry] = {
    "words": FigureEntry("tradeoff.figures.word:words"),
    "radii": FigureEntry("tradeoff.figures.sweeps:radii"),
    "augmentation": FigureEntry("tradeoff.figures.sweeps:augmentation", (RANGES,)),
    "robust_training": FigureEntry("tradeoff.figures.sweeps:robust_training", (RANGES, BOUND)),
    "joint": FigureEntry("tradeoff.figures.sweeps:joint", (RANGES,)),
    "frontier": FigureEntry("tradeoff.figures.frontier:frontiers", (BOUND,)),
    "eta": FigureEntry("tradeoff.figures.frontier:eta"),
    "images": FigureEntry("tradeoff.figures.word:images"),
}


def build(name: str, dist: CyclicGaussian, *, radius: float, progress: Progress = silent) -> Sheet:
    """The sheet of a figure for a law; ``radius`` is where rules are compared at one radius.

    Raises
    ------
    InputError
        For an unknown name, or a law that this figure cannot show.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> from tradeoff.model.law import CyclicGaussian
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> [panel.title for panel in build("words", law, radius=1.0).panels]
    ['the word', 'correlation with its own shifts']
    """
    entry = FIGURES[checks.known("figures", name, FIGURES)]
    _ask(entry, dist)
    sheet: Sheet = loaded(entry.build)(dist, radius, progress)
    return sheet


def possible(names: Iterable[str], dist: CyclicGaussian) -> dict[str, str | None]:
    """For each name None, or why this law has no such figure."""
    reasons: dict[str, str | None] = {}
    for name in names:
        try:
            _ask(FIGURES[name], dist)
            reasons[name] = None
        except checks.InputError as error:
            reasons[name] = str(error)
    return reasons


def _ask(entry: FigureEntry, dist: CyclicGaussian) -> None:
    for place in entry.needs:
        loaded(place)(dist)
