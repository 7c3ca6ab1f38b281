"""One question, two answers: what is asked of a rule, so that theory and sampling are asked the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tradeoff.rules import Rule

Quantity = Literal["standard", "spatial", "adversarial", "joint", "invariance", "fooling"]
Attack = Literal["worst", "mean_shift"]
ATTACKED: tuple[Quantity, ...] = ("adversarial", "joint")


@dataclass(frozen=True)
class Question:
    """How accurate is ``rule``: on X (standard), on r(X) (spatial), on X + A (adversarial), on r(X) + A (joint)?

    Or without labels: how often does its answer stay under a random shift (invariance), or change under the worst
    attack on that answer (fooling)?

    ``attack`` is the worst case, or the one attack -a Y u that the proof of Theorem 2 uses; ``scaled_radius`` is a.
    """

    quantity: Quantity
    rule: Rule
    scaled_radius: float = 0.0
    attack: Attack = "worst"

    @property
    def shifted(self) -> bool:
        return self.quantity in ("spatial", "joint")

    @property
    def attacked(self) -> bool:
        return self.quantity in ATTACKED
