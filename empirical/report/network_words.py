"""What a figure calls a network: how it was trained, in words. Networks of users keep the names they were given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from empirical.compute.checksum import of_weights
from empirical.statistics.over_seeds import Network
from empirical.training import example_networks

Words = tuple[str, str]
"""A label, and its role in `palette.ROLES`; empty for what has none."""
WHOLE_TURN, STRONG = 180.0, 0.3
"""Training on less, of degrees, is in part; on as much or more, of eps, is to more."""


def trained(*, theta: float = 0.0, eps: float = 0.0, network: str = "std_cnn") -> Words:
    """How a network was trained.

    Examples
    --------
    >>> trained(theta=180.0)
    ('rotated up to ±180°', 'rotated')
    >>> trained(eps=0.1)
    ('PGD, eps 0.1', 'robust')
    """
    if network != "std_cnn":
        return "pooled over quarter turns (P4)", "invariant by build"
    if eps:
        return f"PGD, eps {eps:g}", "robust to more" if eps >= STRONG else "robust"
    if theta:
        return f"rotated up to ±{theta:g}°", "rotated" if theta >= WHOLE_TURN else "rotated in part"
    return "standard", "standard"


def words(networks: Sequence[Network]) -> list[Words]:
    """The label and role of each: words for the networks that come with the package, the name for others."""
    names = {network.name for network in networks}
    found = [_example(network) or (network.name, "") for network in networks]
    return [
        (network.name, "") if label != network.name and label in names else (label, role)
        for network, (label, role) in zip(networks, found, strict=True)
    ]


def _example(network: Network) -> Words | None:
    """The words of a network that comes with the package: one of its name and its weights."""
    if network.name not in example_networks.EXAMPLES or len(network.runs) > 1:
        return None
    checksum, found = _shipped(network.name)
    return found if network.first.content["model"] == checksum else None


@cache
def _shipped(name: str) -> tuple[str, Words]:
    """The checksum of an example, and its words."""
    model, config = example_networks.load(name)
    return of_weights(model), trained(theta=config.augment_deg, eps=config.eps, network=config.network)
