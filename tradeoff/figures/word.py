"""Figures of the word itself: its letters and correlations, and the law as images."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tradeoff.codes import pixels
from tradeoff.codes.groups import autocorrelation
from tradeoff.codes.word import Word
from tradeoff.figures.titles import law_text
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.figure_data import Curve, Panel, Sheet, image, line, numbers
from tradeoff.shared.progress import Progress

PROPOSITION_1, LIMIT = 0.25, "1/4, the most that Proposition 1 allows"
MOST_LETTERS, MOST_LAGS = 256, 4096
"""Of longer rows of letters, and of more correlations, the beginning is shown."""
ROW_HEIGHT = 1.9
"""Inches for each word where several are compared."""
SEED, AVERAGED = 0, 200
"""The noise of the sample images, and how many images their mean is taken of."""


def words(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """The word as an array whose rows a move by one step shifts up, and its correlations with its own moves."""
    panels = (_letters(dist.word, "the word"), _correlations(dist.word, PROPOSITION_1, LIMIT))
    return Sheet("words", f"Word and autocorrelation: {law_text(dist)}", panels)


def compared(found: Sequence[tuple[str, Word]], *, most: float) -> Sheet:
    """Words by name, one below the other, as in `words`; ``most`` is the largest correlation that is asked for."""
    panels = []
    for name, word in found:
        panels += [
            _letters(word, f"{name}: length {word.length}, {word.shifts} moves"),
            _correlations(word, most, f"{most:g}, the most that is asked for"),
        ]
    return Sheet(
        "correlations",
        "Words and autocorrelation, lower is better but at lag 0",
        tuple(panels),
        panel_height=ROW_HEIGHT,
    )


def _letters(word: Word, title: str) -> Panel:
    """A word as an array: a move by one step shifts its rows up, so a column is what one orbit shows."""
    cyclic = word.group.name == "cyclic"
    step = word.length // word.shifts if cyclic else _columns(word.length)
    signs = word.signs.reshape(-1, step)
    if step == 1:  # one long column would be invisible
        signs = signs.T
    shown = signs[:MOST_LETTERS, :MOST_LETTERS]
    part = "" if shown.size == signs.size else f", its first {shown.shape[0]} x {shown.shape[1]} letters"
    across, down = ("coordinate within a step", "step") if cyclic and step > 1 else ("column", "row")
    return Panel(title + part, across, down, (image(shown),), colours="signs", source="exact", bar="letter")


def _columns(length: int) -> int:
    """The divisor of a length that is nearest below its root: rows and columns of a picture without gaps."""
    return max(n for n in range(1, math.isqrt(length) + 1) if length % n == 0)


def _correlations(word: Word, most: float, limit: str) -> Panel:
    """The word's correlations with its own moves, and the most that they should be, which is called ``limit``.

    Of shifts those at every lag, with dots at the lags of the group; of another group those of its elements.
    """
    if word.group.name == "cyclic":
        every, step = autocorrelation(word.signs) / word.length, word.length // word.shifts
        title, across, dots = "correlation with its own shifts", "lag", "at the lags of the group's shifts"
    else:
        every, step = word.correlations, 1
        title, dots = "correlation with its own moves", "at each element of the group"
        across = "element of the group (0: the identity)"
    part = "" if len(every) <= MOST_LAGS else f", the first {MOST_LAGS}"
    shown = every[:MOST_LAGS]
    at = np.arange(0, len(shown), step)
    curves = (
        Curve("", "stems", numbers(np.arange(len(shown))), numbers(shown)),
        line(dots, at, shown[at], "points", look="word"),
        line(limit, [0, len(shown) - 1], [most, most], "dashed", look="bound"),
    )
    return Panel(title + part, across, "correlation", curves, source="exact")


def images(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """The word as a picture, one sample and the mean of many, and the word after one move."""
    made = placed(dist)
    rng = np.random.default_rng(SEED)
    x0, x, y = dist.sample(AVERAGED, rng)
    mean = (x * y[:, None]).mean(axis=0)
    moved = np.asarray(dist.word.signs[dist.word.group.places(np.array(1 % dist.word.shifts))])
    panels = []
    for title, data, bit, colours in (
        ("the word (grey: x_0)" if made.centre is not None else "the word", dist.word.signs, 0.0, "signs"),
        ("after one move", moved, 0.0, "signs"),
        (f"one sample, label {y[0]:+.0f}", x[0], x0[0], "signed"),
        (f"mean of {AVERAGED} samples times their labels", mean, float((x0 * y).mean()), "signed"),
    ):
        picture = made.image(np.asarray(bit, dtype=float), np.asarray(data, dtype=float))[0]
        source, bar = ("exact", "letter") if colours == "signs" else ("sampled", "feature")
        panels.append(Panel(title, curves=(image(picture),), colours=colours, source=source, bar=bar))
    return Sheet("images", f"The law as images ({made.name}), brighter is more: {law_text(dist)}", tuple(panels))


def placed(dist: CyclicGaussian) -> pixels.Embedding:
    """Square images if the length allows quarter turns of one (n^2 - 1 coordinates, n odd), else columns of a step."""
    word = dist.word
    side = math.isqrt(word.length + 1)
    turns = word.group.name == "cyclic" and word.shifts in (2, 4)
    turns |= word.group.name == "dihedral" and word.shifts in (4, 8)
    if turns and side % 2 and side > 1 and side * side == word.length + 1:
        return pixels.square(side)
    step = word.length // word.shifts if word.group.name == "cyclic" else _columns(word.length)
    return pixels.rolls(step, word.length // step)
