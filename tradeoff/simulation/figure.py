"""Rows -> figure data: the picture of a run's own table, drawn like the theory's other figures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

from tradeoff.figures.titles import NO_RULE
from tradeoff.model import RULES
from tradeoff.shared.figure_data import Curve, Panel, Sheet, between, line, numbers
from tradeoff.simulation.options import MAIN_FIGURE
from tradeoff.simulation.report import Answers, main_radius, rule_label
from tradeoff.simulation.rows import Row

ABOUT = {
    "bayes": ", of the data as they are",
    "sign_x0": "",
    "orbit_average": "",
    "augmented": ", of the moved data",
    "robust": ", b = 1 on the left",
    "robust_augmented": ", b = 1 on the left",
    "constant": ", always +1",
}
"""What a legend adds to a rule's name."""
SAMPLED, FOUND = "sampled, 99 % interval", "upper bound: worst attack found"
TOP = 1.02
"""Upper end of an axis of accuracies."""
MARGIN, LEAST_EXTENT = 0.12, 0.02
"""Around what is drawn in the plane, as a share of its extent; the extent of a single point."""
Rule = tuple[str, str]
"""A rule's name and parameters, as `Answers` has them."""


def tradeoff(rows: Iterable[Row], curves: Iterable[Row], radii: Iterable[float]) -> Sheet:
    """The trade-off figure: adversarial accuracy against the radius, and spatial accuracy against it at one radius.

    Parameters
    ----------
    rows : iterable of Row
        A run's answers at ``radii``, computed and, if it sampled, sampled.
    curves : iterable of Row
        Computed answers on a fine grid of radii, with the rows of quantity ``best_adversarial`` that bound every rule.
    radii : iterable of float
        Scaled radii of the run; both accuracies are shown at `main_radius` of them.

    Returns
    -------
    Sheet
        Its first panel against the radius, its second in the plane of the two accuracies.
    """
    rows, curves = list(rows), list(curves)
    answers, fine, law = Answers(rows, radii), Answers(curves), rows[0]
    ceiling = {row.scaled_radius or 0.0: row.number for row in curves if row.quantity == "best_adversarial"}
    radius = main_radius(answers.radii, law.signal)
    return Sheet(
        MAIN_FIGURE,
        f"The trade-off of {law.length // law.step} shifts, word of length {law.length}, p = {law.p:g}, "
        f"signal {law.signal:g}",
        (_by_radius(answers, fine, ceiling, law.length), _plane(answers, fine, radius, ceiling[radius])),
        panel_height=3.0,
    )


def label(rule: Rule) -> str:
    """A rule in a legend: its symbol and name, or the name alone if it is built for some elements of the group."""
    name, parameters = rule
    if rule_label(name, parameters) != name and "built_for" not in parameters:
        return rule_label(name, parameters)
    return f"{RULES[name].symbol}: {name}{ABOUT[name]}"


def _by_radius(answers: Answers, fine: Answers, ceiling: dict[float, float], length: int) -> Panel:
    """Adversarial accuracy of each rule against the radius; sampled points with their intervals."""
    curves = [between(NO_RULE, list(ceiling), list(ceiling.values()), TOP, "region")]
    drawn = set()
    for rule in fine.rules:
        points = [row for a in fine.radii if (row := fine.computed.get(fine.key(rule, "adversarial", a)))]
        if len(points) > 1:
            drawn.add(rule)
            curves.append(_computed(rule, points))
    if any(row.method == "bound" for row in answers.computed.values()):
        curves.append(line(FOUND, [], [], "dashed", look="bound"))
    exact = len(curves)
    for rule in answers.rules:
        points = [row for key, row in answers.sampled.items() if key[:2] == rule and key[2] == "adversarial"]
        if rule in drawn and points:
            low, high = zip(*(row.ends for row in points), strict=True)
            at, values = [row.scaled_radius or 0.0 for row in points], [row.number for row in points]
            curves.append(Curve(label(rule), "points", numbers(at), numbers(values), numbers(low), numbers(high)))
    return Panel(
        "robustness of each rule",
        "scaled radius a = eps √d",
        "adversarial accuracy",
        tuple(curves),
        x_range=(min(ceiling), max(ceiling)),
        y_range=(0.0, TOP),
        top_label="l∞ radius eps (feature units)",
        top_unit=math.sqrt(length),
        source=_source(sampled=len(curves) > exact),
    )


def _computed(rule: Rule, points: Sequence[Row]) -> Curve:
    """The curve of a rule; dashed where it is only an upper bound, as the worst attack is not known."""
    bounded = any(row.method == "bound" for row in points)
    error = max((row.ends[1] - row.number for row in points if row.method == "quadrature"), default=0.0)
    at, values = [row.scaled_radius or 0.0 for row in points], [row.number for row in points]
    return line(label(rule), at, values, "dashed" if bounded else "line", error=error)


def _plane(answers: Answers, fine: Answers, radius: float, ceiling: float) -> Panel:
    """Adversarial accuracy at one radius across, spatial accuracy up."""
    paths = list(_paths(fine, radius))
    points = [
        line(label(rule), [across.number], [up.number], "points")
        for rule in answers.at(radius)
        if (both := _both(answers.computed, rule, radius))
        for across, up in [both]
    ]
    sampled = [both for rule in answers.at(radius) if (both := _both(answers.sampled, rule, radius))]
    curves = [*paths, *points, *([_sampled(sampled)] if sampled else [])]
    left, right = _extent([number for curve in curves for number in (*curve.x, *curve.x_low, *curve.x_high)])
    low, high = _extent([number for curve in curves for number in (*curve.y, *curve.low, *curve.high)])
    right = max(right, ceiling + 0.1 * (right - left))
    best = fine.computed.get(fine.key(("augmented", "{}"), "spatial", radius))
    closed = []
    if best is not None:
        high = max(high, best.number + 0.1 * (high - low))
        closed.append(between(NO_RULE, [left, right], best.number, high, "region"))
    closed.append(between(NO_RULE, [ceiling, right], low, high, "region"))
    said = "up and right is better"
    return Panel(
        f"{said}; lines: b from 0 to the signal" if paths else said,
        f"adversarial accuracy at a = {radius:g}",
        "spatial accuracy (random shift)",
        (*closed, *curves),
        (left, right),
        (low, high),
        source=_source(sampled=bool(sampled)),
    )


def _paths(fine: Answers, radius: float) -> Iterable[Curve]:
    """Where the rules go that are built for a radius, as it grows."""
    for name in (name for name, entry in RULES.items() if entry.for_radius):
        built = sorted((json.loads(rule[1])["built_for"], rule) for rule in fine.rules if rule[0] == name)
        path = [both for _, rule in built if (both := _both(fine.computed, rule, radius))]
        if len(path) > 1:
            yield line(label(built[0][1]), [across.number for across, _ in path], [up.number for _, up in path])


def _both(table: dict[tuple[str, str, str, float | None], Row], rule: Rule, radius: float) -> tuple[Row, Row] | None:
    """Adversarial accuracy at the radius and spatial accuracy, if a table has both."""
    across, up = (table.get(Answers.key(rule, quantity, radius)) for quantity in ("adversarial", "spatial"))
    return (across, up) if across and up else None


def _sampled(points: Sequence[tuple[Row, Row]]) -> Curve:
    """Crosses: both intervals of each rule."""
    return Curve(
        SAMPLED,
        "points",
        numbers([across.number for across, _ in points]),
        numbers([up.number for _, up in points]),
        low=numbers([up.ends[0] for _, up in points]),
        high=numbers([up.ends[1] for _, up in points]),
        x_low=numbers([across.ends[0] for across, _ in points]),
        x_high=numbers([across.ends[1] for across, _ in points]),
    )


def _source(*, sampled: bool) -> str:
    """Where a panel's numbers come from."""
    return "exact and sampled" if sampled else "exact"


def _extent(values: Sequence[float]) -> tuple[float, float]:
    """The range of the values with a margin."""
    least, most = min(values), max(values)
    margin = MARGIN * max(most - least, LEAST_EXTENT)
    return least - margin, most + margin
