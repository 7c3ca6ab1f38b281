"""What a reader wants first: all networks in one table, on both sides of the trade-off, at one common eps."""

from __future__ import annotations

from collections.abc import Sequence

from empirical.report.formatting import eps_text, paragraph, sentence, table
from empirical.statistics import headline
from empirical.statistics.over_seeds import Network, Value
from tradeoff.shared import checks
from tradeoff.shared.cli import PAGE
from tradeoff.shared.results import Interval

Place = tuple[str, float | None, float | None]


def common_eps(networks: Sequence[Network], at: object = None) -> float | None:
    """The eps at which networks are set side by side: ``at``, else where they differ most; None without an attack.

    Raises
    ------
    InputError
        If ``at`` is not an eps of the grid.
    """
    if at is None:
        return headline.eps(networks)
    eps, grid = checks.pixel_eps("at", at), headline.every_eps(networks)
    if eps not in grid:
        nearest = sorted(sorted(grid, key=lambda place: abs(place - eps))[:3])
        said = f"use {' or '.join(map(eps_text, nearest))}" if grid else "the networks were not attacked"
        raise checks.InputError(f"at={eps_text(eps)} is no positive eps at which all networks were attacked; {said}")
    return eps


def conclusion(networks: Sequence[Network], eps: float | None, *, chosen: bool) -> list[str]:
    """The table and what its columns are; ``chosen`` says that the reader chose the eps."""
    columns = columns_of(networks, eps)
    rows = []
    for network in networks:
        cells = [network.at(*place) for _, place in columns]
        rows.append([_shortened(network.name, len(columns)), *(_cell(cell) for cell in cells)])
    data = networks[0].first.data
    head = f"How often the answer stays: {len(data):,} images of {data.name}, ± half a 95 % interval"
    shown = table(["", *(head for head, _ in columns)], rows, indent=0)
    return [paragraph(head), "", *shown, "", *_legend(networks, eps, chosen)]


def columns_of(networks: Sequence[Network], eps: float | None) -> list[tuple[str, Place]]:
    """Heads and places of the table."""
    angle, shift = headline.angle(networks), headline.shift(networks)
    columns: list[tuple[str, Place]] = [("accuracy", ("clean_accuracy", None, None))]
    if eps is not None:
        columns.append((f"eps {eps_text(eps)}", ("one_minus_fooling", eps, None)))
    if angle is not None:
        columns.append((f"±{angle:g}°", ("invariance", angle, None)))
    if shift is not None:
        columns.append((f"±{shift:g} px", ("translation_invariance", shift, None)))
    if eps is not None and angle is not None:
        columns.append(("eps and °", ("union_one_minus_fooling", angle, eps)))
    return columns


def _legend(networks: Sequence[Network], eps: float | None, chosen: bool) -> list[str]:
    angle, shift = headline.angle(networks), headline.shift(networks)
    said = ["accuracy: the answer is the label, on the images as they are"]
    if any(len(network.runs) > 1 for network in networks):
        seeds = ", ".join(f"{network.name} {len(network.runs)}" for network in networks)
        said.insert(0, f"intervals over training seeds where there are several ({seeds}), else over images")
    if eps is not None:
        why = "chosen" if chosen else "where they differ most" if len(networks) > 1 else "nearest to one half"
        said.append(f"eps {eps_text(eps)}: the answer stays under l_inf attack ({why}; --at takes another)")
    if angle is not None or shift is not None:
        moves = [f"±{angle:g}°"] if angle is not None else []
        moves += [f"±{shift:g} px"] if shift is not None else []
        said.append(f"{', '.join(moves)}: it stays under random rotation or translation in that range")
    if eps is not None and angle is not None:
        said.append("eps and °: it stays under both, each by itself")
    return [sentence(one) for one in said]


def _cell(value: Value | None) -> str:
    return "-" if value is None else f"{value.value:.3f} ±{_half(value.interval)}"


def _half(interval: Interval) -> str:
    return f"{(interval.high - interval.low) / 2:.3f}".removeprefix("0")


def _shortened(name: str, columns: int) -> str:
    """The name, cut in its middle where the table would leave the page."""
    room = PAGE - 13 * columns
    return name if len(name) <= room else f"{name[: room // 2 - 1]}..{name[-(room - room // 2 - 1) :]}"
