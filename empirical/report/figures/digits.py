"""Records -> figure: measured profiles on one side, the model's predictions in the same form on the other."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from empirical.experiments.levels import Level
from empirical.statistics import student
from empirical.statistics.verdicts import LEVEL

COLORS = ("#0072B2", "#E69F00", "#D55E00", "#CC79A7")
"""From no training to most; Okabe and Ito."""
Curve = tuple[str, Sequence[float], Sequence[float]]
"""Label, grid, rates."""


def reproduce(
    levels: Sequence[Level], predicted: dict[str, list[tuple[Curve, Curve]]], *, data: str, law: str
) -> Figure:
    """Two rows (directions of the paper), measured on the left, predicted on the right.

    ``predicted`` holds for each direction, level by level, the curve of 1 - fooling rate and that of invariance.
    Bands are t intervals over training seeds.
    """
    figure = Figure(figsize=(15, 7.6), layout="constrained")
    grid = figure.subplots(2, 4)
    rows = {
        "augmentation": (
            [(f"±{level.theta:g}°", level) for level in _std(levels) if level.eps == 0],
            "trained with rotations in",
        ),
        "adversarial": (
            [(f"eps {level.eps:g}", level) for level in _std(levels) if level.theta == 0],
            "PGD training at",
        ),
    }
    for axes, (direction, (measured, title)) in zip(grid, rows.items(), strict=True):
        for ax, quantity, xlabel in (
            (axes[0], "one_minus_fooling", "eps of the attack (l_inf, [0, 1] pixel scale)"),
            (axes[1], "invariance", "range of test rotation (±degrees)"),
        ):
            for color, (label, level) in zip(COLORS, measured, strict=False):
                _band(ax, level, quantity, color, label)
            _finish(ax, xlabel, "1 - fooling rate" if quantity == "one_minus_fooling" else "rate of invariance")
        axes[0].legend(title=f"measured, {title}", fontsize=8, title_fontsize=8)
        for column, xlabel, ylabel in (
            (0, "scaled radius a", "1 - fooling rate"),
            (1, "range of test turns (±degrees)", "rate of invariance"),
        ):
            ax = axes[2 + column]
            for color, curves in zip(COLORS, predicted[direction], strict=False):
                label, x, y = curves[column]
                ax.plot(x, y, color=color, marker="o" if column else None, ms=4, ls="--", label=label)
            _finish(ax, xlabel, ylabel)
        axes[2].legend(title=f"predicted, {_MODEL_TITLES[direction]}", fontsize=8, title_fontsize=8)
    figure.suptitle(
        f"Measured (left): StdCNN on {data}; bands: {LEVEL:.0%} t intervals over training seeds.   "
        f"Predicted (right): {law}",
        fontsize=10,
    )
    return figure


_MODEL_TITLES = {"augmentation": "augmented with turns within", "adversarial": "most robust rule at"}


def _std(levels: Sequence[Level]) -> list[Level]:
    return sorted((level for level in levels if level.network == "std_cnn"), key=lambda level: (level.theta, level.eps))


def _band(axes: Axes, level: Level, quantity: str, color: str, label: str) -> None:
    """Mean over seeds, and the t interval where there is more than one."""
    x = level.grid(quantity)
    rates = np.array([level.at(quantity, grid) for grid in x]).T
    mean, n = rates.mean(axis=0), len(rates)
    axes.plot(x, mean, color=color, marker="o", ms=3, label=label)
    if n > 1:
        half = student.quantile(n - 1, LEVEL) * rates.std(axis=0, ddof=1) / math.sqrt(n)
        axes.fill_between(x, np.clip(mean - half, 0, 1), np.clip(mean + half, 0, 1), color=color, alpha=0.2, lw=0)


def _finish(axes: Axes, xlabel: str, ylabel: str) -> None:
    axes.set(xlabel=xlabel, ylabel=ylabel, ylim=(-0.02, 1.02))
    axes.grid(alpha=0.25)
