"""Levels of the digits experiment -> figure data: measured profiles on one side, predicted ones on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from empirical.compare.curves import Curve as Predicted
from empirical.experiments.levels import Level
from empirical.statistics.over_seeds import over_seeds
from empirical.statistics.verdicts import LEVEL
from tradeoff.shared.figure_data import Curve, Panel, Sheet, between, line

ROBUSTNESS, INVARIANCE = "1 - fooling rate", "rate of invariance"


def profiles(
    levels: Sequence[Level], predicted: Mapping[str, Sequence[tuple[Predicted, Predicted]]], *, law: str
) -> Sheet:
    """A row for each direction of the paper: measured robustness and invariance, and both as the model predicts them.

    Parameters
    ----------
    levels : sequence of Level
        What was measured; StdCNN is drawn.
    predicted : mapping
        For each direction, level by level, the curve of 1 - fooling rate and that of the rate of invariance.
    law : str
        The model's law in words.

    Returns
    -------
    Sheet
        Eight panels; bands are t intervals over training seeds.
    """
    standard = sorted(
        (level for level in levels if level.network == "std_cnn"), key=lambda level: (level.theta, level.eps)
    )
    rows = {
        "augmentation": [(f"trained with ±{level.theta:g}°", level) for level in standard if level.eps == 0],
        "adversarial": [
            (f"PGD training at eps {level.eps:g}" if level.eps else "trained with ±0°", level)
            for level in standard
            if level.theta == 0
        ],
    }
    panels = [panel for direction, drawn in rows.items() for panel in _row(direction, drawn, predicted[direction])]
    title = (
        f"Measured (left): StdCNN on the enlarged scikit-learn digits; bands: {LEVEL:.0%} t intervals over training "
        f"seeds.   Predicted (right, dashed): {law}"
    )
    return Sheet("digits", title, tuple(panels), columns=4)


MODEL = {"augmentation": "augmented with turns within", "adversarial": "most robust rule at"}
"""How a rule of the model stands for a way of training."""


def _row(
    direction: str, measured: Sequence[tuple[str, Level]], predicted: Sequence[tuple[Predicted, Predicted]]
) -> list[Panel]:
    made = []
    for quantity, axis, name in (
        ("one_minus_fooling", "eps of the attack (l_inf, [0, 1] pixel scale)", ROBUSTNESS),
        ("invariance", "range of test rotation (±degrees)", INVARIANCE),
    ):
        curves = [curve for label, level in measured for curve in _band(label, level, quantity)]
        made.append(_panel(f"measured: {name}", axis, name, curves))
    for column, axis, name in (
        (0, "scaled radius a", ROBUSTNESS),
        (1, "range of test turns (±degrees)", INVARIANCE),
    ):
        curves = [
            line(f"{MODEL[direction]} {pair[column][0]}", *pair[column][1:], "dashed", look=label)
            for (label, _), pair in zip(measured, predicted, strict=True)
        ]
        made.append(_panel(f"predicted: {name}", axis, name, curves))
    return made


def _panel(title: str, axis: str, name: str, curves: Sequence[Curve]) -> Panel:
    return Panel(title, axis, name, tuple(curves), y_range=(-0.02, 1.02))


def _band(label: str, level: Level, quantity: str) -> list[Curve]:
    """Mean over seeds, and the t interval where there is one."""
    grid = level.grid(quantity)
    seen = [over_seeds(level.at(quantity, at)) for at in grid]
    curve = line(label, grid, [mean for mean, _, _ in seen])
    if len(level.seeds) == 1:
        return [curve]
    # Seeds that agree exactly tell no interval; there the band has no width.
    low = [max(span.low, 0.0) if error else mean for mean, error, span in seen]
    high = [min(span.high, 1.0) if error else mean for mean, error, span in seen]
    return [curve, between(label, grid, low, high)]
