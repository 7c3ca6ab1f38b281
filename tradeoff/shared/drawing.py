"""A sheet drawn: the only place that knows how a kind of curve looks."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from tradeoff.shared.figure_data import Curve, Panel, Sheet
from tradeoff.shared.names import drawn
from tradeoff.shared.palette import BLACK, BLUE, COLOURS, LOOKS, MARKERS, ORANGE, SHADE, YELLOW, Look

STYLES = {"line": "-", "dashed": "--", "dotted": ":"}
# Minus, the place of x_0, plus.
MAPS: dict[str, str | ListedColormap] = {
    "plain": "cividis",
    "signed": "RdBu_r",
    "signs": ListedColormap([BLUE, "0.6", YELLOW]),
}
PANEL_WIDTH = 4.9
"""Inches; a sheet says how high its panels are."""
MOST_MARKED, MANY = 24, 128
"""Lines of more points have no markers; points that are many are small."""

STYLE = {"text.parse_math": False, "svg.hashsalt": "tradeoff", "svg.fonttype": "path"}
"""A dollar sign is one: text is no mathematics. The same figure has the same SVG."""


@contextmanager
def own_style() -> Iterator[None]:
    """Matplotlib as it comes, whatever the settings of its user: in here figures are made and encoded."""
    with matplotlib.style.context(["default", STYLE]):
        yield


@own_style()
def draw(sheet: Sheet) -> Figure:
    """The figure of a sheet: panels in reading order, one legend below for labels that several panels share."""
    sheet = _printable(sheet)
    columns = min(sheet.columns, len(sheet.panels))
    rows = math.ceil(len(sheet.panels) / columns)
    figure = Figure(figsize=(PANEL_WIDTH * columns, sheet.panel_height * rows + 0.9), layout="constrained")
    looks = _looks(sheet.panels)
    every = figure.subplots(rows, columns, squeeze=False).reshape(-1)
    for axes, panel in zip(every, sheet.panels, strict=False):
        _panel(axes, panel, looks)
    for axes in every[len(sheet.panels) :]:
        axes.set_axis_off()
    with_points = {curve.label for panel in sheet.panels for curve in panel.curves if curve.kind == "points"}
    handles = [_handle(curve, looks, marked=curve.label in with_points) for curve in _labelled(sheet.panels)]
    if handles:
        figure.legend(
            handles=handles, loc="outside lower center", ncols=min(4, columns + 1), fontsize=8.5, frameon=False
        )
    figure.suptitle(sheet.title, fontsize=10.5)
    return figure


def _printable(sheet: Sheet) -> Sheet:
    """The sheet with every text as it can be drawn: control characters, which no SVG may hold, as escapes."""
    return replace(sheet, title=drawn(sheet.title), panels=tuple(map(_printable_panel, sheet.panels)))


def _printable_panel(panel: Panel) -> Panel:
    return replace(
        panel,
        title=drawn(panel.title),
        x_label=drawn(panel.x_label),
        y_label=drawn(panel.y_label),
        top_label=drawn(panel.top_label),
        curves=tuple(map(_printable_curve, panel.curves)),
    )


def _printable_curve(curve: Curve) -> Curve:
    columns, rows = (tuple(map(drawn, names)) for names in (curve.x_names, curve.y_names))
    return replace(curve, label=drawn(curve.label), look=drawn(curve.look), x_names=columns, y_names=rows)


def _labelled(panels: Iterable[Panel]) -> list[Curve]:
    """The first curve of each label, in order of appearance; a line stands before points of its label."""
    found: dict[str, Curve] = {}
    for curve in (curve for panel in panels for curve in panel.curves if curve.label):
        if curve.label not in found or found[curve.label].kind == "points":
            found[curve.label] = curve
    return list(found.values())


def _looks(panels: Iterable[Panel]) -> dict[str, Look]:
    """A colour and a marker for each label that is not a region and does not look like another."""
    labels = [curve.label for curve in _labelled(panels) if curve.kind not in ("region", "hatched") and not curve.look]
    fixed = {label: look for label in labels for start, look in LOOKS.items() if label.startswith(start)}
    taken = {look[0] for look in fixed.values()}
    spare = [look for look in zip(COLOURS, MARKERS, strict=True) if look[0] not in taken] or [(COLOURS[0], MARKERS[0])]
    others = [label for label in labels if label not in fixed]
    return fixed | {label: _look(spare, number) for number, label in enumerate(others)}


def _look(spare: Sequence[Look], number: int) -> Look:
    """Colour and marker of the label of this number: colours first, then another marker to each."""
    colour = spare[number % len(spare)][0]
    return colour, spare[(number + number // len(spare)) % len(spare)][1]


def _handle(curve: Curve, looks: dict[str, Look], *, marked: bool) -> Artist:
    """The entry of a label in the legend; a line has its marker where it is drawn with markers, or ``marked``."""
    if curve.kind == "region":
        return Patch(color=SHADE, label=curve.label)
    if curve.kind == "hatched":
        return Patch(facecolor="none", edgecolor=ORANGE, hatch="///", label=curve.label)
    colour, marker = looks[curve.look or curve.label]
    if curve.kind == "band":
        return Patch(color=colour, alpha=0.3, label=curve.label)
    style = STYLES.get(curve.kind, "none")
    marker = marker if marked or len(curve.x) <= MOST_MARKED else ""
    return Line2D([], [], color=colour, ls=style, marker=marker, ms=5, label=curve.label)


def _panel(axes: Axes, panel: Panel, looks: dict[str, Look]) -> None:
    for curve in panel.curves:
        if curve.kind == "image":
            _image(axes, curve, panel)
        else:
            _curve(axes, curve, looks.get(curve.look or curve.label, (BLACK, "o")))
    axes.set_title(panel.title, fontsize=9.5)
    axes.set_xlabel(panel.x_label, fontsize=9)
    axes.set_ylabel(panel.y_label, fontsize=9)
    axes.tick_params(labelsize=8)
    if panel.x_range:
        axes.set_xlim(panel.x_range)
    if panel.y_range:
        axes.set_ylim(panel.y_range)
    if panel.top_label:
        _top_scale(axes, panel)
    if not any(curve.kind == "image" for curve in panel.curves):
        axes.grid(alpha=0.25)


def _top_scale(axes: Axes, panel: Panel) -> None:
    """What is across in another unit, on the upper edge."""
    unit = panel.top_unit
    top = axes.secondary_xaxis("top", functions=(lambda x: np.divide(x, unit), lambda x: np.multiply(x, unit)))
    top.set_xlabel(panel.top_label, fontsize=9)
    top.tick_params(labelsize=8)


def _curve(axes: Axes, curve: Curve, look: Look) -> None:
    colour, marker = look
    if curve.kind == "region":
        axes.fill_between(curve.x, curve.low, curve.high, color=SHADE, lw=0, zorder=0)
    elif curve.kind == "hatched":
        axes.fill_between(
            curve.x, curve.low, curve.high, facecolor="none", edgecolor=ORANGE, hatch="///", lw=0, zorder=1
        )
    elif curve.kind == "band":
        axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.3, lw=0)
        for edge in (curve.low, curve.high):  # where the band is thin, its edges show it
            axes.plot(curve.x, edge, color=colour, lw=0.9)
    elif curve.kind == "stems":
        axes.vlines(curve.x, 0, curve.y, color="0.6", lw=0.8)
        axes.axhline(0, color="black", lw=0.5)
    elif curve.kind == "points" and (curve.low or curve.x_low):
        _with_intervals(axes, curve, look)
    elif curve.kind == "points":
        size = 6 if len(curve.x) <= MANY else 2
        axes.plot(curve.x, curve.y, ls="none", marker=marker, ms=size, color=colour, zorder=4)
    else:
        few = len(curve.x) <= MOST_MARKED
        axes.plot(curve.x, curve.y, ls=STYLES[curve.kind], marker=marker if few else "", ms=4, lw=1.7, color=colour)


def _with_intervals(axes: Axes, curve: Curve, look: Look) -> None:
    """Points whose intervals stand up and down, across, or both."""
    up, across = _arms(curve.y, curve.low, curve.high), _arms(curve.x, curve.x_low, curve.x_high)
    colour, marker = look
    axes.errorbar(curve.x, curve.y, up, across, fmt=marker, ms=4, color=colour, capsize=2, lw=1, zorder=5)


def _arms(at: tuple[float, ...], low: tuple[float, ...], high: tuple[float, ...]) -> NDArray[np.float64] | None:
    return np.abs(np.array([low, high]) - np.array(at)) if low else None


def _image(axes: Axes, curve: Curve, panel: Panel) -> None:
    table = np.array(curve.rows)
    most = float(np.abs(table).max()) or 1.0
    low, high = (0.0, 1.0) if panel.colours == "plain" else (-most, most)
    square = not (curve.x or curve.y or curve.x_names) and table.shape[0] == table.shape[1]
    aspect: Literal["equal", "auto"] = "equal" if square else "auto"
    axes.imshow(table, cmap=MAPS[panel.colours], vmin=low, vmax=high, aspect=aspect, interpolation="nearest")
    columns, rows = (names or tuple(f"{at:g}" for at in places) for names, places in _axes_of(curve))
    for ticks, axis, names, label in (
        (axes.set_xticks, axes.xaxis, columns, panel.x_label),
        (axes.set_yticks, axes.yaxis, rows, panel.y_label),
    ):
        if names:
            ticks(range(len(names)), names)
        elif label:
            axis.set_major_locator(MaxNLocator(integer=True))
        else:
            ticks([])
    if panel.written:
        for (row, column), value in np.ndenumerate(table):
            shade = "white" if value < 0.6 * high else "black"
            axes.text(column, row, f"{value:.3f}".lstrip("0"), ha="center", va="center", fontsize=7, color=shade)


def _axes_of(curve: Curve) -> tuple[tuple[tuple[str, ...], tuple[float, ...]], ...]:
    """What the columns of an image stand for, and its rows: names, or numbers."""
    return (curve.x_names, curve.x), (curve.y_names, curve.y)


def files(sheet: Sheet, *, name: str = "", kinds: Sequence[str] = ("png", "svg")) -> Iterator[tuple[str, bytes | str]]:
    """The files of a figure, ``name`` or the sheet's own before the dot: its numbers, and the picture in each kind."""
    name = name or sheet.name
    yield f"{name}.jsonl", sheet.to_lines()
    for kind in kinds:  # drawn afresh for each: saving a figure moves its layout by a hair
        yield f"{name}.{kind}", encode(draw(sheet), kind)


@own_style()
def encode(figure: Figure, kind: str) -> bytes:
    """PNG or SVG bytes that depend on the figure only: no date, no random ids."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {"Software": None})
    return buffer.getvalue()
