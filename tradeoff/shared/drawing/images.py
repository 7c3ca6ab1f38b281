"""A table of numbers drawn as coloured cells, and what its colours stand for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import MaxNLocator

from tradeoff.shared.drawing.sizes import MOST_COLUMNS, SMALL, WIDTH, broken, letters_in
from tradeoff.shared.figure_data import Curve, Panel
from tradeoff.shared.palette import ink

SCALE = matplotlib.colormaps["cividis"]
"""Of every image: brighter is more, in print without colours, too."""
SIGNS = ListedColormap([SCALE(0.0), SCALE(0.5), SCALE(1.0)])
LETTERS = ListedColormap([SCALE(0.0), SCALE(1.0)])
"""Minus, the place of x_0, plus; minus and plus alone."""
MOST_WRITTEN = 20
"""Columns whose cells have room for numbers where one panel has all the width."""


def draw_image(axes: Axes, curve: Curve, panel: Panel) -> None:
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
    room = letters_in(SMALL, inches) / len(names)
    return math.ceil((max(map(len, names)) + 0.5) / room)


def _ground(picture: AxesImage, value: float) -> tuple[float, float, float]:
    """The colour of a cell."""
    red, green, blue, _ = picture.to_rgba(np.array([value]))[0].tolist()
    return red, green, blue


def _axes_of(curve: Curve) -> tuple[tuple[tuple[str, ...], tuple[float, ...]], ...]:
    """What the columns of an image stand for, and its rows: names, or numbers."""
    return (curve.x_names, curve.x), (curve.y_names, curve.y)


def bars(figure: Figure, every: Sequence[Axes], panels: Sequence[Panel]) -> None:
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
