"""Words and their autocorrelation, drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tradeoff.codes import cyclic_word
from tradeoff.shifts import autocorrelation

COLORS = ListedColormap(["#0072B2", "#F0E442"])
"""Minus and plus, told apart with any colour vision."""
MOST_COLUMNS = 256
"""A longer row of letters is drawn for its beginning only."""


def words(found: Sequence[tuple[str, str, int]], *, most: float) -> Figure:
    """For each (name, word, step): the word, one row for each shift, and its autocorrelation at all lags.

    ``most`` is the largest correlation that is asked for at the lags of the shifts.
    """
    figure = Figure(figsize=(10, 0.7 + 1.75 * len(found)), layout="constrained")
    axes = figure.subplots(len(found), 2, squeeze=False, width_ratios=[1, 1.4])
    for (left, right), (name, text, step) in zip(axes, found, strict=True):
        _letters(left, name, text, step)
        _correlations(right, text, step, most)
    axes[-1][0].set_xlabel("coordinate within a row of one step (yellow +, blue -)", fontsize=9)
    axes[-1][1].set_xlabel("lag (dots: the lags of the shifts; dashed: the most that was asked for)", fontsize=9)
    return figure


def _letters(axes: Axes, name: str, text: str, step: int) -> None:
    """The word as an array: a shift moves the rows up, so a column is what one orbit of coordinates shows."""
    signs = cyclic_word(text, step).signs.reshape(-1, step)
    if step == 1:  # one long column would be invisible
        signs = signs.T
    shown = signs[:MOST_COLUMNS, :MOST_COLUMNS]
    axes.imshow(shown, cmap=COLORS, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    part = "" if shown.size == signs.size else f", its first {shown.shape[0]} x {shown.shape[1]} letters"
    axes.set_title(f"{name}: length {len(text)}, step {step}{part}", fontsize=9)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(labelsize=8)


def _correlations(axes: Axes, text: str, step: int, most: float) -> None:
    word = cyclic_word(text, step)
    every = autocorrelation(word.signs) / word.length
    lags = np.arange(word.length)
    if word.length <= 4 * MOST_COLUMNS:
        axes.vlines(lags, 0, every, color="0.6", lw=0.8)
    else:
        axes.plot(lags, every, color="0.6", lw=0.5)
    dots = lags[::step]
    axes.plot(dots, every[::step], "o", ms=3.5 if len(dots) <= 128 else 1.5, color="#D55E00", zorder=3)
    axes.axhline(most, color="#0072B2", ls="--", lw=1)
    axes.axhline(0, color="black", lw=0.5)
    axes.set_ylim(min(-0.35, float(every.min()) - 0.1), 1.1)
    axes.set_xlim(-0.02 * word.length, 1.02 * word.length)
    axes.set_ylabel("correlation", fontsize=8)
    axes.tick_params(labelsize=8)
