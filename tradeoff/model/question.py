"""One question, two answers: what is asked of a rule, so that theory and sampling are asked the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tradeoff.model.rules import Rule
from tradeoff.shared import checks

Quantity = Literal["standard", "spatial", "adversarial", "joint", "invariance", "fooling"]
Attack = Literal["worst", "mean_shift", "label_blind"]
ATTACKS: tuple[Attack, ...] = get_args(Attack)
ATTACKED: tuple[Quantity, ...] = ("adversarial", "joint")
MOVED: tuple[Quantity, ...] = ("spatial", "joint", "invariance")


@dataclass(frozen=True)
class Question:
    """How accurate is ``rule``: on X (standard), on r(X) (spatial), on X + A (adversarial), on r(X) + A (joint)?

    Or without labels: how often does its answer stay under a random shift (invariance), or change under the worst
    attack on that answer (fooling)?

    ``scaled_radius`` is a. ``attack`` is the worst case; or the one attack -a Y u that the proof of Theorem 2 uses
    (mean_shift); or the worst that sees x_0 and x but not the label (label_blind), the attacks A(x) of Section 2.
    ``shift`` is one element of the group, or None for a uniformly random one.
    """

    quantity: Quantity
    rule: Rule
    scaled_radius: float = 0.0
    attack: Attack = "worst"
    shift: int | None = None

    def __post_init__(self) -> None:
        checks.known("quantity", self.quantity, get_args(Quantity))
        checks.radius("scaled_radius", self.scaled_radius)
        check_attack(self.attack, moved=self.moved)

    @property
    def moved(self) -> bool:
        return self.quantity in ("spatial", "joint")

    @property
    def attacked(self) -> bool:
        return self.quantity in ATTACKED


def check_attack(attack: str, *, moved: bool) -> None:
    """Refuse what is no attack, and a label-blind attack on moved data: it would depend on whether it sees the move."""
    checks.known("attack", attack, ATTACKS)
    if moved and attack == "label_blind":
        raise checks.InputError(
            "attack='label_blind' is defined for data as they are; ask for adversarial accuracy, or attack='worst'"
        )
