"""Measurements -> figures: profiles with their bands, and the surface of both perturbations at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from empirical.report.formatting import eps_text
from empirical.statistics.over_seeds import Network, Value
from tradeoff.shared import checks

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#777777")
"""Okabe and Ito's, told apart with any colour vision; grey in place of their yellow, which fades on white."""
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
MOST = len(COLORS) * len(MARKERS)
"""Networks that one figure tells apart."""
FEW = 2
"""Up to so many networks the dashed curves have bands, too."""

PANELS = (
    (
        "eps of the attack (l_inf, [0, 1] pixel scale)",
        (("one_minus_fooling", "-"), ("adversarial_accuracy", "--")),
        "robustness",
    ),
    ("range of random rotation (±degrees)", (("invariance", "-"), ("resampling_control", ":")), "rotation"),
    ("range of random translation (±pixels)", (("translation_invariance", "-"),), "translation"),
)
"""What is drawn along which axis, in which style; a panel is left out where its first curve was not measured."""
NAMES = {
    "one_minus_fooling": "answer stays (1 - fooling rate)",
    "adversarial_accuracy": "answer stays and is right (adversarial accuracy)",
    "invariance": "answer stays (invariance)",
    "resampling_control": "turned and turned back: an indication of blur",
    "translation_invariance": "answer stays (invariance)",
}

Surface = tuple[list[float], list[float], NDArray[np.float64]]
"""Ranges of rotation, eps, and percentages (ranges, eps)."""


def style(number: int) -> tuple[str, str]:
    """Colour and marker of a network by its place: colours first, then another marker to each."""
    return COLORS[number % len(COLORS)], MARKERS[(number + number // len(COLORS)) % len(MARKERS)]


def profiles(networks: Sequence[Network]) -> Figure:
    """Robustness against eps, invariance against the ranges of rotation and translation.

    Bands are 95 % intervals: over images for one training seed, Student's t over training seeds for several.

    Errors
    ------
    InputError
        If no profile was measured, or there are more networks than can be told apart.
    """
    reason = no_profiles(networks)
    if reason is not None:
        raise checks.InputError(f"networks={_names(networks)} cannot be drawn: {reason}")
    panels = _panels(networks)
    figure = Figure(figsize=(0.6 + 4.6 * len(panels), 4.6 + 0.24 * _rows(networks)), layout="constrained")
    for axes, (xlabel, curves, title) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for number, network in enumerate(networks):
            for quantity, line in curves:
                _curve(axes, network, quantity, line, number, band=line == "-" or len(networks) <= FEW)
        axes.set(xlabel=xlabel, ylabel="rate", ylim=(-0.02, 1.02))
        if curves[0][0] != "one_minus_fooling":  # small eps lie too close together for a tick each
            axes.set_xticks(sorted({x for network in networks for x in _points(network, curves[0][0])[0]}))
        axes.set_title(title, fontsize=11)
        axes.grid(alpha=0.25)
        lines = [Line2D([], [], color="0.3", ls=line, label=NAMES[quantity]) for quantity, line in curves]
        axes.legend(handles=lines, loc="upper center", bbox_to_anchor=(0.5, -0.15), fontsize=8, frameon=False)
    handles = [Line2D([], [], color=c, marker=m, ms=5, label=_label(n)) for n, (c, m) in _styled(networks)]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 4), fontsize=9, frameon=False)
    figure.suptitle(_title(networks), fontsize=10)
    return figure


def no_profiles(networks: Sequence[Network]) -> str | None:
    """The reason why there is no figure of profiles; None if there is one."""
    if len(networks) > MOST:
        return f"one figure tells at most {MOST} networks apart, and there are {len(networks)}"
    if not _panels(networks):
        return "eps, angles and shifts hold 0 alone or were skipped; measure at one more place"
    return None


def _panels(networks: Sequence[Network]) -> list[tuple[str, tuple[tuple[str, str], ...], str]]:
    """Those with a curve of two points."""
    return [panel for panel in PANELS if any(len(_points(network, panel[1][0][0])[0]) > 1 for network in networks)]


def _names(networks: Sequence[Network]) -> list[str]:
    return [network.name for network in networks]


def _styled(networks: Sequence[Network]) -> list[tuple[Network, tuple[str, str]]]:
    return [(network, style(number)) for number, network in enumerate(networks)]


def _rows(networks: Sequence[Network]) -> int:
    return math.ceil(len(networks) / 4)


def _label(network: Network) -> str:
    seeds = len(network.runs)
    return network.name if seeds == 1 else f"{network.name} ({seeds} seeds)"


def _title(networks: Sequence[Network]) -> str:
    first = networks[0].first
    over = "bands: 95 % intervals over " + (
        "training seeds (Student's t)" if all(len(network.runs) > 1 for network in networks) else "images"
    )
    if len({len(network.runs) > 1 for network in networks}) > 1:
        over += ", Student's t over training seeds where there are several"
    draws = f"{first.plan.draws} random moves of each" if "moves" in first.plan.parts else ""
    return "; ".join(part for part in (f"{len(first.data):,} images of {first.data.name}", draws, over) if part)


def _curve(axes: Axes, network: Network, quantity: str, line: str, number: int, *, band: bool) -> None:
    grid, values = _points(network, quantity)
    if not grid:
        return
    color, marker = style(number)
    rates = [value.value for value in values]
    solid = line == "-"
    axes.plot(
        grid,
        rates,
        color=color,
        ls=line,
        marker=marker if solid else None,
        ms=4.5,
        lw=1.6 if solid else 1.2,
        label=f"{network.name}: {NAMES[quantity]}",
    )
    if band:
        low, high = _ends(values)
        axes.fill_between(grid, low, high, color=color, alpha=0.15 if solid else 0.08, lw=0)


def _points(network: Network, quantity: str) -> tuple[list[float], list[Value]]:
    """A profile; that of translation with the place where nothing moves, which is written down as one of rotation."""
    grid, values = network.profile(quantity)
    still = network.at("invariance", 0.0)
    if quantity == "translation_invariance" and grid and still is not None:
        return [0.0, *grid], [still, *values]
    return grid, values


def _ends(values: Sequence[Value]) -> tuple[list[float], list[float]]:
    intervals = [value.interval for value in values]
    return [one.low for one in intervals], [one.high for one in intervals]


def joint(networks: Sequence[Network]) -> Figure:
    """1 - fooling rate over range of rotation and eps: attacked after the rotation, and beside it the union.

    Attacked is the first random rotation of each image. The union is the share of images and all their random
    rotations that withstand the rotation, and withstand the attack, each by itself. Rows are ranges, columns eps,
    numbers percent.

    Errors
    ------
    InputError
        If neither was measured.
    """
    reason = no_joint(networks)
    if reason is not None:
        raise checks.InputError(f"networks={_names(networks)} cannot be drawn: {reason}")
    drawn = _surfaces(networks)
    columns = min(len(drawn), 4 if len(networks) > 1 else 2)
    rows = math.ceil(len(drawn) / columns)
    wide, high = max(len(table[1]) for *_, table in drawn), max(len(table[0]) for *_, table in drawn)
    figure = Figure(
        figsize=(columns * (1.1 + 0.42 * wide) + 0.8, rows * (1.35 + 0.36 * high) + 0.5), layout="constrained"
    )
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    for axes, (network, title, table) in zip(grid.flat, drawn, strict=False):
        image = _heat(axes, *table)
        axes.set_title(f"{_label(network)}\n{title}", fontsize=8.5)
    figure.colorbar(image, ax=grid, shrink=0.8, aspect=30, label="answer stays, percent")
    first = networks[0].first
    figure.suptitle(f"Both perturbations at once; {len(first.data):,} images of {first.data.name}", fontsize=10)
    return figure


def no_joint(networks: Sequence[Network]) -> str | None:
    """The reason why there is no figure of both perturbations; None if there is one."""
    if not _surfaces(networks):
        return "it needs the part joint, or robustness and moves, and a range of rotation above 0; measure them"
    return None


def _surfaces(networks: Sequence[Network]) -> list[tuple[Network, str, Surface]]:
    """Network, title and table of every heatmap with more than one range."""
    return [
        (network, title, table)
        for network in networks
        for title, quantity in (
            ("attacked after a random rotation", "joint_one_minus_fooling"),
            ("withstands rotation, and attack (union)", "union_one_minus_fooling"),
        )
        if len((table := _surface(network, quantity))[0]) > 1
    ]


def _surface(network: Network, quantity: str) -> Surface:
    """Ranges, eps, and percentages (ranges, eps), NaN where there is none."""
    places = [(grid, second) for name, grid, second in network.places() if name == quantity]
    ranges = sorted({grid for grid, _ in places if grid is not None})
    eps = sorted({second for _, second in places if second is not None})
    table = np.full((len(ranges), len(eps)), np.nan)
    for row, grid in enumerate(ranges):
        for column, second in enumerate(eps):
            value = network.at(quantity, grid, second)
            table[row, column] = np.nan if value is None else 100 * value.value
    return ranges, eps, table


def _heat(axes: Axes, ranges: Sequence[float], eps: Sequence[float], table: NDArray[np.float64]) -> AxesImage:
    image = axes.imshow(table, cmap="cividis", vmin=0, vmax=100, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        if np.isfinite(value):
            color = "white" if value < 55 else "black"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=8, color=color)
    axes.set_xticks(range(len(eps)), [eps_text(value) for value in eps], fontsize=8)
    axes.set_yticks(range(len(ranges)), [f"±{value:g}°" if value else "0°" for value in ranges], fontsize=8)
    axes.set_xlabel("eps", fontsize=8)
    return image
