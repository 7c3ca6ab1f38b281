"""What a linear rule sees of the orbit: overlaps with the moved means, and how alike its scores on moved data are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes.groups import Group
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks
from tradeoff.shared.arrays import cached_array, freeze_fields

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Projection:
    """A linear rule divided by |w| (by 1 if w = 0), for one law."""

    noise: float  # |w| / |w|: 1, or 0 where the rule ignores x
    b: float  # weight on sign(x_0)
    overlaps: Array  # (K,) <w, r_j(u)>
    reach: float  # |w|_1 / sqrt(d): how far a unit scaled radius moves the score
    weights: Array  # (length,)
    group: Group

    def __post_init__(self) -> None:
        freeze_fields(self)

    @cached_array
    def likeness(self) -> Array:
        """(K,) <w, r_j(w)>, the correlation of the scores on x and on r_j(x)."""
        return np.clip(self.group.overlaps(self.weights, self.weights), -1.0, 1.0)


def check_length(rule: Linear, dist: CyclicGaussian) -> None:
    """Refuse a rule with another number of weights than the law has coordinates."""
    if len(rule.weights) != dist.word.length:
        raise checks.InputError(
            f"the rule has {len(rule.weights)} weights and the law {dist.word.length} coordinates; make them equal"
        )


def in_units_of_noise(rule: Linear) -> tuple[Array, float, float]:
    """Weights (length,) and b of a rule, divided by |w|, and the noise that this leaves: 1, or 0 where w = 0."""
    weights, b = rule.in_range
    norm = float(np.linalg.norm(weights))
    return (weights / norm, b / norm, 1.0) if norm else (weights, b, 0.0)


@lru_cache(maxsize=16)  # one rule is asked many questions, and for many elements this is the costly part
def projection(rule: Linear, dist: CyclicGaussian) -> Projection:
    """The projection of a rule."""
    check_length(rule, dist)
    group, own = dist.word.group, rule.weights is dist.word.unit
    weights, b, noise = (rule.weights, rule.x0_weight, 1.0) if own else in_units_of_noise(rule)
    return Projection(
        noise=noise,
        b=b,
        # Of f* these are the word's correlations, known as integers.
        overlaps=dist.word.correlations if own else group.overlaps(weights, dist.word.unit),
        reach=float(np.abs(weights).sum()) / math.sqrt(dist.word.length),
        weights=weights,
        group=group,
    )
