"""Several networks in words: one table, then each against the first, on both sides of the trade-off.

Whether a rate rises, falls or is alike is judged as in `verdicts`: by the 95 % interval of the paired difference, and a
margin that was fixed beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from empirical import telling
from empirical.pairs import GIVEN_BOTH, Pair, Seeds, pairs, seed_pairs
from empirical.seeds import Network
from empirical.verdicts import MARGIN, MOST_CLEAN_DIFFERENCE
from empirical.wording import between, probability, sentence, table
from tradeoff.results import Interval

Difference = Pair | Seeds
Place = tuple[str, float | None, float | None]


def compared(networks: Sequence[Network]) -> str:
    """Two networks or more, measured on the same images."""
    columns = _columns(networks)
    rows = []
    for network in networks:
        cells = [network.at(*place) for _, place in columns]
        written = [f"{cell.value:.3f} ±{_half(cell.interval):.3f}" if cell else "-" for cell in cells]
        rows.append([network.name, str(len(network.runs)), *written])
    lines = [
        f"Compared on the same {len(networks[0].first.data):,} images "
        "(± is half a 95 % interval: over images for one training seed, Student's t over several):",
        *table(["network", "seeds", *(head for head, _ in columns)], rows, indent=2),
    ]
    sentences = [_against(networks[0], network) for network in networks[1:]]
    said = [sentence(one) for one in sentences if one]
    if said:
        many = f"; {len(said)} comparisons, each for itself" if len(said) > 1 else ""
        lines += ["", f"Against {networks[0].name}, paired (McNemar's exact p-values{many}; all pairs in pairs.jsonl):"]
    return "\n".join([*lines, *said])


def _columns(networks: Sequence[Network]) -> list[tuple[str, Place]]:
    """Heads and places of the table."""
    eps, angle, shift = (find(networks) for find in (telling.eps, telling.angle, telling.shift))
    columns: list[tuple[str, Place]] = [("clean", ("clean_accuracy", None, None))]
    if eps is not None:
        columns += [
            (f"1-fool {eps:.4g}", ("one_minus_fooling", eps, None)),
            (f"adv. acc. {eps:.4g}", ("adversarial_accuracy", eps, None)),
        ]
    if angle is not None:
        columns.append((f"inv. ±{angle:g}°", ("invariance", angle, None)))
    if shift is not None:
        columns.append((f"inv. ±{shift:g} px", ("translation_invariance", shift, None)))
    if eps is not None and angle is not None:
        columns.append((f"union ±{angle:g}°, {eps:.4g}", ("union_one_minus_fooling", angle, eps)))
    return columns


def _half(interval: Interval) -> float:
    return (interval.high - interval.low) / 2


def _against(before: Network, after: Network) -> str:
    """Both sides of the trade-off, clean accuracy, and the rates among images that both classify correctly."""
    found = _differences(before, after)
    eps, angle = telling.eps([before, after]), telling.angle([before, after])
    robust = None if eps is None else found.get(("one_minus_fooling", eps, None))
    same = None if angle is None else found.get(("invariance", angle, None))
    sides = [("robustness", robust), ("invariance", same)]
    clean = found.get(("clean_accuracy", None, None))
    parts = [
        f"{what} {_signed(one)}"
        for what, one in (
            (f"1 - fooling at eps {eps:.4g}" if eps is not None else "", robust),
            (f"invariance in ±{angle:g}°" if angle is not None else "", same),
            ("clean accuracy", clean),
        )
        if one is not None
    ]
    if not parts:
        return ""
    said = f"{after.name}: {'; '.join(parts)}. {_verdict(sides)}"
    if clean is not None and abs(_mean(clean)) > MOST_CLEAN_DIFFERENCE:
        said += f" Clean accuracy differs by {100 * abs(_mean(clean)):.1f} points, so the rates are not comparable"
        given = [
            f"{what} {_signed(found[place])}"
            for what, place in (
                ("1 - fooling", (f"one_minus_fooling{GIVEN_BOTH}", eps, None)),
                ("invariance", (f"invariance{GIVEN_BOTH}", angle, None)),
            )
            if place in found
        ]
        said += f"; among images that both classify correctly: {', '.join(given)}." if given else "."
    return said


def _differences(before: Network, after: Network) -> dict[Place, Difference]:
    """Over training seeds where both have equally many, else image by image between their first runs."""
    found: list[Pair] | list[Seeds]
    if len(before.runs) == len(after.runs) > 1:
        found = seed_pairs(before, after)
    else:
        found = pairs(before.first, after.first)
    return {(one.quantity, one.grid, one.second): one for one in found}


def _mean(one: Difference) -> float:
    return one.difference if isinstance(one, Pair) else one.mean


def _interval(one: Difference) -> Interval:
    return Interval(-math.inf if one.low is None else one.low, math.inf if one.high is None else one.high)


def _signed(one: Difference) -> str:
    interval = _interval(one)
    p_value = f", {probability(one.p_value)}" if isinstance(one, Pair) and one.p_value is not None else ""
    return f"{_mean(one):+.3f} ({between(interval, sign=True)}{p_value})"


def _verdict(sides: Sequence[tuple[str, Difference | None]]) -> str:
    """The trade-off in words: what rises, what falls, and what that is called."""
    words = {what: _word(one) for what, one in sides if one is not None}
    said = " and ".join(f"{what} {word}" for what, word in words.items())
    found = sorted(words.values())
    if found == ["falls", "rises"]:
        return f"TRADE-OFF: {said}."
    if found in (["rises", "rises"], ["falls", "falls"]):
        return f"NO trade-off: {said}."
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _word(one: Difference) -> str:
    interval = _interval(one)
    if interval.low >= -MARGIN and interval.high <= MARGIN:
        return f"is alike within {MARGIN}"
    if interval.low > 0 or interval.high < 0:
        return "rises" if interval.low > 0 else "falls"
    return "is undecided"
