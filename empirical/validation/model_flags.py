"""What is wrong with a model as it was handed over: questions to its `Probe` and to its clean answers."""

from __future__ import annotations

import torch
from torch import Tensor

from empirical.measurement.measured import Measured
from empirical.measurement.probe import ROUNDING
from empirical.measurement.profile_attack.base import SLACK
from empirical.statistics.exact_tests import at_least, at_most, upper_tail
from empirical.transforms import moves

LEVEL = 0.01
"""False alarm of each flag that is raised by chance alone, in a measurement that is just tolerable."""
TOLERANCE = 0.02
"""Share of images that may go wrong: it moves a rate by less than the error of most measurements."""
NEAR = 0.2
"""An accuracy is near chance up to this share of the way from the best constant answer's to 1."""
Answer = tuple[bool, str]
"""Whether the flag is raised, and the sentence that goes with it."""


def training_mode(found: Measured) -> Answer:
    """Networks are measured in eval mode; one that says otherwise in another mode was perhaps meant otherwise."""
    asked = found.probe
    if asked.stubborn:
        return True, (
            f"{asked.stubborn} of {asked.modules} modules stay in training mode when the model is put into eval mode, "
            "so dropout and batch statistics may be on in every number here; let train(False) reach them."
        )
    if not asked.training:
        return False, f"All {asked.modules} modules were in eval mode when the model was handed over."
    seen = f"{asked.training} of {asked.modules} modules were in training mode when the model was handed over"
    if asked.by_mode > ROUNDING:
        return True, (
            f"{seen}, as torch builds them, and everything was measured in eval mode, in which logits differ by up to "
            f"{asked.by_mode:.2g} of the mean lead of the largest one. That is the network that is usually meant; end "
            "build() with .eval() to say so."
        )
    return False, (
        f"{seen}, which changes nothing: logits in eval mode differ by {asked.by_mode:.1g} of the mean lead of the "
        "largest one."
    )


def changing(found: Measured) -> Answer:
    """Two passes over the same images, and the tensors of the model before and after."""
    asked, said = found.probe, []
    if asked.twice > ROUNDING:
        said.append(
            f"two passes over the same images differ by {asked.twice:.2g} of the mean lead of the largest logit"
        )
    if asked.tensors_changed:
        names = ", ".join(asked.tensors_changed[:3]) + (", ..." if len(asked.tensors_changed) > 3 else "")
        said.append(f"{len(asked.tensors_changed)} of its parameters and buffers change ({names})")
    if said:
        return True, (
            f"The model changes under evaluation: {' and '.join(said)}, so an attack is judged on another network than "
            "it was made on; switch the randomness off, or measure each of several fixed draws of it by itself."
        )
    return False, (
        f"Two passes over the same {asked.images} images agree to {asked.twice:.1g} of the mean lead of the largest "
        "logit, and no parameter or buffer changes in eval mode."
    )


def batch(found: Measured) -> Answer:
    """Whether images are answered alike alone and in other batches."""
    asked = found.probe
    how_far = (
        f"{asked.mixed:.2g} of the mean lead of the largest logit between batches of {asked.batch}, of half as many, "
        "and of one"
    )
    if asked.mixed > ROUNDING:
        return True, (
            f"What the model says of an image depends on the images beside it: logits differ by {how_far}, where "
            f"rounding explains {ROUNDING:g}, so robustness is no property of an image here; take out statistics that "
            "are computed over the batch."
        )
    return False, f"Logits differ by {how_far}, which is rounding."


def inputs(found: Measured) -> Answer:
    """What the model did to the images it was given; then all images that were measured, if they are known."""
    asked = found.probe
    if asked.written:
        return True, (
            f"The model changes {asked.written} of {asked.images} images in place"
            + (f" and leaves {asked.outside} outside [0, 1]" if asked.outside else "")
            + ", which was harmless here, where it gets copies, and will not be elsewhere; write x = x - mean, not "
            "x -= mean or x.sub_(mean)."
        )
    worst = max(_outside(images) for images in _moved(found))
    if worst > SLACK:
        return True, (
            f"Images that were measured leave [0, 1] by {worst:.2g}, so they are no images; please report this: it is "
            "a fault of the measurement."
        )
    return False, "The model leaves its input as it was, and no image that was looked at leaves [0, 1]."


def _moved(found: Measured) -> list[Tensor]:
    """The images, those with the widest moves, and the adversarial ones where they are kept."""
    images, plan = found.data.images, found.plan
    some = [images]
    if "moves" in plan.parts:
        part = found.data.take(torch.arange(min(len(images), found.probe.images), device=images.device))
        some.append(
            moves.moved(part.images, part.indices, plan.angles[-1], plan.shifts[-1], seed=plan.seed, draw=0),
        )
    if "robustness.adversarial" in found.samples:
        some.append(found.samples["robustness.adversarial"])
    return some


def _outside(images: Tensor) -> float:
    """How far the worst pixel is from [0, 1]."""
    return max(-float(images.min()), float(images.max()) - 1, 0.0)


def zero_gradients(found: Measured) -> Answer:
    """Tolerated unless a one-sided Clopper-Pearson bound says that the share of all images exceeds TOLERANCE."""
    asked = found.probe
    counts = {"float32": asked.no_gradient}
    if found.precision == "bfloat16" and asked.no_gradient_bfloat16 is not None:
        counts["bfloat16"] = asked.no_gradient_bfloat16
    seen = " and ".join(f"{count} of {asked.images} images in {name}" for name, count in counts.items())
    if max(at_least(count, asked.images, LEVEL / len(counts)) for count in counts.values()) > TOLERANCE:
        return True, (
            f"The gradient of the cross-entropy is exactly 0 everywhere at {seen}, so attacks that follow it start "
            "blind and their numbers are too good; divide the logits by a constant if the softmax saturates, which "
            "changes no answer, and trust the black-box attack where a step hides the gradient."
        )
    return False, f"The gradient of the cross-entropy is exactly 0 everywhere at {seen}; up to {TOLERANCE:.0%} is fine."


def most_common(found: Measured) -> float:
    """The share of images that the best constant answer gets right: at least 1 / classes."""
    return int(found.data.labels.bincount().max()) / len(found.data)


def near_chance(found: Measured) -> Answer:
    """Raised where the accuracy is shown to be near chance; what is not shown to be above chance either is undecided.

    A model that is truly NEAR of the way from the best constant answer to 1 is accused with probability at most LEVEL,
    half of it for each of two reasons, however unequal the classes. The first: no binomial test tells its accuracy from
    the constant answer's, and the upper end of its one-sided interval stays below. The second: all answers are the
    same. Any class is the label of at most the share ``chance``, so such a model gives any answer to at most
    1 - NEAR (1 - chance) of all images, and the same one to all of n with at most that to the power n - 1. The share
    of the most common class is taken as known.
    """
    right, images, chance = int(found.right.sum()), len(found.data), most_common(found)
    near, highest = chance + NEAR * (1 - chance), at_most(right, images, LEVEL / 2)
    p_value = upper_tail(right, images, chance)
    seen = f"{right} of {images} answers are right, {right / images:.1%}, where a constant answer gets {chance:.1%}"
    constant = len(found.answers.unique()) == 1 and (1 - NEAR * (1 - chance)) ** (images - 1) <= LEVEL / 2
    if constant or (p_value > LEVEL and highest < near):
        why = f"all are {int(found.answers[0])}" if constant else f"p = {p_value:.2g}, and {highest:.1%} at most"
        return True, (
            f"The clean accuracy is near chance: {seen} ({why}); did you forget the normalisation "
            "(--normalize / --mean --std), or are the classes in another order?"
        )
    if p_value > LEVEL:
        return False, (
            f"Undecided: {seen}, which may be chance (p = {p_value:.2g}) and may be as much as {highest:.1%} of all "
            "images; more images would tell which."
        )
    return False, f"The clean accuracy is above chance: {seen}."
