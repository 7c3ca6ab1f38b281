"""Figures of the word itself: its letters and correlations, and the law as images."""

from __future__ import annotations

import math

import numpy as np

from tradeoff.codes import pixels
from tradeoff.codes.groups import autocorrelation
from tradeoff.figures.titles import law_text
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.figure_data import Curve, Panel, Sheet, image, line, numbers
from tradeoff.shared.progress import Progress

LIMIT = "1/4, the most that Proposition 1 allows"
MOST_LETTERS = 256
"""A longer row of letters is drawn for its beginning only."""
SEED, AVERAGED = 0, 200
"""The noise of the sample images, and how many images their mean is taken of."""


def words(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """The word as an array whose rows a move by one step shifts up, and its correlations with its own moves."""
    word = dist.word
    cyclic = word.group.name == "cyclic"
    step = word.length // word.shifts if cyclic else _columns(word.length)
    signs = word.signs.reshape(-1, step)
    shown = signs[:MOST_LETTERS, :MOST_LETTERS]
    part = "" if shown.size == signs.size else f", its first {shown.shape[0]} x {shown.shape[1]} letters"
    across, down = ("coordinate within a step", "step") if cyclic else ("column", "row")
    letters = Panel(f"the word: yellow +, blue -{part}", across, down, (image(shown),), colours="signs")
    right = _lags(dist, step) if cyclic else _elements(dist)
    return Sheet("words", f"Word and autocorrelation: {law_text(dist)}", (letters, right))


def _columns(length: int) -> int:
    """The divisor of a length that is nearest below its root: rows and columns of a picture without gaps."""
    return max(n for n in range(1, math.isqrt(length) + 1) if length % n == 0)


def _lags(dist: CyclicGaussian, step: int) -> Panel:
    """Correlations at every lag, those of the group's shifts as dots."""
    word = dist.word
    every = autocorrelation(word.signs) / word.length
    at = np.arange(word.shifts) * step
    curves = (
        Curve("", "stems", numbers(np.arange(word.length)), numbers(every)),
        line("at the lags of the group's shifts", at, every[at], "points"),
        line(LIMIT, [0, word.length - 1], [0.25, 0.25], "dashed"),
    )
    return Panel("correlation with its own shifts", "lag", "correlation", curves)


def _elements(dist: CyclicGaussian) -> Panel:
    """Correlations with the word moved by each element of the group."""
    at, rho = np.arange(dist.word.shifts), dist.word.correlations
    curves = (
        Curve("", "stems", numbers(at), numbers(rho)),
        line("at each element of the group", at, rho, "points"),
        line(LIMIT, [0, dist.word.shifts - 1], [0.25, 0.25], "dashed"),
    )
    return Panel("correlation with its own moves", "element of the group (0: the identity)", "correlation", curves)


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
        (f"one sample (red +, blue -), label {y[0]:+.0f}", x[0], x0[0], "signed"),
        (f"mean of {AVERAGED} samples times their labels", mean, float((x0 * y).mean()), "signed"),
    ):
        picture = made.image(np.asarray(bit, dtype=float), np.asarray(data, dtype=float))[0]
        panels.append(Panel(title, curves=(image(picture),), colours=colours))
    return Sheet("images", f"The law as images ({made.name}): {law_text(dist)}", tuple(panels), 4)


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
