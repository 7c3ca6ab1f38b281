"""Can the numbers of a measurement be trusted? A flag for each way in which they are known to go wrong.

A flag that is not raised says that this one thing was looked for and not found, and nothing else. Flags that rest on
chance (`not_monotone`, `black_box`, `weak_schedule`, `zero_gradients`) are false alarms with probability at most LEVEL
each. So is `near_chance` for a model that is better than the best constant answer by NEAR of what there is to gain; one
that is better by less may be called near chance. The others are facts about the images that were looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from empirical.measurement.measured import Measured
from empirical.measurement.probe import ROUNDING
from empirical.measurement.quantities import LARGE
from empirical.validation import model_flags, profile_flags
from empirical.validation.model_flags import LEVEL, Answer

Need = Callable[[Measured], str | None]
"""Why a question cannot be put, if it cannot."""


@dataclass(frozen=True)
class Flag:
    """An answer to one question about a measurement; ``text`` is a sentence for its reader."""

    name: str
    raised: bool
    asked: bool  # False where the question could not be put, which the text explains
    text: str


@dataclass(frozen=True)
class Question:
    """What a flag asks, and what must hold before it means anything."""

    ask: Callable[[Measured], Answer]
    needs: tuple[Need, ...] = ()


def flags(found: Measured) -> list[Flag]:
    """Every flag of QUESTIONS, in that order."""
    return [_put(name, question, found) for name, question in QUESTIONS.items()]


def _put(name: str, question: Question, found: Measured) -> Flag:
    for need in question.needs:
        reason = need(found)
        if reason is not None:
            return Flag(name, raised=False, asked=False, text=f"Not asked: {reason}.")
    raised, text = question.ask(found)
    return Flag(name, raised, asked=True, text=text)


def _steady(found: Measured) -> str | None:
    if found.probe.twice > ROUNDING:
        return "two passes over the same images differ, so a difference between two others would mean nothing"
    return None


def _by_itself(found: Measured) -> str | None:
    """An image's answer is its own."""
    reason = _steady(found)
    if reason is None and found.probe.mixed > ROUNDING:
        return "answers depend on the batch, so those of two passes cannot be compared"
    return reason


def _several(found: Measured) -> str | None:
    if found.probe.batch == 1:
        return "batches of one image have no other image to depend on"
    return None


def _enough(found: Measured) -> str | None:
    images, chance = len(found.data), model_flags.most_common(found)
    if chance**images > LEVEL:  # the p-value of a model that is always right
        return f"{images} images, {chance:.0%} of them of one class, cannot tell a perfect model from a constant one"
    return None


def _part(*names: str) -> Need:
    def missing(found: Measured) -> str | None:
        if not set(names) & set(found.plan.parts):
            return f"the part {' or '.join(names)} was not measured"
        return None

    return missing


def _raw(found: Measured) -> str | None:
    per_eps = found.plan.attack_schedule == "per_eps"
    return _part("robustness", "audit")(found) if per_eps else _part("audit")(found)


def _grid(at_least: int) -> Need:
    def missing(found: Measured) -> str | None:
        if len(found.plan.eps) <= at_least:
            return f"the grid has fewer than {at_least} eps above 0"
        return None

    return missing


def _large(found: Measured) -> str | None:
    if not profile_flags.large_eps(found.plan):
        return f"no eps of the grid is {LARGE:g} or more"
    return None


def _claims(found: Measured) -> str | None:
    if not profile_flags.searched(found)[0]:
        return "no image that a search without gradients could be set on is claimed to be unfooled"
    return None


def _search(found: Measured) -> str | None:
    return _part("robustness" if found.plan.searches else "audit")(found)


QUESTIONS: dict[str, Question] = {
    "training_mode": Question(model_flags.training_mode),
    "changing": Question(model_flags.changing),
    "batch": Question(model_flags.batch, (_several, _steady)),
    "inputs": Question(model_flags.inputs),
    "near_chance": Question(model_flags.near_chance, (_enough,)),
    "zero_gradients": Question(model_flags.zero_gradients),
    "eps_zero": Question(profile_flags.eps_zero, (_by_itself,)),
    "short_steps": Question(profile_flags.short_steps, (_part("robustness", "joint"), _grid(1))),
    "not_monotone": Question(profile_flags.not_monotone, (_raw, _grid(2), _by_itself)),
    "grey_bound": Question(profile_flags.grey_bound, (_part("robustness"), _large, _by_itself)),
    "black_box": Question(profile_flags.black_box, (_search, _claims, _by_itself)),
    "weak_schedule": Question(profile_flags.weak_schedule, (_part("audit"), _grid(1), _by_itself)),
}
"""A new flag is a function of `Measured` and a line here; `faulty_models` holds a model that trips it."""
