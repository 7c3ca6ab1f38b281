"""The one legend of a figure: its entries, and how much room they take."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tradeoff.shared.drawing.curves import MOST_MARKED, STYLES
from tradeoff.shared.drawing.looks import labelled, look_of
from tradeoff.shared.drawing.sizes import LETTER, SMALL, WIDTH, broken, letters_in
from tradeoff.shared.figure_data import Curve, Panel
from tradeoff.shared.palette import CLOSED, SHADE, Look

MOST_LINES = 12
"""Of a legend in the place of a panel."""
ROW, ROWS = 0.17, 4
"""Inches of a line below the panels, and lines for which the margin of a figure has room."""


def entries(panels: Sequence[Panel], looks: dict[str, Look]) -> list[Artist]:
    """Of the legend: one for each label."""
    with_points = {curve.label for panel in panels for curve in panel.curves if curve.kind == "points"}
    entries = [_handle(curve, looks, marked=curve.label in with_points) for curve in labelled(panels)]
    for entry in entries:
        entry.set_label(broken(str(entry.get_label()), letters_in(SMALL, WIDTH / 2 - 0.8)))
    return entries


def fits_inside(entries: Sequence[Artist]) -> bool:
    """Whether they have room in the place of a panel."""
    return sum(map(_lines, entries)) <= MOST_LINES


def more_height(entries: Sequence[Artist]) -> float:
    """Inches that a legend below all panels needs beyond the margin, if its longest column had all broken entries."""
    if not entries:
        return 0.0
    broken_twice = sum(_lines(entry) - 1 for entry in entries)
    lines = math.ceil(len(entries) / _columns(entries)) + broken_twice
    return ROW * max(0, lines - ROWS)


def add(figure: Figure, entries: Sequence[Artist], place: Axes | None) -> None:
    """The legend in a free place, or below all panels."""
    if place is not None:
        middle = (0.5, 0.5)
        figure.legend(
            handles=entries, loc="center", bbox_to_anchor=middle, bbox_transform=place.transAxes, fontsize=SMALL
        )
    elif entries:
        ncols = _columns(entries)
        figure.legend(handles=entries, loc="outside lower center", ncols=ncols, fontsize=SMALL, frameon=False)


def _lines(entry: Artist) -> int:
    """How many lines an entry of a legend has."""
    return str(entry.get_label()).count("\n") + 1


def _columns(entries: Sequence[Artist]) -> int:
    """How many entries of a legend below all panels stand side by side."""
    longest = max(len(line) for entry in entries for line in str(entry.get_label()).split("\n"))
    return max(1, min(4, int(72 * (WIDTH - 0.2) / (LETTER * SMALL * longest + 44)), len(entries)))


def _handle(curve: Curve, looks: dict[str, Look], *, marked: bool) -> Artist:
    """The entry of a label in the legend; a line has its marker where it is drawn with markers, or ``marked``."""
    if curve.kind == "region":
        return Patch(color=SHADE, label=curve.label)
    if curve.kind == "hatched":
        return Patch(facecolor="none", edgecolor=CLOSED, hatch="///", label=curve.label)
    colour, marker = look_of(curve, looks)
    if curve.kind == "band":
        return Patch(color=colour, alpha=0.3, label=curve.label)
    style = STYLES.get(curve.kind, "none")
    face = colour if marked or len(curve.x) <= MOST_MARKED else "white"
    return Line2D([], [], color=colour, ls=style, marker=marker, ms=5, mfc=face, label=curve.label)
