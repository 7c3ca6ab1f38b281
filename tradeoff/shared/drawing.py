"""A sheet drawn: the only place that knows how a kind of curve looks."""

from __future__ import annotations

import io
import math
import re
import textwrap
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
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from tradeoff.shared.figure_data import Curve, Panel, Sheet
from tradeoff.shared.names import drawn
from tradeoff.shared.palette import BEGINNINGS, BLACK, CLOSED, COLOURS, FAINT, MARKERS, ROLES, SHADE, Look, ink

STYLES = {"line": "-", "dashed": "--", "dotted": ":"}
SCALE = matplotlib.colormaps["cividis"]
"""Of every image: brighter is more, in print without colours, too."""
SIGNS = ListedColormap([SCALE(0.0), SCALE(0.5), SCALE(1.0)])
LETTERS = ListedColormap([SCALE(0.0), SCALE(1.0)])
"""Minus, the place of x_0, plus; minus and plus alone."""
WIDTH, MARGIN = 7.0, 0.9
"""Inches of every figure, those at which pages show it, so that a text has the size that is written here; inches above
and below all panels. A sheet says how high these are."""
TITLE, HEAD, AXIS, SMALL = 10.0, 9.0, 8.5, 8.0
"""Sizes of text in points: of the figure, of a panel, of its axes, and the least."""
LETTER = 0.54
"""How wide a letter is on average, in sizes of its text; lines are broken by it."""
MOST_COLUMNS, MOST_WRITTEN, MOST_LINES = 9, 20, 12
"""Of numbers in cells where two panels stand side by side, and where one has all the width; of a legend in the place of
a panel."""
ROW, ROWS = 0.17, 4
"""Inches of a line below the panels, and lines for which their margin has room."""
MOST_MARKED, MANY, SPACED = 24, 128, 6
"""Lines of more points have open markers at so many of them, which tell lines apart; points that are many are small."""

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
    entries = _entries(sheet.panels, looks)
    inside = rows * columns > len(sheet.panels) and sum(map(_lines, entries)) <= MOST_LINES
    below = 0 if inside else _legend_lines(entries)
    height = sheet.panel_height * rows + MARGIN + ROW * max(0, below - ROWS)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    every = figure.subplots(rows, columns, squeeze=False).reshape(-1).tolist()
    for axes, panel in zip(every, sheet.panels, strict=False):
        _panel(axes, panel, looks, letters=_letters(HEAD, WIDTH / columns - 0.4))
    for axes in every[len(sheet.panels) :]:
        axes.set_axis_off()
    _bars(figure, every, sheet.panels)
    if inside and entries:
        place = every[len(sheet.panels)].transAxes
        figure.legend(handles=entries, loc="center", bbox_to_anchor=(0.5, 0.5), bbox_transform=place, fontsize=SMALL)
    elif entries:
        count = _legend_columns(entries)
        figure.legend(handles=entries, loc="outside lower center", ncols=count, fontsize=SMALL, frameon=False)
    figure.suptitle(_headline(sheet.title), fontsize=TITLE)
    return figure


def _columns(sheet: Sheet) -> int:
    """Panels side by side: one where an image has more numbers in a row than two panels have room for."""
    wide = any(len(row) > MOST_COLUMNS for panel in sheet.panels if panel.written for row in panel.curves[0].rows)
    return 1 if wide else min(sheet.columns, len(sheet.panels))


def _letters(size: float, inches: float) -> int:
    """How many letters of a size stand in a line."""
    return int(72 * inches / (LETTER * size))


def broken(text: str, letters: int) -> str:
    """The text in lines of at most so many letters; an equation is not broken, nor what one adds or takes away."""
    held = re.sub(r" ([=-]) ", "\xa0\\1\xa0", text)
    lines = [part for one in held.split("\n") for part in textwrap.wrap(one, letters, break_on_hyphens=False) or [""]]
    return "\n".join(lines).replace("\xa0", " ")


def _headline(title: str) -> str:
    """A title that needs more than a line: what to see, and below it what of."""
    letters = _letters(TITLE, WIDTH - 0.4)
    if len(title) > letters:
        title = re.sub(r"([:.]) ", r"\1\n", title, count=1)
    return broken(title, letters)


def _entries(panels: Sequence[Panel], looks: dict[str, Look]) -> list[Artist]:
    """Of the legend: one for each label."""
    with_points = {curve.label for panel in panels for curve in panel.curves if curve.kind == "points"}
    entries = [_handle(curve, looks, marked=curve.label in with_points) for curve in _labelled(panels)]
    for entry in entries:
        entry.set_label(broken(str(entry.get_label()), _letters(SMALL, WIDTH / 2 - 0.8)))
    return entries


def _lines(entry: Artist) -> int:
    """How many lines an entry of a legend has."""
    return str(entry.get_label()).count("\n") + 1


def _legend_columns(entries: Sequence[Artist]) -> int:
    """How many entries of a legend below all panels stand side by side."""
    longest = max(len(line) for entry in entries for line in str(entry.get_label()).split("\n"))
    return max(1, min(4, int(72 * (WIDTH - 0.2) / (LETTER * SMALL * longest + 44)), len(entries)))


def _legend_lines(entries: Sequence[Artist]) -> int:
    """How many lines a legend below all panels has, if its longest column had all broken entries."""
    if not entries:
        return 0
    broken_twice = sum(_lines(entry) - 1 for entry in entries)
    return math.ceil(len(entries) / _legend_columns(entries)) + broken_twice


def _bars(figure: Figure, every: Sequence[Axes], panels: Sequence[Panel]) -> None:
    """What the colours of images stand for: one bar for all images of one scale, else one beside each."""
    shown = [(axes, panel) for axes, panel in zip(every, panels, strict=False) if axes.images]
    scales = {(panel.colours, panel.bar, axes.images[0].get_clim()) for axes, panel in shown}
    groups = [shown] if len(scales) == 1 else [[one] for one in shown]
    for group in groups:
        picture, panel = group[0][0].images[0], group[0][1]
        alone = len(group) == 1 and len(panels) > 1
        place = "bottom" if alone else "right"
        bar = figure.colorbar(
            picture, ax=[axes for axes, _ in group], location=place, aspect=30, pad=0.02, shrink=0.7 if alone else 1.0
        )
        bar.set_label(broken(panel.bar, 24 if alone else 60), fontsize=SMALL)
        bar.ax.tick_params(labelsize=SMALL)
        if panel.colours == "signs":
            letters = [letter for letter in (-1, 0, 1) if letter in np.array(picture.get_array())]
            middle = 2 / 3 if 0 in letters else 1 / 2  # of the outer colours of the bar
            bar.set_ticks(
                [middle * letter for letter in letters],
                labels=[f"{letter:+d}" if letter else "x_0" for letter in letters],
            )
        else:
            bar.locator = MaxNLocator(3 if alone else 6)
            bar.update_ticks()


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


def looks_of(panels: Iterable[Panel]) -> dict[str, Look]:
    """A colour and a marker for each label that is not a region: those of its role, or else ones that no other has."""
    curves = [curve for curve in _labelled(panels) if curve.kind not in ("region", "hatched")]
    own = {curve.label for curve in curves}
    looks: dict[str, Look] = {}
    for curve in curves:
        role = role_of(curve)
        if role and curve.look not in own:
            looks[curve.label] = ROLES[role]
    others = [curve.label for curve in curves if curve.label not in looks and curve.look not in own]
    return looks | {label: _look(number) for number, label in enumerate(others)}


def role_of(curve: Curve) -> str:
    """The role that a curve says, or that its label begins with; empty if there is none."""
    if curve.look:
        return curve.look if curve.look in ROLES else ""
    return next((role for start, role in BEGINNINGS.items() if curve.label.startswith(start)), "")


def _look(number: int) -> Look:
    """The look of the label of this number: colours first, then another marker to each."""
    count = len(COLOURS)
    return COLOURS[number % count], MARKERS[(number + number // count) % count]


def _look_of(curve: Curve, looks: dict[str, Look]) -> Look:
    """That of the label or role it names, or of its own."""
    named = curve.look or curve.label
    return looks.get(named) or ROLES.get(named) or looks.get(curve.label) or (BLACK, "o")


def _handle(curve: Curve, looks: dict[str, Look], *, marked: bool) -> Artist:
    """The entry of a label in the legend; a line has its marker where it is drawn with markers, or ``marked``."""
    if curve.kind == "region":
        return Patch(color=SHADE, label=curve.label)
    if curve.kind == "hatched":
        return Patch(facecolor="none", edgecolor=CLOSED, hatch="///", label=curve.label)
    colour, marker = _look_of(curve, looks)
    if curve.kind == "band":
        return Patch(color=colour, alpha=0.3, label=curve.label)
    style = STYLES.get(curve.kind, "none")
    face = colour if marked or len(curve.x) <= MOST_MARKED else "white"
    return Line2D([], [], color=colour, ls=style, marker=marker, ms=5, mfc=face, label=curve.label)


def _panel(axes: Axes, panel: Panel, looks: dict[str, Look], *, letters: int) -> None:
    for curve in panel.curves:
        if curve.kind == "image":
            _image(axes, curve, panel)
        else:
            _curve(axes, curve, _look_of(curve, looks))
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


def _curve(axes: Axes, curve: Curve, look: Look) -> None:
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
    before = sum(len(line.get_xdata()) == 1 for line in axes.lines)
    size = max(10.0 - 0.8 * before, 6.0)  # so that none hides another
    rim = {"mec": "white", "mew": 0.4} if marker in MARKERS else {}
    axes.plot(curve.x, curve.y, ls="none", marker=marker, ms=size, color=colour, zorder=4.5, **rim)


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


def _image(axes: Axes, curve: Curve, panel: Panel) -> None:
    table = np.array(curve.rows)
    most = float(np.abs(table).max()) or 1.0
    low, high = (0.0, 1.0) if panel.colours == "plain" else (-most, most)
    scale = SCALE if panel.colours != "signs" else SIGNS if (table == 0).any() else LETTERS
    square = not (curve.x or curve.y or curve.x_names) and table.shape[0] == table.shape[1]
    aspect: Literal["equal", "auto"] = "equal" if square else "auto"
    picture = axes.imshow(table, cmap=scale, vmin=low, vmax=high, aspect=aspect, interpolation="nearest")
    columns, rows = (names or tuple(f"{at:g}" for at in places) for names, places in _axes_of(curve))
    for ticks, axis, names, label in (
        (axes.set_xticks, axes.xaxis, columns, panel.x_label),
        (axes.set_yticks, axes.yaxis, rows, panel.y_label),
    ):
        if names:
            step = _thinned(names) if axis is axes.xaxis else 1
            ticks(range(0, len(names), step), names[::step])
        elif label:
            axis.set_major_locator(MaxNLocator(integer=True))
        else:
            ticks([])
    if panel.written and table.shape[1] <= MOST_WRITTEN:
        for (row, column), value in np.ndenumerate(table):
            colour = ink(_ground(picture, float(value)))
            text = f"{value:g}" if value in (0.0, 1.0) else f"{value:.3f}".lstrip("0")
            axes.text(column, row, text, ha="center", va="center", fontsize=SMALL, color=colour)


def _thinned(names: Sequence[str]) -> int:
    """Every how many columns are named, so that names do not run into each other."""
    inches = WIDTH - 1.6 if len(names) > MOST_COLUMNS else WIDTH / 2 - 1.1
    room = _letters(SMALL, inches) / len(names)
    return math.ceil((max(map(len, names)) + 0.5) / room)


def _ground(picture: AxesImage, value: float) -> tuple[float, float, float]:
    """The colour of a cell."""
    red, green, blue, _ = picture.to_rgba(np.array([value]))[0].tolist()
    return red, green, blue


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
