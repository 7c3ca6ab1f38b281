"""Measurements -> figure data: profiles with their bands, and the surface of both perturbations at once."""

from __future__ import annotations

from collections.abc import Sequence

from empirical.report.formatting import eps_text
from empirical.report.network_words import Words, words
from empirical.statistics.over_seeds import Network, Value
from tradeoff.shared import checks
from tradeoff.shared.figure_data import Curve, Kind, Panel, Sheet, between, image, line

MOST = 64
"""Networks that one figure tells apart."""
FEW = 1
"""Up to so many networks the dashed and dotted curves have bands, too: more bands than these hide each other."""
STAYS = "share of answers that stay"
PANELS: tuple[tuple[str, str, str, tuple[tuple[str, Kind], ...]], ...] = (
    (
        "robustness: stays (1 - fooling),\ndashed: stays and is right",
        "eps of the attack (l_inf, pixels in [0, 1])",
        STAYS,
        (("one_minus_fooling", "line"), ("adversarial_accuracy", "dashed")),
    ),
    (
        "rotation: stays (invariance),\ndotted: turned and back, the cost of blur",
        "range of random rotation (±degrees)",
        STAYS,
        (("invariance", "line"), ("resampling_control", "dotted")),
    ),
    (
        "translation: stays (invariance)",
        "range of random translation (±pixels)",
        STAYS,
        (("translation_invariance", "line"),),
    ),
)
"""Title, axes, and what is drawn in which style; a panel is left out where its first curve was not measured."""
SURFACES = {
    "joint_one_minus_fooling": "rotated, then attacked",
    "union_one_minus_fooling": "withstands rotation, and attack (union)",
}


def profiles(networks: Sequence[Network]) -> Sheet:
    """Robustness against eps, invariance against the ranges of rotation and translation.

    Bands are 95 % intervals: over images for one training seed, Student's t over training seeds for several.

    Raises
    ------
    InputError
        If no profile was measured, or there are more networks than can be told apart.
    """
    reason = no_profiles(networks)
    if reason is not None:
        raise checks.InputError(f"networks={_names(networks)} cannot be drawn: {reason}")
    panels = tuple(_panel(networks, *panel) for panel in _panels(networks))
    return Sheet("profiles", _title(networks), panels)


def no_profiles(networks: Sequence[Network]) -> str | None:
    """The reason why there is no figure of profiles; None if there is one."""
    if len(networks) > MOST:
        return f"one figure tells at most {MOST} networks apart, and there are {len(networks)}"
    if not _panels(networks):
        return "eps, angles and shifts hold 0 alone or were skipped; measure at one more place"
    return None


def _panels(networks: Sequence[Network]) -> list[tuple[str, str, str, tuple[tuple[str, Kind], ...]]]:
    """Those with a curve of two points."""
    return [panel for panel in PANELS if any(len(_points(network, panel[3][0][0])[0]) > 1 for network in networks)]


def _panel(networks: Sequence[Network], title: str, axis: str, up: str, drawn: Sequence[tuple[str, Kind]]) -> Panel:
    curves: list[Curve] = []
    for network, named in zip(networks, words(networks), strict=True):
        for quantity, kind in drawn:
            curves += _curves(network, named, quantity, kind, band=kind == "line" or len(networks) <= FEW)
    return Panel(title, axis, up, tuple(curves), y_range=(-0.02, 1.02), source="measured")


def _curves(network: Network, named: Words, quantity: str, kind: Kind, *, band: bool) -> list[Curve]:
    """A profile and its band; only solid lines stand in the legend."""
    grid, values = _points(network, quantity)
    if not grid:
        return []
    label, role, rates_at = _label(network, named), named[1], [value.value for value in values]
    rates = line(label, grid, rates_at, look=role) if kind == "line" else line("", grid, rates_at, kind, look=label)
    if not band:
        return [rates]
    ends = [value.interval for value in values]
    return [rates, between(label, grid, [one.low for one in ends], [one.high for one in ends])]


def _names(networks: Sequence[Network]) -> list[str]:
    return [network.name for network in networks]


def _label(network: Network, named: Words) -> str:
    seeds = len(network.runs)
    return named[0] if seeds == 1 else f"{named[0]} ({seeds} seeds)"


def _title(networks: Sequence[Network]) -> str:
    first = networks[0].first
    over = "bands: 95 % intervals over " + (
        "training seeds (Student's t)" if all(len(network.runs) > 1 for network in networks) else "images"
    )
    if len({len(network.runs) > 1 for network in networks}) > 1:
        over += ", Student's t over training seeds where there are several"
    draws = f"{first.plan.draws} random moves of each" if "moves" in first.plan.parts else ""
    about = (f"Higher is steadier: {len(first.data):,} images of {first.data.name}", draws, over)
    return "; ".join(part for part in about if part)


def _points(network: Network, quantity: str) -> tuple[list[float], list[Value]]:
    """A profile; that of translation with the place where nothing moves, which is written down as one of rotation."""
    grid, values = network.profile(quantity)
    still = network.at("invariance", 0.0)
    if quantity == "translation_invariance" and grid and still is not None:
        return [0.0, *grid], [still, *values]
    return grid, values


def joint(networks: Sequence[Network]) -> Sheet:
    """1 - fooling rate over range of rotation and eps: attacked after the rotation, and beside it the union.

    Attacked is the first random rotation of each image. The union is the share of images and all their random
    rotations that withstand the rotation, and withstand the attack, each by itself. Rows are ranges, from 0 at the
    bottom up as on an axis, columns eps.

    Raises
    ------
    InputError
        If neither was measured.
    """
    reason = no_joint(networks)
    if reason is not None:
        raise checks.InputError(f"networks={_names(networks)} cannot be drawn: {reason}")
    panels = tuple(_surfaces(networks))
    first = networks[0].first
    title = (
        f"Rotation and attack at once: the brighter, the more answers stay; {len(first.data):,} images of "
        f"{first.data.name}"
    )
    return Sheet("joint", title, panels)


def no_joint(networks: Sequence[Network]) -> str | None:
    """The reason why there is no figure of both perturbations; None if there is one."""
    if not _surfaces(networks):
        return "it needs the part joint, or robustness and moves, and a range of rotation above 0; measure them"
    return None


def _surfaces(networks: Sequence[Network]) -> list[Panel]:
    """A table for each network and quantity that was measured at more than one range, at all its eps."""
    made = []
    for network, named in zip(networks, words(networks), strict=True):
        for quantity, title in SURFACES.items():
            table = _surface(network, quantity)
            if table is not None:
                name, across, up = f"{_label(network, named)}\n{title}", "eps of the attack", "range of random rotation"
                made.append(Panel(name, across, up, (table,), written=True, source="measured", bar=STAYS))
    return made


def _surface(network: Network, quantity: str) -> Curve | None:
    """Rows are ranges, the largest first, columns eps; None where there is one range only, or a place is missing."""
    places = [(row, column) for name, row, column in network.places() if name == quantity]
    ranges = sorted({row for row, _ in places if row is not None}, reverse=True)
    eps = sorted({column for _, column in places if column is not None})
    values = [[network.at(quantity, row, column) for column in eps] for row in ranges]
    rates = [[value.value for value in row if value is not None] for row in values]
    if len(ranges) < 2 or any(len(row) < len(eps) for row in rates):
        return None
    names = [f"±{row:g}°" if row else "0°" for row in ranges]
    return image(rates, x_names=[eps_text(column) for column in eps], y_names=names)
