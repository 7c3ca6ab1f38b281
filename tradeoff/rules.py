"""Decision rules: what sees (x_0, x) and answers -1 or 1, with the worst attack on it where that is known.

Ties (score exactly 0) go to +1, everywhere. A new rule is one function and one entry in RULES.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes import CyclicWord
from tradeoff.distribution import CyclicGaussian
from tradeoff.orbits import OrbitStatistic

Array = NDArray[np.float64]


class Rule(Protocol):
    """A binary classifier of the model's data that can be sampled."""

    def predict(self, x0: Array, x: Array) -> Array:
        """Labels (n,) in {-1, 1} for x_0 (n,) and x (n, length)."""
        ...

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        """The attacked (x_0, x) within eps in every coordinate: the worst case, or the worst one known."""
        ...


@dataclass(frozen=True, eq=False)
class Linear:
    """sign(<weights, x> + x0_weight sign(x_0)): weights (length,), any of them or all may be 0.

    The worst attack moves every coordinate by eps against the label; it turns the sign of x_0 only when
    eps exceeds 1 (at eps = 1 it reaches x_0 = 0, which counts as +).
    """

    weights: Array
    x0_weight: float

    def predict(self, x0: Array, x: Array) -> Array:
        return label(x @ self.weights + self.x0_weight * label(x0))

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        moved_x0 = x0 - eps * y * np.sign(self.x0_weight)
        return moved_x0, x - (eps * y)[:, None] * np.sign(self.weights)


@dataclass(frozen=True, eq=False)
class Augmented:
    """g_K: the Bayes rule of data moved by a uniformly random shift, sign(F(z) + L sign(x_0)), z_j = <r_j(u), x>.

    It is what augmentation with all K shifts aims at, it is exactly invariant, and no invariant rule is more
    accurate. F is `tradeoff.orbits.OrbitStatistic`; L is the log-odds of x_0. The attack is the worst case when
    the word has few patterns (every word with K <= 4), else the best that a fixed-point search finds.
    """

    word: CyclicWord
    statistic: OrbitStatistic
    log_odds: float

    def predict(self, x0: Array, x: Array) -> Array:
        return label(self.statistic.value(x @ self.word.orbit.T) + self.log_odds * label(x0))

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        scaled_radius = eps * math.sqrt(x.shape[1])
        # F is odd, so the worst attack on label -1 mirrors the worst attack on label 1.
        corners = self.statistic.worst_corner(y[:, None] * (x @ self.word.orbit.T), scaled_radius)
        # np.take and in place: sampling spends most of its time here.
        moved = np.take(corners * (-eps * y)[:, None], self.word.patterns.index, axis=1)
        moved *= self.word.patterns.leading
        moved += x
        return x0 - eps * y, moved


def label(score: Array) -> Array:
    """-1 or 1; a score of 0 counts as +1."""
    return np.where(score >= 0, 1.0, -1.0)


def bayes(dist: CyclicGaussian) -> Linear:
    """f*: the most accurate rule on the data as they are, sign(<u, x> + L/(2s) sign(x_0)).

    Proof of Proposition 1 (displayed formula for f*, there with s = 2 and multiplied by sqrt(d)).
    """
    return Linear(dist.word.unit, dist.log_odds / (2 * dist.signal))


def sign_x0(dist: CyclicGaussian) -> Linear:
    """The rule that trusts x_0 alone: accuracy p, whatever is done to the other coordinates."""
    return Linear(np.zeros(dist.word.length), 1.0)


def orbit_average(dist: CyclicGaussian) -> Linear:
    """The best rule that is linear in w = sum_j r_j(u), with weight L/(2 s sqrt(rho_bar)) on sign(x_0) for |w| = 1.

    Where the orbit's mean vanishes (rho_bar = 0) that weight grows without bound and the rule is sign(x_0).
    """
    rho_bar = dist.word.mean_correlation
    if rho_bar == 0:
        return sign_x0(dist)
    mean = dist.word.signs.reshape(-1, dist.word.step).mean(axis=0) / math.sqrt(dist.word.length)
    direction = np.tile(mean, dist.word.shifts) / math.sqrt(rho_bar)
    return Linear(direction, dist.log_odds / (2 * dist.signal * math.sqrt(rho_bar)))


@lru_cache(maxsize=64)  # one rule for a law, so that what is computed for it is found again
def augmented(dist: CyclicGaussian) -> Linear | Augmented:
    """g_K, the Bayes rule of the shifted data: the log-likelihood ratio of a mixture over all K shifts.

    For K = 1 and 2 it is the orbit average, exactly: then F(z) = 2 s times the mean of z. If some shift is the
    word's negative, F vanishes and the rule is sign(x_0).
    """
    if dist.word.correlations.min() == -1:
        return sign_x0(dist)
    if dist.word.shifts <= 2:
        return orbit_average(dist)
    patterns = dist.word.patterns
    statistic = OrbitStatistic(patterns.signs, patterns.frequencies, dist.signal)
    return Augmented(dist.word, statistic, dist.log_odds)


def robust(dist: CyclicGaussian, *, scaled_radius: float) -> Linear:
    """f_a: the rule with the highest adversarial accuracy at scaled radius a = eps sqrt(d).

    sign(<u, x> + L/(2 (s - a)) sign(x_0)) for a < s, and sign(x_0) from a = s on. From eps = 1 on the attack can
    take x_0 away, so the rule leaves it out: sign(<u, x>) for a < s, constant from a = s on.
    Theory: the attack -a y u turns the law into one with signal s - a, whose Bayes rule this is.
    """
    left = dist.signal - scaled_radius
    if dist.eps(scaled_radius) >= 1:
        return Linear(dist.word.unit if left > 0 else np.zeros(dist.word.length), 0.0)
    return Linear(dist.word.unit, dist.log_odds / (2 * left)) if left > 0 else sign_x0(dist)


@dataclass(frozen=True)
class RuleEntry:
    """How to build a rule for a law, its usual symbol, and whether it is built for one scaled radius."""

    build: Callable[..., Linear | Augmented]
    symbol: str
    for_radius: bool = False


RULES: dict[str, RuleEntry] = {
    "bayes": RuleEntry(bayes, "f*"),
    "sign_x0": RuleEntry(sign_x0, "sign(x_0)"),
    "orbit_average": RuleEntry(orbit_average, "sum_j r_j(u)"),
    "augmented": RuleEntry(augmented, "g_K"),
    "robust": RuleEntry(robust, "f_a", for_radius=True),
}
