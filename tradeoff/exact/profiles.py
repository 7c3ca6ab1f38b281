"""Predicted profiles, in the shape in which networks are measured: a quantity, a grid, and a rate at each grid value.

Robustness is predicted against the scaled radius, invariance against the range of the test shifts; joint accuracy
against both. Direction 1 of the paper grows the range of training augmentation, direction 2 the radius of robust
training (Kamath et al., Section 4); the quantities have the names of measured ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tradeoff.codes.groups import Rolls
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Rule
from tradeoff.shared import checks
from tradeoff.shared.progress import Progress, silent
from tradeoff.shared.results import Answer, Band, Estimate, Profile, average


@dataclass(frozen=True)
class Prediction:
    """What one rule, trained in one way, is predicted to do: ``level`` is the range or radius of its training."""

    label: str
    level: float
    standard: Answer
    profiles: dict[str, Profile[Answer]]
    joint: tuple[Profile[Answer], ...]  # against the radius, one for each range in ``ranges``
    ranges: tuple[float, ...]


def angles(dist: CyclicGaussian) -> np.ndarray:
    """(K,) how far each shift turns, in degrees, the shorter way round; all K together are a whole turn.

    Raises
    ------
    InputError
        For a group that is not the shifts along one axis: its elements have no range.
    """
    group = dist.word.group
    if not isinstance(group, Rolls) or len(group.shape) > 1:
        raise checks.InputError(
            f"a {group.name} group has no ranges: its elements are not the multiples of one turn; use group='cyclic'"
        )
    j = np.arange(group.order)
    return np.minimum(j, group.order - j) * 360 / group.order


def ranges(dist: CyclicGaussian) -> tuple[float, ...]:
    """The ranges in degrees that differ: each holds all turns up to it, both ways.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> ranges(CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7))
    (0.0, 90.0, 180.0)
    """
    return tuple(sorted(set(angles(dist).tolist())))


def within(dist: CyclicGaussian, range_deg: float) -> list[int]:
    """The shifts that turn by at most so many degrees, the identity among them."""
    return np.flatnonzero(angles(dist) <= checks.not_negative("range_deg", range_deg)).tolist()


def predict(
    label: str, rule: Rule, dist: CyclicGaussian, radii: Iterable[float], *, level: float = 0.0, joint: bool = False
) -> Prediction:
    """All profiles of a rule; with ``joint`` joint accuracy on the whole grid of ranges and radii, too."""
    radii = tuple(map(float, radii))
    grid, turned = ranges(dist), angles(dist)

    def over_radii(quantity: str, answer: Callable[[float], Answer]) -> Profile[Answer]:
        return Profile(quantity, radii, tuple(answer(a) for a in radii))

    def over_ranges(quantity: str, one: Callable[[int], Answer]) -> Profile[Answer]:
        answers = [one(j) for j in range(len(turned))]
        return Profile(quantity, grid, tuple(_mean(answers, turned <= r) for r in grid))

    found = [
        over_radii("one_minus_fooling", lambda a: _complement(accuracy.fooling(rule, dist, scaled_radius=a))),
        over_radii("adversarial_accuracy", lambda a: accuracy.adversarial(rule, dist, scaled_radius=a)),
        over_ranges("invariance", lambda j: accuracy.invariance(rule, dist, shift=j)),
        over_ranges("spatial_accuracy", lambda j: accuracy.spatial(rule, dist, shift=j)),
    ]
    surface = joint_surface(rule, dist, radii) if joint else ()
    profiles = {profile.quantity: profile for profile in found}
    return Prediction(label, level, accuracy.standard(rule, dist), profiles, surface, grid)


def joint_surface(rule: Rule, dist: CyclicGaussian, radii: Iterable[float]) -> tuple[Profile[Answer], ...]:
    """Pr(f(r(X) + A) = Y) for r uniform in each range of shifts: one profile against the radius for each range."""
    radii, turned = tuple(map(float, radii)), angles(dist)
    table = [[accuracy.joint(rule, dist, scaled_radius=a, shift=j) for j in range(len(turned))] for a in radii]
    return tuple(
        Profile("joint_accuracy", radii, tuple(_mean(row, turned <= range_deg) for row in table))
        for range_deg in ranges(dist)
    )


def growing_augmentation(
    dist: CyclicGaussian, radii: Iterable[float], *, joint: bool = False, progress: Progress = silent
) -> list[Prediction]:
    """Direction 1: Bayes rules g_J of data moved by a random shift in a growing range, from none (f*) to all (g_K).

    ``progress`` is called with 1 after each range.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> [(one.label, round(one.profiles["spatial_accuracy"].rates[-1], 3)) for one in growing_augmentation(law, [1.0])]
    [('none', 0.783), ('±90°', 0.897), ('±180°', 0.923)]
    """
    radii, made = tuple(radii), []
    for range_deg in ranges(dist):
        rule = rules.augmented(dist, members=within(dist, range_deg))
        made.append(predict(range_label(range_deg), rule, dist, radii, level=range_deg, joint=joint))
        progress(1)
    return made


def growing_robust_training(
    dist: CyclicGaussian,
    built_for: Iterable[float],
    radii: Iterable[float],
    *,
    augmented: bool = False,
    joint: bool = False,
    progress: Progress = silent,
) -> list[Prediction]:
    """Direction 2: the most robust rule at each scaled radius in ``built_for``.

    Without augmentation it is f_b, which no rule exceeds at b; with it the invariant soft threshold (of all rules the
    best on moved and attacked data for K = 2; bracketed by `tradeoff.bounds.optima.best_joint` for more).
    """
    build = rules.robust_augmented if augmented else rules.robust
    radii, made = tuple(radii), []
    for b in built_for:
        rule = build(dist, scaled_radius=b)
        made.append(predict(f"b = {b:g}", rule, dist, radii, level=float(b), joint=joint))
        progress(1)
    return made


def range_label(range_deg: float) -> str:
    """A range in a legend."""
    return f"±{range_deg:g}°" if range_deg else "none"


def _mean(answers: Sequence[Answer], kept: np.ndarray) -> Answer:
    return average([answer for answer, keep in zip(answers, kept, strict=True) if keep])


def _complement(answer: Answer) -> Answer:
    """1 - answer."""
    if isinstance(answer, Band):
        return Band(1 - answer.upper, 1 - answer.lower)
    return Estimate(1 - answer.value, answer.error) if isinstance(answer, Estimate) else 1 - answer
