"""The model's own law as images: labelled samples, and for its rules the exact worst case of every single image.

A door to theory (with `compare`): weights of rules, worst cases and closed-form attacks come from `tradeoff`, and leave
here as tensors. Coordinate x_t of the law stands in pixel as 1/2 + x_t / SPREAD, so that a sample leaves [0, 1] with
probability 1e-20 and the bounds never bind; x_0 is the centre pixel. An l_inf radius of a / sqrt(d) in the law is
a / (SPREAD sqrt(d)) in pixels.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from empirical.data.images import ImageSet
from tradeoff.codes import pixels as embedding
from tradeoff.codes.pixels import Embedding
from tradeoff.codes.word import cyclic_word
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks

SPREAD = 20.0
"""Units of the law across [0, 1]: ten standard deviations to either side."""
MOST_SIDE = 999
LEVELS = 2048
"""Pixels are rounded to whole multiples of 1/LEVELS: exact in float32, and far below any radius of interest."""


@dataclass(frozen=True, eq=False)
class LawImages:
    """The law of quarter turns on odd square images, its samples and what is known exactly about them."""

    side: int = 9
    p: float = 0.7
    moves: int = 4

    def __post_init__(self) -> None:
        checks.reliability("p", self.p)
        if checks.at_least("side", self.side, 3, what="pixels along a side") % 2 == 0 or self.side > MOST_SIDE:
            raise checks.InputError(f"side={self.side} must be odd, and at most {MOST_SIDE}; use 9")
        if checks.integer("moves", self.moves) not in (2, 4):
            raise checks.InputError(f"moves={self.moves} are no turns of a square; use 4 (quarters) or 2 (halves)")

    @cached_property
    def dist(self) -> CyclicGaussian:
        length = self.side**2 - 1
        return CyclicGaussian(cyclic_word(embedding.word(self.side), length // self.moves), self.p)

    @cached_property
    def pixels(self) -> Embedding:
        return embedding.square(self.side)

    def eps(self, scaled_radius: float) -> float:
        """The l_inf radius in pixels of a scaled radius a; below 1 / SPREAD, so that no attack turns x_0."""
        eps = self.dist.eps(checks.radius("scaled_radius", scaled_radius))
        if eps >= 1:
            raise checks.InputError(
                f"scaled_radius={scaled_radius:g} reaches x_0 on images of side {self.side}; use less than "
                f"{math.sqrt(self.dist.word.length):g}"
            )
        return eps / SPREAD

    def sample(self, count: int, *, seed: int) -> ImageSet:
        """``count`` images with labels 0 (Y = -1) and 1 (Y = 1), drawn from ``seed``."""
        count = checks.at_least("count", count, 1, what="the number of images")
        count = checks.at_most("count", count, 10**7)
        seed = checks.at_least("seed", seed, 0, what="the seed of a random generator")
        x0, x, y = self.dist.sample(count, np.random.default_rng(seed))
        images = np.round((0.5 + self.pixels.image(x0, x) / SPREAD) * LEVELS) / LEVELS
        made = torch.from_numpy(images).float()
        checksum = hashlib.sha256(made.numpy().tobytes()).hexdigest()[:16]
        labels = torch.from_numpy((y > 0).astype(np.int64))
        return ImageSet(f"law-{self.side}-{self.p:g}", checksum, 2, made, labels, torch.arange(count))

    def coordinates(self, images: Tensor) -> tuple[np.ndarray, np.ndarray]:
        """x_0 (n,) and x (n, d) in the law's units, in double precision."""
        return self.pixels.coordinates((images.double().numpy() - 0.5) * SPREAD)

    def turned(self, images: Tensor, quarters: int) -> Tensor:
        """The images moved by r_j: exact quarter turns."""
        return torch.rot90(images, quarters * 4 // self.moves, (2, 3))

    def mean_shifts(self) -> Tensor:
        """(2^P, 1, side, side) directions of unit length per pixel: all attacks -y e(pattern) c, without the label.

        The closed-form attacks: the vertices of what an l_inf ball does to the orbit's correlations. x_0 stays.
        """
        word = self.dist.word
        count = len(word.patterns.frequencies)
        corners = np.array(np.meshgrid(*[[1.0, -1.0]] * count, indexing="ij")).reshape(count, -1).T
        shifts = -corners[:, word.patterns.index] * word.patterns.leading
        return torch.from_numpy(self.pixels.image(np.zeros(len(shifts)), shifts)).float()


@dataclass(frozen=True, eq=False)
class ExactRule:
    """A rule of the law: what a network needs to be it, and the score of each image under its worst attack.

    ``weights`` (side, side) and ``bias`` (on the sign of x_0) describe a linear rule on the law's units; ``orbit`` (K,
    side, side) and ``signal`` the rule g_K. ``worst(images, labels, scaled_radius)`` is the least score towards the
    label within the radius: the rule withstands every attack if and only if it is positive.
    """

    name: str
    weights: Tensor | None
    orbit: Tensor | None
    signal: float
    bias: float
    worst: Callable[[Tensor, Tensor, float], Tensor]


def exact_rules(law: LawImages, scaled_radius: float) -> list[ExactRule]:
    """f*, f_a, the orbit's average, a linear rule of uneven weights, and g_K (g_4; g_2 is linear).

    The worst attack on each is known exactly: closed forms for linear rules, a finite search for g_K.
    """
    dist = law.dist
    uneven = np.random.default_rng(0).laplace(size=dist.word.length) * 0.3 + dist.word.signs
    named = {
        "f_star": rules.bayes(dist),
        "f_robust": rules.robust(dist, scaled_radius=scaled_radius),
        "orbit_average": rules.orbit_average(dist),
        "uneven": rules.Linear(uneven / np.linalg.norm(uneven), dist.log_odds / 4),
        f"g_{law.moves}": rules.augmented(dist),
    }
    return [
        _linear(law, name, rule) if isinstance(rule, rules.Linear) else _orbit(law, name, rule)
        for name, rule in named.items()
        if isinstance(rule, (rules.Linear, rules.Augmented))
    ]


def _linear(law: LawImages, name: str, rule: rules.Linear) -> ExactRule:
    def worst(images: Tensor, labels: Tensor, scaled_radius: float) -> Tensor:
        x0, x = law.coordinates(images)
        y = np.where(labels.numpy() > 0, 1.0, -1.0)
        score = y * (x @ rule.weights + rule.x0_weight * np.sign(x0))
        return torch.from_numpy(score - law.eps(scaled_radius) * SPREAD * np.abs(rule.weights).sum())

    picture = law.pixels.image(np.zeros(()), rule.weights)[0]
    return ExactRule(name, torch.from_numpy(picture), None, 0.0, rule.x0_weight, worst)


def _orbit(law: LawImages, name: str, rule: rules.Augmented) -> ExactRule:
    def worst(images: Tensor, labels: Tensor, scaled_radius: float) -> Tensor:
        x0, x = law.coordinates(images)
        y = np.where(labels.numpy() > 0, 1.0, -1.0)
        # The statistic is odd, so the worst attack on label -1 mirrors that on label 1.
        scores = rule.attacked(y[:, None] * (x @ rule.word.orbit.T), scaled_radius)
        return torch.from_numpy(scores + y * rule.log_odds * np.sign(x0))

    pictures = law.pixels.image(np.zeros(len(rule.word.orbit)), rule.word.orbit)[:, 0]
    return ExactRule(name, None, torch.from_numpy(pictures), rule.signal, rule.log_odds, worst)
