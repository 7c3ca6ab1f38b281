"""The place of the grids at which a summary, a leaderboard and a picture look: where the networks have most to tell."""

from __future__ import annotations

from collections.abc import Sequence

from empirical.statistics.over_seeds import Network, Value

MIDDLE = 0.5


def eps(networks: Sequence[Network]) -> float | None:
    """The shared positive eps at which the networks' 1 - fooling rates are furthest apart.

    Of two alike, and of one network, the eps at which their mean is nearest to one half: at 0 all stand and far out all
    fall, whatever they are. Of two alike still the smaller one; None without an attack.
    """
    found = {place: values for place, values in _shared(networks, "one_minus_fooling").items() if place > 0}
    return min(found, key=lambda place: (-_apart(found[place]), abs(_mean(found[place]) - MIDDLE), place), default=None)


def every_eps(networks: Sequence[Network]) -> list[float]:
    """All positive eps at which every network was attacked."""
    return sorted(place for place in _shared(networks, "one_minus_fooling") if place > 0)


def _apart(values: list[Value]) -> float:
    return max(value.value for value in values) - min(value.value for value in values)


def _mean(values: list[Value]) -> float:
    return sum(value.value for value in values) / len(values)


def angle(networks: Sequence[Network]) -> float | None:
    """The largest shared range of rotation, in degrees; None if nothing was turned."""
    return _last(networks, "invariance")


def shift(networks: Sequence[Network]) -> float | None:
    """The largest shared range of translation, in pixels; None if nothing was shifted."""
    return _last(networks, "translation_invariance")


def _last(networks: Sequence[Network], quantity: str) -> float | None:
    return max((place for place in _shared(networks, quantity) if place > 0), default=None)


def _shared(networks: Sequence[Network], quantity: str) -> dict[float, list[Value]]:
    """Places of a profile that every network has, with the values there."""
    profiles = [dict(zip(*network.profile(quantity), strict=True)) for network in networks]
    return {place: [one[place] for one in profiles] for place in profiles[0] if all(place in one for one in profiles)}
