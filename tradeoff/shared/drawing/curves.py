"""A curve drawn: the only place that knows how a kind of curve looks."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from tradeoff.shared.figure_data import Curve
from tradeoff.shared.palette import CLOSED, FAINT, MARKERS, SHADE, Look

STYLES = {"line": "-", "dashed": "--", "dotted": ":"}
MOST_MARKED, MANY, SPACED = 24, 128, 6
"""Lines of more points have open markers at so many of them, which tell lines apart; points that are many are small."""


def draw_curve(axes: Axes, curve: Curve, look: Look) -> None:
    colour, marker = look
    if curve.kind == "region":
        axes.fill_between(curve.x, curve.low, curve.high, color=SHADE, lw=0, zorder=0)
    elif curve.kind == "hatched":
        axes.fill_between(
            curve.x, curve.low, curve.high, facecolor="none", edgecolor=CLOSED, hatch="///", lw=0, zorder=1
        )
    elif curve.kind == "band":
        axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.3, lw=0)
        for edge in (curve.low, curve.high):  # where the band is thin, its edges show it
            axes.plot(curve.x, edge, color=colour, lw=0.9)
    elif curve.kind == "stems":
        axes.vlines(curve.x, 0, curve.y, color=FAINT, lw=0.8)
        axes.axhline(0, color="black", lw=0.5)
    elif curve.kind == "points" and (curve.low or curve.x_low):
        _with_intervals(axes, curve, look)
    elif curve.kind == "points":
        _points(axes, curve, look)
    else:
        few = len(curve.x) <= MOST_MARKED
        at = None if few else _spaced(len(curve.x), marker)
        face = colour if few else "white"
        style = STYLES[curve.kind]
        axes.plot(curve.x, curve.y, ls=style, marker=marker, ms=4, mfc=face, markevery=at, lw=1.5, color=colour)


def _points(axes: Axes, curve: Curve, look: Look) -> None:
    """Points of a colour; a lone one, a rule among others, has a white rim and is smaller than those before it."""
    colour, marker = look
    if len(curve.x) > 1:
        size = 5.0 if len(curve.x) <= MANY else 2.0
        axes.plot(curve.x, curve.y, ls="none", marker=marker, ms=size, color=colour, zorder=4)
        return
    before = sum(np.size(line.get_xdata()) == 1 for line in axes.lines)
    size = max(11.0 - 1.5 * before, 5.5)  # so that none hides another
    edge, width = ("white", 0.4) if marker in MARKERS else (colour, 1.0)
    axes.plot(curve.x, curve.y, ls="none", marker=marker, ms=size, color=colour, zorder=4.5, mec=edge, mew=width)


def _spaced(count: int, marker: str) -> tuple[int, int]:
    """The first of a line's open markers and the step between them; those of lines that coincide stand side by side."""
    step = max(1, count // SPACED)
    place = MARKERS.index(marker) if marker in MARKERS else 0
    return place * step // len(MARKERS), step


def _with_intervals(axes: Axes, curve: Curve, look: Look) -> None:
    """Points whose intervals stand up and down, across, or both."""
    up, across = _arms(curve.y, curve.low, curve.high), _arms(curve.x, curve.x_low, curve.x_high)
    colour, marker = look
    axes.errorbar(curve.x, curve.y, up, across, fmt=marker, ms=4, color=colour, capsize=2, lw=1, zorder=5)


def _arms(at: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...]) -> NDArray[np.float64] | None:
    return np.abs(np.array([low, high]) - np.array(at)) if low else None
