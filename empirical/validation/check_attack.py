"""How strong is an attack? Three kinds of test that can find it weak; none shows that it is strong.

known     networks whose worst case is known for every image, plain and disguised (`known_answers`): the share
          of images that can be fooled and were not, against a tolerance
paired    networks trained on the model's law: the same images under the attack and under the closed-form attacks (all
          mean shifts at the vertices of what the ball does to the orbit's correlations), McNemar's exact test; asked is
          that the attack fools as many images as they do
bound     the same networks: lambda Adv + (1 - lambda) Spat above the bound U on all rules, which the exact worst case
          cannot pass (pixels are rounded to 1/2048, which moves accuracies by less than 1e-3)

All tests together find an attack weak that is as strong as each of them asks with probability at most LEVEL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

from empirical.compare import curves as compare
from empirical.compare.law_images import LawImages
from empirical.compute.forward import predict
from empirical.data.images import ImageSet
from empirical.statistics.exact_tests import at_least, mcnemar_one_sided, upper_tail
from empirical.validation import LEAST_IMAGES, MOST_IMAGES, known_answers, networks_on_law
from empirical.validation.known_answers import Known
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

LEVEL = 0.01
"""False alarm over all tests of a report."""
TOLERANCE = 0.02
"""Share of fooled images that an attack may miss on a known network."""
CLEAR = 1e-3
"""Images whose worst score is nearer to 0 are left out: float32 decides there."""
REDUCED = 0.9
"""The share of the radius at which a weaker attack is imagined, to report the power."""
WEIGHTS = (0.25, 0.5, 0.75)
SLACK = 1e-6
"""An attacked image may leave the ball by float rounding."""
Attack = Callable[[nn.Module, ImageSet, float], Tensor]
"""(model, images, eps) -> attacked images within eps in [0, 1]."""


@dataclass(frozen=True)
class Result:
    """One test: what was counted, and whether it finds the attack weak."""

    kind: str  # known | paired | bound
    name: str
    misses: int  # known: fooled by the exact worst case and not by the attack; paired: by a closed form only
    of: int  # known: images that can be fooled; paired: images on which the two differ
    excess: float  # known: lower end of the missed share; paired: p-value; bound: value minus bound, errors taken off
    found_weak: bool
    power: float  # probability that this test finds an attack weak at 90 % of the radius
    unfooled: Frequency | None = None  # adversarial accuracy that the attack leaves
    exact: float | None = None  # known: the share of these images that no attack can fool

    def to_json(self) -> dict[str, object]:
        found = asdict(self)
        if self.unfooled is not None:
            interval = self.unfooled.interval(1 - LEVEL)
            found["adversarial_accuracy"] = [interval.low, self.unfooled.rate, interval.high]
        return found


def check(
    attack: Attack,
    *,
    scaled_radius: float = 1.0,
    images: int = 1000,
    seed: int = 0,
    progress: Callable[[int], object] = lambda done: None,
) -> list[Result]:
    """All tests of an attack at a scaled radius a of the law (in pixels: a / (20 sqrt(80)), about .0056 for a = 1)."""
    radius = checks.radius("scaled_radius", checks.positive("scaled_radius", scaled_radius, what="a scaled radius"))
    images = checks.at_least("images", images, LEAST_IMAGES, what="the number of images of a test")
    checks.at_most("images", images, MOST_IMAGES)
    seed = checks.at_least("seed", seed, 0, what="the seed of images and attack")
    known, names = known_answers.every(radius), list(networks_on_law.TRAINED)
    each = LEVEL / (len(known) + len(names) * (1 + len(WEIGHTS)))
    found = []
    for one in known:
        found.append(_known(attack, one, one.law.sample(images, seed=seed), radius, each))
        progress(1)
    law = LawImages()
    eps = law.eps(radius)
    bounds = compare.bounds(law.dist, WEIGHTS, scaled_radius=radius)
    for name in names:
        model = networks_on_law.trained(law, name, eps=eps)
        found += list(_on_network(attack, name, model, law, law.sample(images, seed=seed), eps, bounds, each))
        progress(1)
    return found


def attacked(attack: Attack, model: nn.Module, data: ImageSet, eps: float) -> Tensor:
    """The attacked images, checked.

    Raises
    ------
    InputError
        If they have another shape, are not finite, or leave the ball or [0, 1].
    """
    # A copy goes out: what works in place must not move the images that it is compared with.
    given = ImageSet(data.name, data.checksum, data.classes, data.images.clone(), data.labels.clone(), data.indices)
    try:
        moved = attack(model, given, eps)
    except checks.InputError:
        raise
    except Exception as error:
        raise checks.InputError(
            f"attack failed on images of shape {tuple(data.images.shape)} ({type(error).__name__}: {error}); a "
            "function of yours is called as function(model, images, labels, eps)"
        ) from error
    if not isinstance(moved, Tensor) or moved.shape != data.images.shape:
        shape = tuple(moved.shape) if isinstance(moved, Tensor) else type(moved).__name__
        raise checks.InputError(
            f"attack returned {shape} for images of shape {tuple(data.images.shape)}; it must return as many images"
        )
    moved = moved.detach().to(data.images)
    far = float((moved - data.images).abs().max())
    if not (far <= eps + SLACK and moved.min() >= -SLACK and moved.max() <= 1 + SLACK):
        raise checks.InputError(
            f"attack returned images {far:.6g} away from the given ones, or outside [0, 1], for eps={eps:.6g}; these "
            "tests are for l_inf attacks on [0, 1], so clip to the ball and to [0, 1]"
        )
    return moved


def fooled(attack: Attack, model: nn.Module, data: ImageSet, eps: float) -> Tensor:
    """(n,) whether a fresh forward pass answers wrongly on the image itself or on the attacked one."""
    wrong = predict(model, data.images) != data.labels
    return wrong | (predict(model, attacked(attack, model, data, eps)) != data.labels)


def _known(attack: Attack, one: Known, data: ImageSet, radius: float, level: float) -> Result:
    score = one.rule.worst(data.images, data.labels, radius)
    can, clear = score < 0, score.abs() > CLEAR
    wrong = fooled(attack, one.network, data, one.law.eps(radius))
    missed, total = int((can & clear & ~wrong).sum()), int((can & clear).sum())
    unfooled, exact = Frequency(int((~wrong).sum()), len(data)), float((~can).double().mean())
    if not total:  # nothing can be fooled at so small a radius, so nothing can be missed
        return Result("known", one.name, 0, 0, 0.0, False, 0.0, unfooled, exact)
    low = at_least(missed, total, level)
    weaker = int((can & clear & (one.rule.worst(data.images, data.labels, REDUCED * radius) >= 0)).sum())
    power = _power(weaker / total, total, level)
    return Result("known", one.name, missed, total, low, low > TOLERANCE, power, unfooled, exact)


def _power(share: float, total: int, level: float) -> float:
    """Probability that a test finds the attack weak when each image is missed with probability ``share``."""
    misses_needed = next((m for m in range(total + 1) if at_least(m, total, level) > TOLERANCE), None)
    if misses_needed is None:
        return 0.0
    return upper_tail(misses_needed, total, share)


def _on_network(
    attack: Attack,
    name: str,
    model: nn.Module,
    law: LawImages,
    data: ImageSet,
    eps: float,
    bounds: dict[float, float],
    level: float,
) -> Iterator[Result]:
    """The paired test, and one test against the bound for each weight."""
    by_attack, by_shift = fooled(attack, model, data, eps), _by_mean_shifts(model, law, data, eps)
    weaker = fooled(attack, model, data, REDUCED * eps)
    only_shift, only_attack = int((by_shift & ~by_attack).sum()), int((by_attack & ~by_shift).sum())
    chance = mcnemar_one_sided(only_shift, only_attack)
    power = _paired_power(int((by_shift & ~weaker).sum()), int((weaker & ~by_shift).sum()), level)
    unfooled_now = Frequency(len(data) - int(by_attack.sum()), len(data))
    yield Result("paired", name, only_shift, only_shift + only_attack, chance, chance < level, power, unfooled_now)
    turns = data.indices % law.moves  # one fixed turn for each image: independent images, equal shares
    moved = torch.stack([law.turned(image[None], int(turn))[0] for image, turn in zip(data.images, turns, strict=True)])
    spatial = int((predict(model, moved) == data.labels).sum())
    unfooled, after_weaker = len(data) - int(by_attack.sum()), len(data) - int(weaker.sum())
    for weight, highest in bounds.items():
        low = _least_value(weight, unfooled, spatial, len(data), level)
        at_weaker = _least_value(weight, after_weaker, spatial, len(data), level)
        yield Result(
            "bound",
            f"{name}, lambda {weight:g}",
            0,
            len(data),
            low - highest,
            low > highest,
            float(at_weaker > highest),
            unfooled_now,
        )


def _by_mean_shifts(model: nn.Module, law: LawImages, data: ImageSet, eps: float) -> Tensor:
    """(n,) whether the image itself or any of the closed-form attacks is answered wrongly."""
    sign = (2.0 * data.labels - 1)[:, None, None, None]
    wrong = predict(model, data.images) != data.labels
    for shift in law.mean_shifts():
        wrong |= predict(model, (data.images + eps * sign * shift).clamp(0, 1)) != data.labels
    return wrong


def _paired_power(against: int, in_favour: int, level: float) -> float:
    """Probability that McNemar's test finds the attack weak where images differ as often, and as unevenly, as here."""
    total = against + in_favour
    misses_needed = next((m for m in range(total + 1) if mcnemar_one_sided(m, total - m) < level), None)
    if misses_needed is None:
        return 0.0
    return upper_tail(misses_needed, total, against / total)


def _least_value(weight: float, unfooled: int, spatial: int, images: int, level: float) -> float:
    """A lower confidence end of lambda Adv + (1 - lambda) Spat."""
    ends = [Frequency(count, images).interval(1 - level).low for count in (unfooled, spatial)]
    return weight * ends[0] + (1 - weight) * ends[1]
