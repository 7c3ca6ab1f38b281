"""The law of the data and the rules that decide on it. The rules by name stand here, and load when they are built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradeoff.shared.registry import loaded

if TYPE_CHECKING:
    from tradeoff.model.rules import Augmented, Constant, Linear


@dataclass(frozen=True)
class RuleEntry:
    """Where a rule is built ("module:function"), its symbol in figures, and what it is built for beside the law."""

    place: str
    symbol: str
    for_radius: bool = False
    elements: str = ""  # the argument that takes elements of the group, if they can be asked for: NAME:J or NAME:J,J

    @property
    def build(self) -> Callable[..., Linear | Augmented | Constant]:
        """The function that builds the rule for a law."""
        function: Callable[..., Linear | Augmented | Constant] = loaded(self.place)
        return function


RULES: dict[str, RuleEntry] = {
    "bayes": RuleEntry("tradeoff.model.rules:bayes", "f*", elements="shift"),
    "sign_x0": RuleEntry("tradeoff.model.rules:sign_x0", "sign(x_0)"),
    "constant": RuleEntry("tradeoff.model.rules:constant", "constant"),
    "orbit_average": RuleEntry("tradeoff.model.rules:orbit_average", "orbit average"),
    "augmented": RuleEntry("tradeoff.model.rules:augmented", "g_K", elements="members"),
    "robust": RuleEntry("tradeoff.model.rules:robust", "f_b", for_radius=True),
    "robust_augmented": RuleEntry("tradeoff.model.rules:robust_augmented", "soft threshold", for_radius=True),
}
