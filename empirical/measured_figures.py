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

from empirical.seeds import Network, Value
from tradeoff import checks

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#B8A800")
"""Okabe and Ito's, told apart with any colour vision; their yellow darkened, which no white page shows."""
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
    "resampling_control": "turned and turned back: interpolation alone",
    "translation_invariance": "answer stays (invariance)",
}


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
    if len(networks) > MOST:
        raise checks.InputError(f"networks={len(networks)} are too many for one figure; draw at most {MOST}")
    panels = [panel for panel in PANELS if any(len(network.profile(panel[1][0][0])[0]) > 1 for network in networks)]
    if not panels:
        raise checks.InputError(
            f"networks={[network.name for network in networks]} have no profile to draw: eps, angles and shifts hold "
            "0 alone or were skipped; measure at one more place"
        )
    figure = Figure(figsize=(0.6 + 4.6 * len(panels), 4.6 + 0.24 * _rows(networks)), layout="constrained")
    for axes, (xlabel, curves, title) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for number, network in enumerate(networks):
            for quantity, line in curves:
                _curve(axes, network, quantity, line, number, band=line == "-" or len(networks) <= FEW)
        axes.set(xlabel=xlabel, ylabel="rate", ylim=(-0.02, 1.02))
        axes.set_title(title, fontsize=11)
        axes.grid(alpha=0.25)
        lines = [Line2D([], [], color="0.3", ls=line, label=NAMES[quantity]) for quantity, line in curves]
        axes.legend(handles=lines, loc="upper center", bbox_to_anchor=(0.5, -0.15), fontsize=8, frameon=False)
    handles = [Line2D([], [], color=c, marker=m, ms=5, label=_label(n)) for n, (c, m) in _styled(networks)]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(len(handles), 4), fontsize=9, frameon=False)
    figure.suptitle(_title(networks), fontsize=10)
    return figure


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
    grid, values = network.profile(quantity)
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


def _ends(values: Sequence[Value]) -> tuple[list[float], list[float]]:
    intervals = [value.interval for value in values]
    return [one.low for one in intervals], [one.high for one in intervals]


def joint(networks: Sequence[Network]) -> Figure:
    """1 - fooling rate over range of rotation and eps: attacked after the rotation, and beside it the union.

    The union is the share of images (and random rotations) that withstand the rotation, and withstand the attack,
    each by itself. Rows are ranges, columns eps, numbers percent.

    Errors
    ------
    InputError
        If neither was measured.
    """
    drawn = [
        (network, title, table)
        for network in networks
        for title, quantity in (
            ("attacked after a random rotation", "joint_one_minus_fooling"),
            ("withstands rotation, and attack (union)", "union_one_minus_fooling"),
        )
        if (table := _surface(network, quantity))[2].size
    ]
    if not drawn:
        raise checks.InputError(
            f"networks={[network.name for network in networks]} have no joint surface: it needs the parts joint, or "
            "robustness and moves, and a range of rotation above 0; measure them"
        )
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


def _surface(network: Network, quantity: str) -> tuple[list[float], list[float], NDArray[np.float64]]:
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
    axes.set_xticks(range(len(eps)), [f"{value:.3g}" for value in eps], fontsize=8)
    axes.set_yticks(range(len(ranges)), [f"±{value:g}°" for value in ranges], fontsize=8)
    axes.set_xlabel("eps", fontsize=8)
    return image
