"""Figures against a growing radius or range: rules under attack, direction 1, direction 2, joint accuracy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tradeoff.bounds import frontier, optima
from tradeoff.exact import accuracy, profiles
from tradeoff.exact.profiles import Prediction
from tradeoff.figures.frontier import search_error
from tradeoff.figures.titles import BEYOND, NO_RULE, chosen_rules, grid, law_text
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Rule
from tradeoff.shared.figure_data import Curve, Panel, Sheet, between, image, line
from tradeoff.shared.progress import Progress
from tradeoff.shared.results import Answer, Band, Profile, ends, rate, stated_error

BUILT = 41
"""Radii of robust training along a curve."""
LEVELS = (0.0, 0.5, 0.75)
"""Shares of the signal for which single robust rules are drawn."""
LEVEL_ROLES = ("standard", "robust", "robust to more")
JOINT_RADII = 6
DEMANDED = 25
"""Adversarial accuracies that are demanded along a curve."""


def radii(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Adversarial accuracy, joint accuracy and 1 - fooling rate of each rule against the radius."""
    at = grid(dist)
    chosen = chosen_rules(dist, radius)
    panels = []
    for title, answer, best in (
        ("adversarial accuracy", accuracy.adversarial, optima.best_adversarial),
        ("joint accuracy: moved, then attacked", accuracy.joint, optima.best_joint),
        ("1 - fooling rate", accuracy.fooling, None),
    ):
        curves: list[Curve] = []
        if best is not None:
            highest = [best(dist, scaled_radius=a) for a in at]
            ceiling = [ends(one).high for one in highest]
            curves.append(between(NO_RULE, at, ceiling, 1.0, "region", error=2 * stated_error(highest)))
        for label, rule in chosen.items():
            found = [answer(rule, dist, scaled_radius=a) for a in at]
            shown = [_shown(one, complement=best is None) for one in found]
            curves.append(line(label, at, shown, error=stated_error(found)))
            progress(1)
        panels.append(
            Panel(
                title,
                "scaled radius a",
                title.split(":")[0],
                tuple(curves),
                (0, at[-1]),
                (0, 1.02),
                source="exact",
            )
        )
    return Sheet("radii", f"Which rule keeps its accuracy under attack: {law_text(dist)}", tuple(panels))


def augmentation(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Direction 1: what a growing range of augmentation does to robustness, invariance and both."""
    found = profiles.growing_augmentation(dist, grid(dist), joint=True, progress=progress)
    return _sweep("augmentation", "What a growing range of augmentation gains and costs (direction 1)", found, dist)


def _sweep(name: str, title: str, found: Sequence[Prediction], dist: CyclicGaussian) -> Sheet:
    """The four profiles of each level, and joint accuracy with moves over the whole range."""
    reach = BEYOND * dist.signal
    about = (
        ("one_minus_fooling", "1 - fooling rate", "scaled radius a", (0, reach)),
        ("adversarial_accuracy", "adversarial accuracy", "scaled radius a", (0, reach)),
        ("invariance", "rate of invariance", "range of test moves (±degrees)", None),
        ("spatial_accuracy", "spatial accuracy", "range of test moves (±degrees)", None),
    )
    panels = []
    for quantity, text, x_label, x_range in about:
        curves = tuple(
            _profile(_trained(one), one.profiles[quantity], role)
            for one, role in zip(found, _roles(len(found)), strict=True)
        )
        panels.append(Panel(text, x_label, text, curves, x_range, source="exact"))
    curves = tuple(_profile(_trained(one), one.joint[-1], "") for one in found if one.joint)
    panels.append(
        Panel(
            "joint accuracy, moves over all shifts",
            "scaled radius a",
            "joint accuracy",
            curves,
            (0, reach),
            (0.0, 1.02),
            source="exact",
        )
    )
    return Sheet(name, f"{title}: {law_text(dist)}", tuple(panels))


def _roles(count: int) -> list[str]:
    """Of ranges of augmentation from nothing on: the standard, in part, the whole; more have none of their own."""
    known = {1: ["standard"], 2: ["standard", "rotated"], 3: ["standard", "rotated in part", "rotated"]}
    return known.get(count, [""] * count)


def _profile(label: str, profile: Profile[Answer], role: str) -> Curve:
    return line(label, profile.grid, profile.rates, error=profile.error, look=role)


def robust_training(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Direction 2: what robust training at a growing radius does, without and with augmentation."""
    built = np.linspace(0, dist.signal, BUILT)[:-1].tolist()
    ways = {
        "f_b: without augmentation": (rules.robust, "robust at each radius"),
        "soft threshold: with augmentation": (rules.robust_augmented, "robust and invariant"),
    }
    asked: dict[str, Callable[[Rule], Answer]] = {
        "spatial accuracy over all moves": lambda rule: accuracy.spatial(rule, dist),
        "rate of invariance over all moves": lambda rule: accuracy.invariance(rule, dist),
        f"adversarial accuracy at a = {radius:g}": lambda rule: accuracy.adversarial(rule, dist, scaled_radius=radius),
    }
    panels = []
    for title, answer in asked.items():
        curves = []
        for label, (build, role) in ways.items():
            found = [answer(build(dist, scaled_radius=b)) for b in built]
            curves.append(line(label, built, [rate(one) for one in found], error=stated_error(found), look=role))
        panels.append(
            Panel(title, "radius b of robust training", title.split(" over")[0], tuple(curves), source="exact")
        )
        progress(1)
    levels = [round(share * dist.signal, 12) for share in LEVELS]
    singles = profiles.growing_robust_training(dist, levels, grid(dist), progress=progress)
    for quantity, title, x_label in (
        ("one_minus_fooling", "1 - fooling rate of f_b", "scaled radius a"),
        ("invariance", "rate of invariance of f_b", "range of test moves (±degrees)"),
    ):
        lines = tuple(
            _profile(f"f_b, {one.label}", one.profiles[quantity], role)
            for one, role in zip(singles, LEVEL_ROLES, strict=True)
        )
        panels.append(Panel(title, x_label, title.removesuffix(" of f_b"), lines, source="exact"))
    panels.append(_demanded(dist, radius, progress))
    title = f"What robust training at a growing radius gains and costs (direction 2): {law_text(dist)}"
    return Sheet("robust_training", title, tuple(panels))


def _demanded(dist: CyclicGaussian, radius: float, progress: Progress) -> Panel:
    """Direction 2 as the paper argues it: what robustness at a fixed radius leaves for the moved data."""
    found = frontier.frontier(dist, scaled_radius=radius, progress=progress)
    wanted = found.grid(min(0.5, found.most_adversarial), DEMANDED)
    bands = [band for q in wanted if isinstance(band := found.at_least(float(q)), Band)]
    low, high = [band.lower for band in bands], [band.upper for band in bands]
    label = "best spatial accuracy of all rules lies in here"
    return Panel(
        f"demanding adversarial accuracy at a = {radius:g}",
        "adversarial accuracy at least",
        "spatial accuracy",
        (between(label, wanted[: len(bands)], low, high, error=search_error(found), look="reached"),),
        source="exact",
    )


def joint(dist: CyclicGaussian, radius: float, progress: Progress) -> Sheet:
    """Joint accuracy over the range of moves and the radius of the attack, rule by rule."""
    at = grid(dist, JOINT_RADII)
    panels = []
    for label, rule in list(chosen_rules(dist, radius).items())[:4]:
        surface = profiles.joint_surface(rule, dist, at)
        rows, error = (
            [profile.rates for profile in reversed(surface)],
            max(stated_error(profile.values) for profile in surface),
        )
        table = image(rows, x=at, y=reversed(profiles.ranges(dist)), error=error)
        panels.append(
            Panel(
                label,
                "scaled radius a",
                "range of moves (±degrees)",
                (table,),
                written=True,
                source="exact",
                bar="joint accuracy",
            )
        )
        progress(1)
    return Sheet("joint", f"Moved and then attacked, brighter is more accurate: {law_text(dist)}", tuple(panels))


def _trained(one: Prediction) -> str:
    return f"trained on moves within {one.label}" if one.level else "trained without moves"


def _shown(answer: Answer, *, complement: bool) -> float:
    """A rate, or for a fooling rate what is left of 1; of a bracket what the worst attack found reaches."""
    if not complement:
        return rate(answer)
    return 1 - (answer.lower if isinstance(answer, Band) else rate(answer))
