"""Words, the groups that move their coordinates, and families of words, by name. Each loads when it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tradeoff.shared.registry import Registry, loaded

GROUPS = Registry(
    {
        "cyclic": "tradeoff.codes.groups:cyclic",
        "rolls": "tradeoff.codes.groups:two_rolls",
        "dihedral": "tradeoff.codes.groups:dihedral",
    }
)
"""Groups that a length and a step name: ``GROUPS[name](length, step)``."""


@dataclass(frozen=True)
class Family:
    """Where the recipe ``build(length, step)`` of a word's text stands ("module:function"), and what it makes."""

    place: str
    description: str

    @property
    def build(self) -> Callable[..., str]:
        """The recipe."""
        function: Callable[..., str] = loaded(self.place)
        return function


FAMILIES: dict[str, Family] = {
    "golay_quarter": Family(
        "tradeoff.codes.families:golay_quarter",
        "Golay columns and constant columns: every shift correlation exactly 1/4",
    ),
    "golay_zero": Family("tradeoff.codes.families:golay_zero", "Golay columns: every shift correlation exactly 0"),
    "antiperiodic": Family(
        "tradeoff.codes.families:antiperiodic", "half a turn changes every sign: spatial accuracy cannot exceed p"
    ),
    "legendre": Family(
        "tradeoff.codes.families:legendre", "quadratic residues modulo a prime length: correlations at most 1/length"
    ),
    "m_sequence": Family(
        "tradeoff.codes.finite_fields:m_sequence",
        "maximal-length word of length 2^k - 1: every shift correlation exactly -1/length",
    ),
    "sidelnikov": Family(
        "tradeoff.codes.finite_fields:sidelnikov", "length q - 1 for an odd prime power q, n^2 - 1 pixels among them"
    ),
    "ding_helleseth_lam": Family(
        "tradeoff.codes.finite_fields:ding_helleseth_lam", "quartic classes modulo a prime x^2 + 4: at most 1/length"
    ),
    "bch": Family(
        "tradeoff.codes.finite_fields:bch",
        "a full orbit in the largest BCH code of length 2^m - 1 with distance at least 3/8",
    ),
    "search": Family(
        "tradeoff.codes.search:search",
        "found by trying, for any length and step but (6, 1): relative distance at least 3/8",
    ),
}
