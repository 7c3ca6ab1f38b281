"""Levels of the digits experiment -> figure data: measured profiles on one side, predicted ones on the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from empirical.compare.curves import Curve as Predicted
from empirical.experiments.levels import Level
from empirical.report.network_words import Words, trained
from empirical.statistics.over_seeds import over_seeds
from empirical.statistics.verdicts import LEVEL
from tradeoff.shared.figure_data import Curve, Panel, Sheet, between, line

ROBUSTNESS, INVARIANCE = "1 - fooling rate", "rate of invariance"
LEARNT = {"augmentation": "augmented", "adversarial": "PGD"}


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
        "augmentation": [level for level in standard if level.eps == 0],
        "adversarial": [level for level in standard if level.theta == 0],
    }
    panels = [panel for direction, drawn in rows.items() for panel in _row(direction, drawn, predicted[direction])]
    title = (
        f"What training on rotations and by PGD gains and costs. Measured: StdCNN, enlarged digits; bands: {LEVEL:.0%} "
        f"t intervals over training seeds. Predicted: {law}"
    )
    return Sheet("digits", title, tuple(panels), panel_height=2.2)


def _rule(direction: str, level: str) -> str:
    """The label of a rule of the model."""
    if level in ("none", "b = 0"):
        return "rule: standard"
    return f"rule: rotated up to {level}" if direction == "augmentation" else f"rule: most robust, {level}"


def _row(direction: str, levels: Sequence[Level], predicted: Sequence[tuple[Predicted, Predicted]]) -> list[Panel]:
    """Robustness, measured and predicted, and invariance below."""
    made = []
    named = [trained(theta=level.theta, eps=level.eps) for level in levels]
    for column, quantity, axis, model_axis, name in (
        (0, "one_minus_fooling", "eps of the attack (l_inf, pixels in [0, 1])", "scaled radius a", ROBUSTNESS),
        (1, "invariance", "range of test rotation (±degrees)", "range of test turns (±degrees)", INVARIANCE),
    ):
        title = f"{LEARNT[direction]}: {name}"
        curves = [curve for at, level in zip(named, levels, strict=True) for curve in _band(at, level, quantity)]
        made.append(_panel(title, axis, name, curves, "measured"))
        curves = [
            line(_rule(direction, pair[column][0]), *pair[column][1:], "dashed", look=role)
            for (_, role), pair in zip(named, predicted, strict=True)
        ]
        made.append(_panel(title, model_axis, name, curves, "predicted"))
    return made


def _panel(title: str, axis: str, name: str, curves: Sequence[Curve], source: str) -> Panel:
    return Panel(title, axis, name, tuple(curves), y_range=(-0.02, 1.02), source=source)


def _band(named: Words, level: Level, quantity: str) -> list[Curve]:
    """Mean over seeds, and the t interval where there is one."""
    label, role = named
    grid = level.grid(quantity)
    seen = [over_seeds(level.at(quantity, at)) for at in grid]
    curve = line(label, grid, [mean for mean, _, _ in seen], look=role)
    if len(level.seeds) == 1:
        return [curve]
    # Seeds that agree exactly tell no interval; there the band has no width.
    low = [max(span.low, 0.0) if error else mean for mean, error, span in seen]
    high = [min(span.high, 1.0) if error else mean for mean, error, span in seen]
    return [curve, between(label, grid, low, high)]
