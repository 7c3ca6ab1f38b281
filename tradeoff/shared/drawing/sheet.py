"""A sheet drawn and encoded."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tradeoff.shared.drawing import legend
from tradeoff.shared.drawing.curves import draw_curve
from tradeoff.shared.drawing.images import bars, draw_image
from tradeoff.shared.drawing.looks import look_of, looks_of
from tradeoff.shared.drawing.sizes import (
    AXIS,
    HEAD,
    MARGIN,
    MOST_COLUMNS,
    SMALL,
    TITLE,
    WIDTH,
    broken,
    headline,
    letters_in,
)
from tradeoff.shared.figure_data import Curve, Panel, Sheet
from tradeoff.shared.names import drawn
from tradeoff.shared.palette import Look

STYLE = {"text.parse_math": False, "svg.hashsalt": "tradeoff", "svg.fonttype": "path"}
"""A dollar sign is one: text is no mathematics. The same figure has the same SVG."""


@contextmanager
def own_style() -> Iterator[None]:
    """Matplotlib as it comes, whatever the settings of its user: in here figures are made and encoded."""
    with matplotlib.style.context(["default", STYLE]):
        yield


@own_style()
def draw(sheet: Sheet) -> Figure:
    """The figure of a sheet: panels in reading order, one legend for all in the free place or below."""
    sheet = _printable(sheet)
    columns = _columns(sheet)
    rows = math.ceil(len(sheet.panels) / columns)
    looks = looks_of(sheet.panels)
    entries = legend.entries(sheet.panels, looks)
    inside = bool(entries) and rows * columns > len(sheet.panels) and legend.fits_inside(entries)
    height = sheet.panel_height * rows + MARGIN + (0.0 if inside else legend.more_height(entries))
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    every = figure.subplots(rows, columns, squeeze=False).reshape(-1).tolist()
    for axes, panel in zip(every, sheet.panels, strict=False):
        _panel(axes, panel, looks, letters=letters_in(HEAD, WIDTH / columns - 0.4))
    free = every[len(sheet.panels) :]
    for axes in free:
        axes.set_axis_off()
    bars(figure, every, sheet.panels)
    legend.add(figure, entries, free[0] if inside else None)
    figure.suptitle(headline(sheet.title), fontsize=TITLE)
    return figure


def _columns(sheet: Sheet) -> int:
    """Panels side by side: one where an image has more numbers in a row than two panels have room for."""
    wide = any(len(row) > MOST_COLUMNS for panel in sheet.panels if panel.written for row in panel.curves[0].rows)
    return 1 if wide else min(sheet.columns, len(sheet.panels))


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


def _panel(axes: Axes, panel: Panel, looks: dict[str, Look], *, letters: int) -> None:
    for curve in panel.curves:
        if curve.kind == "image":
            draw_image(axes, curve, panel)
        else:
            draw_curve(axes, curve, look_of(curve, looks))
    axes.set_title(broken(_title(panel), letters), fontsize=HEAD)
    axes.set_xlabel(broken(panel.x_label, letters), fontsize=AXIS)
    axes.set_ylabel(broken(panel.y_label, 32), fontsize=AXIS)
    axes.tick_params(labelsize=SMALL)
    if panel.x_range:
        axes.set_xlim(panel.x_range)
    if panel.y_range:
        axes.set_ylim(panel.y_range)
    if panel.top_label:
        _top_scale(axes, panel)
    if not any(curve.kind == "image" for curve in panel.curves):
        axes.grid(alpha=0.25)


def _title(panel: Panel) -> str:
    """Where the numbers come from, and what they are."""
    return " · ".join(part for part in (panel.source, panel.title) if part)


def _top_scale(axes: Axes, panel: Panel) -> None:
    """What is across in another unit, on the upper edge."""
    unit = panel.top_unit
    top = axes.secondary_xaxis("top", functions=(lambda x: np.divide(x, unit), lambda x: np.multiply(x, unit)))
    top.set_xlabel(panel.top_label, fontsize=AXIS)
    top.tick_params(labelsize=SMALL)


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
