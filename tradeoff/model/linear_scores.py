"""What a linear rule sees of the orbit: overlaps with the moved means, and how alike its scores on moved data are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes.groups import Group
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks

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

    @cached_property
    def likeness(self) -> Array:
        """(K,) <w, r_j(w)>, the correlation of the scores on x and on r_j(x)."""
        return np.clip(self.group.overlaps(self.weights, self.weights), -1.0, 1.0)


def check_length(rule: Linear, dist: CyclicGaussian) -> None:
    """Refuse a rule with another number of weights than the law has coordinates."""
    if len(rule.weights) != dist.word.length:
        raise checks.InputError(
            f"the rule has {len(rule.weights)} weights and the law {dist.word.length} coordinates; make them equal"
        )


@lru_cache(maxsize=16)  # one rule is asked many questions, and for many elements this is the costly part
def projection(rule: Linear, dist: CyclicGaussian) -> Projection:
    """The projection of a rule."""
    check_length(rule, dist)
    group, own = dist.word.group, rule.weights is dist.word.unit
    largest = float(np.abs(rule.weights).max(initial=0.0))
    # Squares of weights beyond these are 0 or infinite in floating point.
    first = 1.0 if largest == 0 or 1e-140 < largest < 1e140 else largest
    weights = rule.weights / first
    norm = float(np.linalg.norm(weights))
    scale = 1.0 if own else norm or 1.0
    weights = weights / scale
    return Projection(
        noise=1.0 if norm else 0.0,
        b=rule.x0_weight / first / scale,
        # Of f* these are the word's correlations, known as integers.
        overlaps=dist.word.correlations if own else group.overlaps(weights, dist.word.unit),
        reach=float(np.abs(weights).sum()) / math.sqrt(dist.word.length),
        weights=weights,
        group=group,
    )
