"""Figures of the word itself: its letters and correlations, and the law as images."""

from __future__ import annotations

import math

import numpy as np

from tradeoff import embedding
from tradeoff.distribution import CyclicGaussian
from tradeoff.exhibits.about import law_text
from tradeoff.profiles import Progress
from tradeoff.sheets import Curve, Panel, Sheet, image, line, numbers
from tradeoff.shifts import autocorrelation

MOST_LETTERS = 256
"""A longer row of letters is drawn for its beginning only."""
SEED, AVERAGED = 0, 200
"""The noise of the sample images, and how many images their mean is taken of."""


def words(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """The word as an array whose rows a move by one step shifts up, and its correlations with itself."""
    word = dist.word
    cyclic = word.group.name == "cyclic"
    step = word.length // word.shifts if cyclic and word.shifts > 1 else math.isqrt(word.length)
    whole = word.signs[: word.length - word.length % step].reshape(-1, step)
    letters = Panel(
        "the word: yellow +, blue -", "coordinate within a step", "step", (image(whole[:MOST_LETTERS, :MOST_LETTERS]),)
    )
    every = autocorrelation(word.signs) / word.length
    lags = np.arange(word.length)
    curves = [Curve("", "stems", numbers(lags), numbers(every))]
    if cyclic:
        at = np.arange(word.shifts) * step
        curves.append(line("at the lags of the group's shifts", at, every[at], "points"))
    curves.append(line("1/4, the most that Proposition 1 allows", [0, word.length - 1], [0.25, 0.25], "dashed"))
    correlations = Panel("correlation with its own shifts", "lag", "correlation", tuple(curves))
    letters = Panel(**{**vars(letters), "colours": "signs"})
    return Sheet("words", f"Word and autocorrelation: {law_text(dist)}", (letters, correlations))


def images(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """The word as a picture, one sample and the mean of many, and the word after one move."""
    made = placed(dist)
    rng = np.random.default_rng(SEED)
    x0, x, y = dist.sample(AVERAGED, rng)
    mean = (x * y[:, None]).mean(axis=0)
    moved = np.asarray(dist.word.signs[dist.word.group.places(np.array(1 % dist.word.shifts))])
    panels = []
    for title, data, bit, colours in (
        ("the word (centre: x_0)" if made.centre is not None else "the word", dist.word.signs, 1.0, "signs"),
        ("after one move", moved, 1.0, "signs"),
        (f"one sample, label {y[0]:+.0f}", x[0], x0[0], "signed"),
        (f"mean of {AVERAGED} samples times their labels", mean, float((x0 * y).mean()), "signed"),
    ):
        picture = made.image(np.asarray(bit, dtype=float), np.asarray(data, dtype=float))[0]
        panels.append(Panel(title, curves=(image(picture),), colours=colours))
    return Sheet("images", f"The law as images ({made.name}): {law_text(dist)}", tuple(panels), 4)


def placed(dist: CyclicGaussian) -> embedding.Embedding:
    """Square images if the length allows quarter turns of one (n^2 - 1 coordinates, n odd), else columns of a step."""
    word = dist.word
    side = math.isqrt(word.length + 1)
    turns = word.shifts in (2, 4) and word.group.name == "cyclic"
    if turns and side % 2 and side > 1 and side * side == word.length + 1:
        return embedding.square(side)
    step = word.length // word.shifts if word.group.name == "cyclic" else math.isqrt(word.length)
    while word.length % step:
        step -= 1
    return embedding.rolls(step, word.length // step)
