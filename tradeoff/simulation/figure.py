"""Rows -> figure: the picture of a run's own table. The theory's other figures are sheets (`shared.drawing`)."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from tradeoff.simulation.report import Answers, main_radius, rule_label
from tradeoff.simulation.rows import Row

SHADE = "0.9"

# Okabe and Ito's colours, told apart with any colour vision; markers repeat the distinction.
STYLES = {
    "bayes": ("#0072B2", "o", "bayes: f* of the data as they are"),
    "sign_x0": ("#777777", "s", "sign_x0"),
    "orbit_average": ("#56B4E9", "v", "orbit_average: linear in the mean of the orbit"),
    "augmented": ("#D55E00", "D", "augmented: Bayes rule $g_K$ of the shifted data"),
    "robust": ("#009E73", "^", "robust: $f_b$, most robust at radius b (left: b = 1)"),
    "robust_augmented": ("#CC79A7", "P", "robust_augmented: soft threshold at b (left: b = 1)"),
    "constant": ("#000000", "_", "constant: always +1"),
}
MORE = (("#E69F00", "<"), ("#8C564B", ">"), ("#9467BD", "p"), ("#17BECF", "h"), ("#BCBD22", "X"))
"""For rules that are built for elements of the group, in the order of their appearance."""


def styles(answers: Answers) -> dict[tuple[str, str], tuple[str, str, str]]:
    """Colour, marker and label of every rule that is drawn."""
    made, spare = {}, itertools.cycle(MORE)
    for rule in answers.rules:
        label = rule_label(*rule)
        plain = label == rule[0] or "built_for" in rule[1]
        made[rule] = STYLES[rule[0]] if plain else (*next(spare), label)
    return made


def tradeoff(rows: Iterable[Row], curves: Iterable[Row], radii: Iterable[float]) -> Figure:
    """The trade-off figure: adversarial accuracy against the radius, and both accuracies in one plane.

    ``rows`` are a run's answers at ``radii`` (sampled points with their intervals); ``curves`` are computed answers
    on a fine grid, with the rows of quantity ``best_adversarial`` that bound every rule.
    """
    rows, curves = list(rows), list(curves)
    answers, fine, one = Answers(rows, radii), Answers(curves), rows[0]
    ceiling = {row.scaled_radius or 0.0: row.number for row in curves if row.quantity == "best_adversarial"}
    figure = Figure(figsize=(11, 4.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    _by_radius(left, answers, fine, ceiling, one.length)
    radius = main_radius(answers.radii, one.signal)
    _plane(right, answers, fine, radius, ceiling[radius])
    figure.legend(handles=_legend(answers), loc="outside lower center", ncols=4, fontsize=8.5, frameon=False)
    figure.suptitle(
        f"Word of length {one.length}, {one.length // one.step} shifts, p = {one.p:g}, signal {one.signal:g}",
        fontsize=11,
    )
    return figure


def _legend(answers: Answers) -> list[Artist]:
    """One entry for each rule, and one for the shading."""
    lines: list[Artist] = [
        Line2D([], [], color=color, marker=marker, lw=1.8, ms=5, label=label)
        for color, marker, label in dict.fromkeys(styles(answers).values())
    ]
    if answers.sampled:
        lines.append(Line2D([], [], color="black", marker="+", ms=8, ls="none", label="sampled, 99 % interval"))
    if any(row.method == "bound" for row in answers.computed.values()):
        lines.append(Line2D([], [], color="black", ls="--", label="upper bound: worst attack found"))
    return [*lines, Patch(color=SHADE, label="no rule reaches this")]


def _by_radius(axes: Axes, answers: Answers, fine: Answers, ceiling: dict[float, float], length: int) -> None:
    """Adversarial accuracy of each rule against the radius; sampled points with their intervals."""
    axes.fill_between(list(ceiling), list(ceiling.values()), 1.02, color=SHADE, lw=0)
    drawn, look = set(), styles(fine)
    for rule in fine.rules:
        points = [(a, row.number) for a in fine.radii if (row := fine.computed.get(fine.key(rule, "adversarial", a)))]
        if len(points) > 1:
            drawn.add(rule)
            bounded = any(row.method == "bound" for key, row in fine.computed.items() if key[:2] == rule)
            # What is only an upper bound (the worst attack found) is dashed.
            axes.plot(*zip(*points, strict=True), color=look[rule][0], lw=1.8, ls="--" if bounded else "-")
    for key, row in answers.sampled.items():
        if key[2] == "adversarial" and (rule := key[:2]) in drawn:
            color, marker, _ = look[rule]
            axes.errorbar(
                [key[3] or 0.0], [row.number], yerr=_arms(row), fmt=marker, ms=4, color=color, capsize=2, lw=1
            )
    axes.set(
        xlabel="scaled radius a = eps $\\sqrt{d}$",
        ylabel="adversarial accuracy",
        ylim=(0, 1.02),
        xlim=(min(ceiling), max(ceiling)),
    )
    root = math.sqrt(length)
    top = axes.secondary_xaxis("top", functions=(lambda a: np.divide(a, root), lambda eps: np.multiply(eps, root)))
    top.set_xlabel("l$_\\infty$ radius eps (feature units)", fontsize=9)
    axes.grid(alpha=0.25)


def _plane(axes: Axes, answers: Answers, fine: Answers, radius: float, ceiling: float) -> None:
    """Spatial accuracy across, adversarial accuracy at one radius up."""
    look, path = styles(answers), list[tuple[float, float]]()
    for name in ("robust", "robust_augmented"):
        built = sorted((json.loads(rule[1])["built_for"], rule) for rule in fine.rules if rule[0] == name)
        path = [point for _, rule in built if (point := _point(fine, rule, radius))] or path
        if len(path) > 1 and built:
            axes.plot(*zip(*path, strict=True), color=STYLES[name][0], lw=1.8, zorder=2)
    for rule in answers.at(radius):
        if not (point := _point(answers, rule, radius)):
            continue
        color, marker, _ = look[rule]
        axes.plot(*point, marker=marker, ms=8, color=color, zorder=4, ls="none")
        across, up = (
            answers.sampled.get(answers.key(rule, quantity, radius)) for quantity in ("spatial", "adversarial")
        )
        if across and up:
            axes.errorbar(
                [across.number],
                [up.number],
                xerr=_arms(across),
                yerr=_arms(up),
                color="black",
                lw=1,
                capsize=2,
                zorder=5,
            )
    axes.margins(0.12)
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    high = max(high, ceiling + 0.1 * (high - low))
    axes.axhspan(ceiling, high, color=SHADE, lw=0, zorder=0)
    best = fine.computed.get(fine.key(("augmented", "{}"), "spatial", radius))
    if best is not None:
        right = max(right, best.number + 0.1 * (right - left))
        axes.axvspan(best.number, right, color=SHADE, lw=0, zorder=0)
    axes.set(
        xlabel="spatial accuracy (random shift)",
        ylabel=f"adversarial accuracy at a = {radius:g}",
        xlim=(left, right),
        ylim=(low, high),
    )
    if path:
        axes.set_title("lines: rules built for b from 0 to the signal (there sign_x0)", fontsize=8, color="0.35")
    axes.grid(alpha=0.25)


def _point(answers: Answers, rule: tuple[str, str], radius: float) -> tuple[float, float] | None:
    across, up = (answers.computed.get(answers.key(rule, quantity, radius)) for quantity in ("spatial", "adversarial"))
    return (across.number, up.number) if across and up else None


def _arms(row: Row) -> list[list[float]]:
    return [[row.number - row.ends[0]], [row.ends[1] - row.number]]
