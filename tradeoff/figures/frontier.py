"""Figures in the plane of two accuracies, and of what Theorem 2 can speak of: the frontier, the map of possible eta."""

from __future__ import annotations

import numpy as np

from tradeoff.bounds import frontier, least_favourable, linear_frontier, optima, theorem_bounds
from tradeoff.bounds.frontier import Frontier
from tradeoff.bounds.linear_frontier import PARTNERS, Partner
from tradeoff.exact import accuracy
from tradeoff.figures.titles import NO_RULE, chosen_rules, law_text
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Rule
from tradeoff.shared.figure_data import Curve, Panel, Sheet, between, line
from tradeoff.shared.progress import Progress
from tradeoff.shared.results import Answer, Band, rate

MARGIN = 0.1
"""Around what is drawn in a plane of accuracies, as a share of its extent."""


def frontiers(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Adversarial accuracy against spatial and joint accuracy: what rules reach, and what no rule can."""
    made = [frontier.frontier(dist, scaled_radius=radius, partner=partner, progress=progress) for partner in PARTNERS]
    return Sheet(
        "frontier",
        f"The trade-off at a = {radius:g}, up and to the right is better: {law_text(dist)}",
        tuple(_plane(one, radius) for one in made),
        panel_height=2.9,
    )


def search_error(found: Frontier) -> float:
    """How far along either axis a frontier may lie beside the one that another processor finds.

    A line weight * x + (1 - weight) * y that no rule passes is as low as its search found it: rounding decides whether
    one more shift is added that gains TOLERANCE, and the quadrature of its level states an error. A line that lies
    higher by so much lies no further off along either axis at the corners. Rules are found to about 1e-13 in the same
    sum, and Bayes rules of moved data to errors far below TOLERANCE.
    """
    return least_favourable.TOLERANCE + max(one.value.error for one in found.bounds)


def _plane(found: Frontier, radius: float) -> Panel:
    """What rules reach and what no rule can, adversarial accuracy across."""
    dist, partner = found.dist, found.partner
    across, up = linear_frontier.along(found.linear)
    reached = found.reached()
    wide = found.most_adversarial - float(across.min()) or 1e-3
    high = float(reached[1].max() - up.min()) or 1e-3
    left, bottom = max(0.0, float(across.min()) - 2 * MARGIN * wide), max(0.0, float(up.min()) - MARGIN * high)
    at = found.grid(left, 61)
    allowed = found.allowed(at)
    error = search_error(found)
    curves = [
        between(NO_RULE, at, allowed, 1.0, "region", error=error),
        Curve(NO_RULE, "region", (found.most_adversarial, 1.0), low=(0.0, 0.0), high=(1.0, 1.0)),
        line("reached, by rules and coins between them", *reached, error=error, look="reached"),
        line(
            "linear rules, each the best for some weight",
            across,
            up,
            "points",
            error=error,
            look="reached by linear rules",
        ),
        line("bound on all rules", at, allowed, "dashed", error=error, look="bound"),
    ]
    if found.cuts:
        cuts = np.array([(one.adversarial, one.partner) for one in found.cuts])
        curves.append(
            line(
                "best of all rules on a grid, for some weight",
                cuts[:, 0],
                cuts[:, 1],
                "points",
                error=error,
                look="reached on a grid",
            )
        )
    if partner == "spatial":
        curves.append(line("Theorem 2 as corrected", at, found.corrected(at), "dotted", error=error, look="corrected"))
    for label, rule in chosen_rules(dist, radius).items():
        point = (
            rate(accuracy.adversarial(rule, dist, scaled_radius=radius)),
            rate(_partner(rule, dist, radius, partner)),
        )
        if point[0] >= left and point[1] >= bottom:
            curves.append(line(label, point[:1], point[1:], "points", error=error))
    # Theorem 2 may lie far above all that happens.
    top = min(max(number for curve in curves for number in curve.y), float(reached[1].max()) + high)
    return Panel(
        f"{partner} and adversarial accuracy",
        f"adversarial accuracy at a = {radius:g}",
        f"{partner} accuracy",
        tuple(curves),
        (left, min(1.0, found.most_adversarial + MARGIN * wide)),
        (bottom, min(1.0, top + MARGIN * high)),
        source="exact",
    )


def _partner(rule: Rule, dist: CyclicGaussian, radius: float, partner: Partner) -> Answer:
    return accuracy.spatial(rule, dist) if partner == "spatial" else accuracy.joint(rule, dist, scaled_radius=radius)


def eta(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Which eta Theorem 2 can speak of: by p, by eta at the law's p, and by the radius."""
    ps = np.linspace(0.5, 0.99, 50)
    empty, useless = "no rule has so small an eta", "printed upper bound at least 1: it says nothing"
    first = Panel(
        f"Theorem 2 as printed (a = {2 * dist.signal:g}, eps < 1)",
        "p",
        "error eta of a rule",
        (
            between(empty, ps, 0.0, 1 - ps, "region"),
            between(useless, ps, (1 - ps) / ps, 1.0, "hatched"),
            line("1 - p, the least eta of a rule", ps, 1 - ps, look="bound"),
            line(
                "(1 - p)/p, where the printed bound reaches 1",
                ps,
                np.minimum((1 - ps) / ps, 1.0),
                "dashed",
                look="printed",
            ),
        ),
        (0.5, 0.99),
        (0, 1),
        source="exact",
    )
    etas = np.linspace(0, 1, 101)
    printed = [theorem_bounds.theorem2_formula(dist, float(e)) for e in etas]
    corrected = [theorem_bounds.theorem2_corrected(dist, float(e)) for e in etas]
    known = [(e, one) for e, one in zip(etas, corrected, strict=True) if isinstance(one, Band)]
    least = theorem_bounds.feasible_eta(dist, scaled_radius=2 * dist.signal).low
    second = Panel(
        f"what it says about spatial accuracy, p = {dist.p:g}",
        "eta",
        "spatial accuracy",
        (
            between(empty, [0, least], 0.0, 1.2, "region"),
            line("printed lower and upper bound", etas, [one.lower for one in printed], "dashed", look="printed"),
            line("printed lower and upper bound", etas, [one.upper for one in printed], "dashed", look="printed"),
            between(
                "corrected: between its bounds",
                [e for e, _ in known],
                [one.lower for _, one in known],
                [one.upper for _, one in known],
                look="corrected",
            ),
            line("accuracy 1", [0, 1], [1, 1], "dotted", look="bound"),
        ),
        (0, 1),
        (0, 1.2),
        source="exact",
    )
    at = np.linspace(0, 2.5 * dist.signal, 101)
    curves = [
        line(f"least eta of a rule, p = {p:g}", at, [_least(dist, p, float(a)) for a in at])
        for p in dict.fromkeys((0.5, dist.p, 0.9, 0.99))
    ]
    third = Panel(
        "the least possible eta at any radius, eps < 1",
        "scaled radius a",
        "error eta of a rule",
        tuple(curves),
        (0, float(at[-1])),
        (0, 0.55),
        source="exact",
    )
    return Sheet("eta", f"Where Theorem 2 speaks of rules that exist: {law_text(dist)}", (first, second, third))


def _least(dist: CyclicGaussian, p: float, radius: float) -> float:
    law = CyclicGaussian(dist.word, p, dist.signal)
    # As for a word long enough that eps < 1: the figure is about the radius, not about this length.
    left = law.signal - radius
    return 1 - (optima.best_standard(CyclicGaussian(dist.word, p, left)) if left > 0 else p)
