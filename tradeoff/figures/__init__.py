"""The theory's figures as data: law and radius -> sheet. A new figure is one function and one entry in EXHIBITS."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tradeoff.bounds import least_favourable
from tradeoff.exact import profiles
from tradeoff.figures import frontier as planes
from tradeoff.figures import sweeps, word
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.figure_data import Sheet
from tradeoff.shared.progress import Progress, silent


def _any_law(dist: CyclicGaussian) -> None:
    """No law is refused."""


def _turns_and_bound(dist: CyclicGaussian) -> None:
    profiles.angles(dist)
    least_favourable.check(dist)


@dataclass(frozen=True)
class Exhibit:
    """How a figure's data are made, and what it needs of the law (an `InputError` says what is missing)."""

    build: Callable[[CyclicGaussian, float, Progress], Sheet]
    needs: Callable[[CyclicGaussian], object] = _any_law


EXHIBITS: dict[str, Exhibit] = {
    "words": Exhibit(word.words),
    "radii": Exhibit(sweeps.radii),
    "augmentation": Exhibit(sweeps.augmentation, profiles.angles),
    "robust_training": Exhibit(sweeps.robust_training, _turns_and_bound),
    "joint": Exhibit(sweeps.joint, profiles.angles),
    "frontier": Exhibit(planes.frontiers, least_favourable.check),
    "eta": Exhibit(planes.eta),
    "images": Exhibit(word.images),
}


def build(name: str, dist: CyclicGaussian, *, radius: float, progress: Progress = silent) -> Sheet:
    """The sheet of a figure for a law; ``radius`` is where rules are compared at one radius.

    Errors
    ------
    InputError
        For an unknown name, or a law that this figure cannot show.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> [panel.title for panel in build("words", law, radius=1.0).panels]
    ['the word: yellow +, blue -', 'correlation with its own shifts']
    """
    exhibit = EXHIBITS[checks.known("figures", name, EXHIBITS)]
    exhibit.needs(dist)
    return exhibit.build(dist, radius, progress)


def possible(names: Iterable[str], dist: CyclicGaussian) -> dict[str, str | None]:
    """For each name None, or why this law has no such figure."""
    reasons: dict[str, str | None] = {}
    for name in names:
        try:
            EXHIBITS[name].needs(dist)
            reasons[name] = None
        except checks.InputError as error:
            reasons[name] = str(error)
    return reasons
