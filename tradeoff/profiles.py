"""Predicted profiles, in the shape in which networks are measured: 1 - fooling rate against the radius, rate of
invariance against the range of the test shifts.

Direction 1 of the paper grows the range of training augmentation; direction 2 grows the radius of robust training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradeoff import accuracy, checks, rules
from tradeoff.codes import cyclic_word
from tradeoff.distribution import CyclicGaussian
from tradeoff.groups import Rolls
from tradeoff.results import Band, Estimate
from tradeoff.rules import Rule


@dataclass(frozen=True)
class Prediction:
    """A rule's standard accuracy, its 1 - fooling rates (``stays``) at ``radii``, its invariance at ``ranges_deg``."""

    label: str
    standard: float
    radii: tuple[float, ...]
    stays: tuple[float, ...]
    ranges_deg: tuple[float, ...]
    invariance: tuple[float, ...]


def predict(label: str, rule: Rule, dist: CyclicGaussian, radii: Sequence[float]) -> Prediction:
    """Both curves of a rule. One shift turns by 360/K degrees; a range holds all turns up to it, both ways."""
    stays = [1 - _value(accuracy.fooling(rule, dist, scaled_radius=a)) for a in radii]
    shifts = dist.word.shifts
    angles = np.array([min(j, shifts - j) * 360 / shifts for j in range(shifts)])
    rates = np.array([_value(accuracy.invariance(rule, dist, shift=j)) for j in range(shifts)])
    ranges = sorted(set(angles.tolist()))
    invariance = tuple(float(rates[angles <= r].mean()) for r in ranges)
    standard = _value(accuracy.standard(rule, dist))
    return Prediction(label, standard, tuple(radii), tuple(stays), tuple(ranges), invariance)


def growing_augmentation(dist: CyclicGaussian, radii: Sequence[float]) -> list[Prediction]:
    """Direction 1: no augmentation (f*), half turns, quarter turns, ...: Bayes rules of growing groups of shifts.

    These are growing groups of turns; rules of growing ranges inside one group have no exact answer yet.

    Errors
    ------
    InputError
        Unless there are 1, 2 or 4 shifts: of more, the groups in between have no exact answer yet.
    """
    shifts = dist.word.shifts
    if shifts not in (1, 2, 4) or not isinstance(dist.word.group, Rolls):
        raise checks.InputError(
            f"a {dist.word.group.name} group of {shifts} elements has no growing subgroups here; use 1, 2 or 4 shifts"
        )
    made, size = [], 1
    while size <= shifts:
        group = CyclicGaussian(cyclic_word(dist.word.text, dist.word.length // size), dist.p, dist.signal)
        label = "none" if size == 1 else f"turns by {360 / size:g}°"
        made.append(predict(label, rules.augmented(group), dist, radii))
        size *= 2
    return made


def growing_robust_training(
    dist: CyclicGaussian, built_for: Sequence[float], radii: Sequence[float]
) -> list[Prediction]:
    """Direction 2: the most robust rule at each scaled radius in ``built_for``, without augmentation."""
    return [predict(f"a = {b:g}", rules.robust(dist, scaled_radius=b), dist, radii) for b in built_for]


def _value(answer: float | Estimate | Band) -> float:
    """Of a bracket on the fooling rate the lower end: what the best attack found reaches."""
    if isinstance(answer, Band):
        return answer.lower
    return answer.value if isinstance(answer, Estimate) else answer
