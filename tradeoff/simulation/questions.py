"""Which questions a run asks about each of its rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from tradeoff.codes import groups
from tradeoff.model import RULES
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import ATTACKED, Attack, Quantity, Question
from tradeoff.model.rules import Rule
from tradeoff.simulation.options import parse_rule


@dataclass(frozen=True)
class Asked:
    """A question with the name and parameters of its rule."""

    rule: str
    rule_params: dict[str, Any]
    question: Question

    @property
    def built_for(self) -> float | None:
        """The radius that the rule is built for, if it is built for one."""
        return self.rule_params.get("built_for")

    def about(self, quantity: Quantity, scaled_radius: float = 0.0, attack: Attack = "worst") -> Asked:
        """The same rule asked something else."""
        return Asked(self.rule, self.rule_params, Question(quantity, self.question.rule, scaled_radius, attack))


def clean_questions(dist: CyclicGaussian, names: Iterable[str], built_for: Iterable[float]) -> list[Asked]:
    """The standard accuracy of each named rule; of one that is built for a radius, once for each in ``built_for``."""
    asked, radii = [], list(dict.fromkeys(built_for))
    for spec in names:
        name, elements = parse_rule(spec)
        entry, params = RULES[name], _params(dist, name, elements)
        built: list[tuple[dict[str, Any], Rule]] = (
            [({"built_for": a}, entry.build(dist, scaled_radius=a)) for a in radii]
            if entry.for_radius
            else [(params, entry.build(dist, **params))]
        )
        asked += [Asked(name, params, Question("standard", rule)) for params, rule in built]
    return asked


def _params(dist: CyclicGaussian, name: str, elements: tuple[int, ...]) -> dict[str, Any]:
    """The elements of the group that a rule is built for, as arguments and as they stand in a row."""
    numbers = sorted({groups.index(dist.word.group, j, name="rules") for j in elements})
    if not numbers or len(numbers) == dist.word.shifts > 1:  # all of them: the rule's plain name
        return {}
    argument = RULES[name].elements
    return {argument: numbers if argument == "members" else numbers[0]}


def at_radii(clean: Asked, radii: Iterable[float], also: Collection[str] = ()) -> list[Asked]:
    """All that a table shows of a rule: without an attack, and at each radius; ``also`` names further columns."""
    asked = [clean, clean.about("spatial")]
    if "invariance" in also:
        asked.append(clean.about("invariance"))
    for a in radii:
        asked += [clean.about(quantity, a) for quantity in ATTACKED]
        if "fooling" in also:
            asked.append(clean.about("fooling", a))
        if "label_blind" in also:
            asked.append(clean.about("adversarial", a, "label_blind"))
    return asked
