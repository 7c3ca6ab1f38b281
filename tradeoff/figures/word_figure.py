"""Words and their autocorrelation, drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tradeoff.codes.groups import autocorrelation
from tradeoff.codes.word import Word

COLORS = ListedColormap(["#0072B2", "#F0E442"])
"""Minus and plus, told apart with any colour vision."""
MOST_COLUMNS = 256
"""A longer row of letters is drawn for its beginning only."""


def words(found: Sequence[tuple[str, Word, int]], *, most: float) -> Figure:
    """For each (name, word, step): the word, one row for each step, and its correlations.

    Of shifts the whole autocorrelation is drawn, with dots at the lags of the shifts; of another group one dot for each
    element. ``most`` is the largest correlation that is asked for.
    """
    figure = Figure(figsize=(10, 0.7 + 1.75 * len(found)), layout="constrained")
    axes = figure.subplots(len(found), 2, squeeze=False, width_ratios=[1, 1.4])
    for (left, right), (name, word, step) in zip(axes, found, strict=True):
        _letters(left, name, word, step)
        _correlations(right, word, step, most)
    shifts = found[0][1].group.name == "cyclic"
    what = "lag (dots: the lags of the shifts" if shifts else "element of the group (0: the identity"
    axes[-1][0].set_xlabel("coordinate within a row of one step (yellow +, blue -)", fontsize=9)
    axes[-1][1].set_xlabel(f"{what}; dashed: the most that was asked for)", fontsize=9)
    return figure


def _letters(axes: Axes, name: str, word: Word, step: int) -> None:
    """The word as an array: a shift moves the rows up, so a column is what one orbit of coordinates shows."""
    signs = word.signs.reshape(-1, step)
    if step == 1:  # one long column would be invisible
        signs = signs.T
    shown = signs[:MOST_COLUMNS, :MOST_COLUMNS]
    axes.imshow(shown, cmap=COLORS, vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    part = "" if shown.size == signs.size else f", its first {shown.shape[0]} x {shown.shape[1]} letters"
    axes.set_title(f"{name}: length {word.length}, step {step}{part}", fontsize=9)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(labelsize=8)


def _correlations(axes: Axes, word: Word, step: int, most: float) -> None:
    if word.group.name == "cyclic":
        every, spacing = autocorrelation(word.signs) / word.length, step
        dots = every[::step]
    else:
        every, spacing = word.correlations, 1
        dots = every
    lags = np.arange(len(every))
    if len(every) <= 4 * MOST_COLUMNS:
        axes.vlines(lags, 0, every, color="0.6", lw=0.8)
    else:
        axes.plot(lags, every, color="0.6", lw=0.5)
    axes.plot(spacing * np.arange(len(dots)), dots, "o", ms=3.5 if len(dots) <= 128 else 1.5, color="#D55E00", zorder=3)
    axes.axhline(most, color="#0072B2", ls="--", lw=1)
    axes.axhline(0, color="black", lw=0.5)
    axes.set_ylim(min(-0.35, float(every.min()) - 0.1), 1.1)
    margin = max(0.02 * len(every), 0.5)
    axes.set_xlim(-margin, len(every) - 1 + margin)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("correlation", fontsize=8)
    axes.tick_params(labelsize=8)
