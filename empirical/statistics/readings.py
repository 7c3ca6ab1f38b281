"""Arrays of a measurement -> rates and means with their errors, one flat list from which all output is made.

quantity                       grid                  second    of what
clean_accuracy                 -                     -         the answer is the label
one_minus_fooling              eps                   -         the answer does not change under attack
adversarial_accuracy           eps                   -         ... and is the label
one_minus_fooling_given_correct  eps                 -         the first, among correctly classified images
invariance, spatial_accuracy   range, degrees        -         the same of random rotation (and _given_correct)
translation_invariance, ..._accuracy    range, px    -         of random translation
rigid_invariance, ..._accuracy range, degrees        range, px of both together
NAME_invariance, NAME_accuracy -                     -         of an exact move (moves.EXACT), such as quarter_turn
resampling_control             range, degrees        -         the answer stays when turned and turned back
joint_one_minus_fooling        range, degrees        eps       the answer stays when attacked after the rotation
joint_accuracy                 range, degrees        eps       ... and is the label
union_one_minus_fooling        range, degrees        eps       the answer stays under the rotation, and under attack
union_accuracy                 range, degrees        eps       ... and is the label
audit_one_minus_fooling        eps                   -         of the audited images, each eps attacked by itself
boundary_distance              -                     -         mean l_2 norm by DeepFool, where the answer left
NAME_defect                    -                     -         relative change of the logits under an exact move

The answer that is to stay is always that to the upright, clean image. In `joint` the image is turned first (the first
random rotation of each range only) and then attacked, to take that answer away, by the quick schedule where the profile
is adaptive; in `union` the attack is on the upright image, and every random rotation counts. So joint_accuracy and
union_accuracy are no accuracies after a rotation: an image that is answered wrongly when upright and rightly when
turned never counts, whereas in spatial_accuracy it does.

resampling_control is an indication, and no bound, of what interpolation costs: the image is upright again, blurred
twice where a rotation blurs once, and has lost what was turned out of its corners. It cannot see a network that minds
blur on turned images alone, and blames interpolation for what only the second blurring does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from torch import Tensor

from empirical.measurement.measured import Measured
from empirical.statistics import student
from empirical.statistics.rates import Rate, mean_error, rate
from empirical.transforms import moves
from tradeoff.shared.results import Interval

Place = tuple[str, float | None, float | None]
"""Quantity, and where on its grids."""
Tables = Iterator[tuple[Place, Tensor]]
"""(images,) or (images, draws) booleans at each place."""


@dataclass(frozen=True)
class Reading:
    """A rate, or a mean that is no rate, at a place of its grids."""

    quantity: str
    grid: float | None
    second: float | None
    rate: Rate | None
    mean: float = 0.0
    standard_error: float = 0.0
    images: int = 0

    @property
    def value(self) -> float:
        """The rate or the mean."""
        return self.mean if self.rate is None else self.rate.value

    @property
    def error(self) -> float:
        """The standard error of the value over images; infinite for a single image."""
        return self.standard_error if self.rate is None else self.rate.standard_error

    @property
    def clusters(self) -> int:
        """Independent images behind it."""
        return self.images if self.rate is None else self.rate.images

    def interval(self, level: float = 0.95) -> Interval:
        """The confidence interval: `Rate.interval` of a rate, Student's t over images of a mean; no mean is below 0."""
        if self.rate is not None:
            return self.rate.interval(level)
        student.confidence(level)
        found = student.interval(self.mean, self.standard_error, self.images, level=level)
        return Interval(max(found.low, 0.0), found.high)


def readings(found: Measured) -> list[Reading]:
    """All that the arrays say."""
    made = [Reading(*place, rate(table)) for place, table in tables(found) if len(table)]
    return made + [mean for part, read in MEANS.items() if part in found.plan.parts for mean in read(found)]


def tables(found: Measured) -> Tables:
    """Every event that was counted, image by image."""
    yield ("clean_accuracy", None, None), found.right
    for part in found.plan.parts:
        if part in COUNTED:
            yield from COUNTED[part](found)
    if {"robustness", "moves"} <= set(found.plan.parts):
        yield from _union(found)


def _robustness(found: Measured) -> Tables:
    unfooled = found.samples["robustness.unfooled"]
    for column, eps in enumerate(found.plan.eps):
        here = unfooled[:, column]
        yield ("one_minus_fooling", eps, None), here
        yield ("adversarial_accuracy", eps, None), here & found.right
        yield ("one_minus_fooling_given_correct", eps, None), here[found.right]


def _moves(found: Measured) -> Tables:
    answers = found.samples["moves.answers"]
    same, right = answers == found.answers[:, None, None, None], answers == found.data.labels.cpu()[:, None, None, None]
    for row, angle in enumerate(found.plan.angles):
        for column, shift in enumerate(found.plan.shifts):
            name, place = _move(angle, shift)
            if name is not None:
                yield (f"{name}invariance", *place), same[:, row, column]
                yield (f"{name or 'spatial_'}accuracy", *place), right[:, row, column]
                yield (f"{name}invariance_given_correct", *place), same[found.right][:, row, column]


def _move(angle: float, shift: int) -> tuple[str | None, tuple[float, float | None]]:
    """What a place of the surface is called; the place where nothing moves opens both of its edges."""
    if shift == 0:
        return "", (angle, None)
    return ("translation_", (float(shift), None)) if angle == 0 else ("rigid_", (angle, float(shift)))


def _control(found: Measured) -> Tables:
    same = found.samples["control.answers"] == found.answers[:, None, None]
    for row, angle in enumerate(found.plan.angles):
        yield ("resampling_control", angle, None), same[:, row]


def _joint(found: Measured) -> Tables:
    unfooled = found.samples["joint.unfooled"]
    for row, angle in enumerate(found.plan.angles[1:]):
        for column, eps in enumerate(found.plan.eps):
            yield ("joint_one_minus_fooling", angle, eps), unfooled[:, row, column]
            yield ("joint_accuracy", angle, eps), unfooled[:, row, column] & found.right
    if "robustness" in found.plan.parts:  # without a rotation the joint attack is the attack, or its first half
        alike = found.samples["robustness.quick" if found.plan.searches else "robustness.unfooled"]
        for column, eps in enumerate(found.plan.eps):
            unfooled = alike[:, column]
            yield ("joint_one_minus_fooling", 0.0, eps), unfooled
            yield ("joint_accuracy", 0.0, eps), unfooled & found.right


def _union(found: Measured) -> Tables:
    same = found.samples["moves.answers"][:, :, 0] == found.answers[:, None, None]
    for row, angle in enumerate(found.plan.angles):
        for column, eps in enumerate(found.plan.eps):
            both = same[:, row] & found.samples["robustness.unfooled"][:, column, None]
            yield ("union_one_minus_fooling", angle, eps), both
            yield ("union_accuracy", angle, eps), both & found.right[:, None]


def _exact(found: Measured) -> Tables:
    answers = found.samples["exact.answers"]
    for column, name in enumerate(moves.EXACT):
        if bool((answers[:, column] >= 0).all()):
            yield (f"{_word(name)}_invariance", None, None), answers[:, column] == found.answers
            yield (f"{_word(name)}_accuracy", None, None), answers[:, column] == found.data.labels.cpu()


def _audit(found: Measured) -> Tables:
    for column, eps in enumerate(found.plan.eps):
        yield ("audit_one_minus_fooling", eps, None), found.samples["audit.unfooled"][:, column]


COUNTED: dict[str, Callable[[Measured], Tables]] = {
    "robustness": _robustness,
    "moves": _moves,
    "control": _control,
    "joint": _joint,
    "exact": _exact,
    "audit": _audit,
}


def _distance(found: Measured) -> Iterator[Reading]:
    """Where the answer left; images whose answer is wrong count with their distance to another answer, too."""
    norms = found.samples["distance.norms"][flipped(found)]
    if len(norms):
        yield Reading("boundary_distance", None, None, None, *mean_error(norms), len(norms))


def flipped(found: Measured) -> Tensor:
    """(n,) whether DeepFool reached another answer, at a distance that is a number."""
    reached: Tensor = found.samples["distance.flipped"] & found.samples["distance.norms"].isfinite()
    return reached


def _defect(found: Measured) -> Iterator[Reading]:
    """Root of the mean squared change of the logits over their mean square; the error by the delta method."""
    difference, size = found.samples["exact.difference"].double(), found.samples["exact.size"].double()
    for column, name in enumerate(moves.EXACT):
        if bool((found.samples["exact.answers"][:, column] >= 0).all()) and float(size.sum()) > 0:
            ratio = float(difference[:, column].mean() / size.mean())
            spread = mean_error((difference[:, column] - ratio * size) / size.mean())[1]
            root = ratio**0.5
            yield Reading(
                f"{_word(name)}_defect", None, None, None, root, spread / (2 * root) if root else 0.0, len(size)
            )


MEANS: dict[str, Callable[[Measured], Iterator[Reading]]] = {"distance": _distance, "exact": _defect}


def _word(name: str) -> str:
    return name.replace(" ", "_")


def profile(found: list[Reading], quantity: str) -> tuple[list[float], list[Reading]]:
    """A quantity along its grid, ascending; empty if it was not measured."""
    points = sorted(
        (one for one in found if one.quantity == quantity and one.grid is not None and one.second is None),
        key=lambda one: one.grid or 0.0,
    )
    return [one.grid or 0.0 for one in points], points
