"""Several networks in words: each against the first, on both sides of the trade-off.

Whether a rate rises, falls or is alike is judged as in `verdicts`: by the 95 % interval of the paired difference, and a
margin that was fixed beforehand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from empirical.report.formatting import between, eps_text, paragraph, probability, sentence
from empirical.statistics import headline
from empirical.statistics.over_seeds import Network
from empirical.statistics.paired import GIVEN, GIVEN_BOTH, Pair, Seeds, pairs, seed_pairs
from empirical.statistics.verdicts import MARGIN, MOST_CLEAN_DIFFERENCE
from tradeoff.shared.results import Interval

Difference = Pair | Seeds
Place = tuple[str, float | None, float | None]


def compared(networks: Sequence[Network], eps: float | None) -> list[str]:
    """Two networks or more, measured on the same images: lines of text, with attacks at ``eps``."""
    sentences = [_against(networks[0], network, eps, headline.angle(networks)) for network in networks[1:]]
    said = [sentence(one) for one in sentences if one]
    if not said:
        return []
    many = f"; {len(said)} comparisons, each for itself" if len(said) > 1 else ""
    head = f"Against {networks[0].name}, paired (p-values are McNemar's, exact{many}; all pairs in pairs.jsonl):"
    return [paragraph(head), *said]


def _against(before: Network, after: Network, eps: float | None, angle: float | None) -> str:
    """Both sides of the trade-off and clean accuracy. Where that differs too much, the verdict is not on these rates
    but on those among images that both classify correctly; training seeds have no such images in common.
    """
    found = _differences(before, after)
    robust, same = found.get(("one_minus_fooling", eps, None)), found.get(("invariance", angle, None))
    clean = found["clean_accuracy", None, None]
    by_seed = len(before.runs) == len(after.runs) > 1
    first = not by_seed and max(len(before.runs), len(after.runs)) > 1
    said = f"{after.name}{f' (by {len(after.runs)} seeds)' if by_seed else ' (first seeds)' if first else ''}: "
    if robust is not None and eps is not None:
        said += f"1 - fooling at eps {eps_text(eps)} {_signed(robust)}; "
    if same is not None:
        said += f"invariance in ±{angle:g}° {_signed(same)}; "
    said += f"clean accuracy {_signed(clean)}. "
    if abs(_mean(clean)) <= MOST_CLEAN_DIFFERENCE:
        return said + _verdict(robust, same)
    said += f"UNDECIDED over all images, because clean accuracy differs by {100 * abs(_mean(clean)):.1f} points. "
    given = GIVEN if by_seed else GIVEN_BOTH
    robust, same = found.get((f"one_minus_fooling{given}", eps, None)), found.get((f"invariance{given}", angle, None))
    if robust is None or same is None:
        return said
    both = f"1 - fooling {_signed(robust)}, invariance {_signed(same)}."
    if by_seed:  # rates of different images: numbers, but no verdict
        return f"{said}Among images that each classifies correctly: {both}"
    return f"{said}Among images that both classify correctly: {both} {_verdict(robust, same)}"


def _differences(before: Network, after: Network) -> dict[Place, Difference]:
    """Over training seeds where both have equally many, else image by image between their first runs."""
    if len(before.runs) == len(after.runs) > 1:
        return {(one.quantity, one.grid, one.second): one for one in seed_pairs(before, after)}
    return {(one.quantity, one.grid, one.second): one for one in pairs(before.first, after.first)}


def _mean(one: Difference) -> float:
    return one.difference if isinstance(one, Pair) else one.mean


def _interval(one: Difference) -> Interval:
    return Interval(-math.inf if one.low is None else one.low, math.inf if one.high is None else one.high)


def _signed(one: Difference) -> str:
    interval = _interval(one)
    p_value = f", {probability(one.p_value)}" if isinstance(one, Pair) and one.p_value is not None else ""
    return f"{_mean(one):+.3f} ({between(interval, sign=True)}{p_value})"


def _verdict(robust: Difference | None, same: Difference | None) -> str:
    """What rises, what falls, and what that is called."""
    sides = [(what, _word(one)) for what, one in (("robustness", robust), ("invariance", same)) if one is not None]
    said, words = " and ".join(f"{what} {word}" for what, word in sides), sorted(word for _, word in sides)
    if words == ["falls", "rises"]:
        return f"TRADE-OFF: {said}."
    if words in (["rises", "rises"], ["falls", "falls"]):
        return f"NO trade-off: {said}."
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _word(one: Difference) -> str:
    interval = _interval(one)
    if interval.low >= -MARGIN and interval.high <= MARGIN:
        return f"is alike within {MARGIN}"
    if interval.low > 0 or interval.high < 0:
        return "rises" if interval.low > 0 else "falls"
    return "is undecided"
