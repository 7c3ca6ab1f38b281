"""model + images + grid -> Profile: robustness against eps, invariance against the range of rotation.

One attack pass gives both readings of robustness. Correctly classified images are attacked on their true label, which
is the predicted one, misclassified images on the predicted label. Then

    1 - fooling rate      = share of images whose answer does not change   (Kamath et al., Section 2)
    adversarial accuracy  = share of images that are right and do not change

follow exactly, and so does the first among correctly classified images.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.compute.forward import BATCH, predict
from empirical.data.images import ImageSet
from empirical.statistics.records import Profile
from empirical.transforms.resampling import random_rotation
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

Progress = Callable[[int], object]


def clean_accuracy(model: nn.Module, data: ImageSet, *, batch_size: int = BATCH) -> Frequency:
    """Pr(f(X) = Y)."""
    return Frequency(int((predict(model, data.images, batch_size=batch_size) == data.labels).sum()), len(data))


def robustness(
    model: nn.Module,
    data: ImageSet,
    grid: Sequence[float | str],
    *,
    steps: int = 40,
    seed: int = 0,
    batch_size: int = BATCH,
    progress: Progress = lambda images: None,
) -> list[Profile]:
    """Both readings of robustness along ascending eps ([0, 1] pixel scale), by PGD with a random start.

    An image that was fooled at one eps counts as fooled at every larger one: its adversarial image lies in the larger
    ball, too. So profiles fall, and only what survived is attacked again. Every success is what a fresh forward pass
    says about the final image.
    """
    epsilons = tuple(sorted(checks.pixel_eps("eps", eps) for eps in grid))
    answers = predict(model, data.images, batch_size=batch_size)
    right = answers == data.labels
    standing = torch.ones(len(data), dtype=torch.bool, device=answers.device)
    counts = []
    for eps in epsilons:
        if eps > 0 and standing.any():
            attack, draws = PGD(eps, steps), Draws(seed, f"attack {eps}")
            for rows in standing.nonzero()[:, 0].split(batch_size):
                moved = attack(model, data.images[rows], answers[rows], data.indices[rows], draws=draws)
                standing[rows] = predict(model, moved, batch_size=batch_size) == answers[rows]
        counts.append((int(standing.sum()), int((standing & right).sum())))
        progress(1)
    return [
        Profile("one_minus_fooling", epsilons, tuple(Frequency(stood, len(data)) for stood, _ in counts)),
        Profile("adversarial_accuracy", epsilons, tuple(Frequency(both, len(data)) for _, both in counts)),
        *_given_correct("one_minus_fooling_given_correct", epsilons, [both for _, both in counts], int(right.sum())),
    ]


def invariance(
    model: nn.Module,
    data: ImageSet,
    grid: Sequence[float],
    *,
    draws: int = 5,
    seed: int = 0,
    batch_size: int = BATCH,
    progress: Progress = lambda images: None,
) -> list[Profile]:
    """Rate of invariance Pr(f(r(X)) = f(X)) and spatial accuracy Pr(f(r(X)) = Y) along ranges of rotation (degrees).

    Every image is turned by ``draws`` random angles of its own in [-range, range]; the same share of the range for
    every range and every model. Trials count images times draws, so they come in clusters of one image.
    """
    grid = tuple(sorted(float(checks.not_negative("angle_deg", angle)) for angle in grid))
    checks.at_least("draws", draws, 1, what="the number of random angles for an image")
    answers = predict(model, data.images, batch_size=batch_size)
    right = answers == data.labels
    total, counts = draws * len(data), []
    for range_deg in grid:
        same = correct = both = 0
        for draw in range(draws):
            turned = random_rotation(data.images, data.indices, range_deg, Draws(seed, "rotation", draw))
            found = predict(model, turned, batch_size=batch_size)
            same += int((found == answers).sum())
            correct += int((found == data.labels).sum())
            both += int(((found == answers) & right).sum())
        counts.append((same, correct, both))
        progress(1)
    return [
        Profile("invariance", grid, tuple(Frequency(same, total) for same, _, _ in counts)),
        Profile("spatial_accuracy", grid, tuple(Frequency(correct, total) for _, correct, _ in counts)),
        *_given_correct("invariance_given_correct", grid, [both for _, _, both in counts], draws * int(right.sum())),
    ]


def _given_correct(quantity: str, grid: tuple[float, ...], hits: list[int], trials: int) -> list[Profile]:
    """The rate among correctly classified images; a model that is never right has none."""
    return [Profile(quantity, grid, tuple(Frequency(hit, trials) for hit in hits))] if trials else []
