"""Decision rules: what sees (x_0, x) and answers -1 or 1, with the worst attack on it where that is known.

Ties (score exactly 0) go to +1, everywhere. A new rule is one function and one entry in `tradeoff.model.RULES`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes import groups
from tradeoff.codes import word as codes
from tradeoff.codes.word import Word
from tradeoff.model import orbit_statistic
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.orbit_statistic import OrbitStatistic
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze, frozen
from tradeoff.shared.names import quoted

Array = NDArray[np.float64]

MOST_SIGNS = 1 << 26
"""Signs of moved words held at once: half a gigabyte as patterns."""
RANGE = 1e-140, 1e140
"""Weights between these have squares, and sums of these, that are neither 0 nor infinite."""


class Rule(Protocol):
    """A binary classifier of the model's data that can be sampled."""

    def predict(self, x0: Array, x: Array) -> Array:
        """Labels (n,) in {-1, 1} for x_0 (n,) and x (n, length)."""
        ...

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        """The (x_0, x) within eps in every coordinate that is worst for the label y, or the worst one known."""
        ...


@dataclass(frozen=True, eq=False)
class Linear:
    """sign(<weights, x> + x0_weight sign(x_0)): weights (length,), any of them or all may be 0.

    The worst attack moves every coordinate by eps against the label; it turns the sign of x_0 only when
    eps exceeds 1 (at eps = 1 it reaches x_0 = 0, which counts as +).
    """

    weights: Array
    x0_weight: float

    def __post_init__(self) -> None:
        weights = np.asarray(self.weights)
        if weights.ndim != 1 or weights.dtype.kind not in "fiu" or not np.isfinite(weights).all():
            raise checks.InputError(
                f"weights of shape {weights.shape} and type {weights.dtype} are not allowed: give one finite number "
                "for each coordinate of x"
            )
        object.__setattr__(self, "weights", frozen(weights.astype(np.float64, copy=False)))
        object.__setattr__(self, "x0_weight", checks.real("x0_weight", self.x0_weight))

    @cached_property
    def in_range(self) -> tuple[Array, float]:
        """Weights and the weight on sign(x_0) of this rule, all multiplied by one number where squares or sums of the
        weights would be 0 or infinite in floating point.
        """
        largest = float(np.abs(self.weights).max(initial=0.0))
        if largest == 0 or RANGE[0] < largest < RANGE[1]:
            return self.weights, self.x0_weight
        return freeze(self.weights / largest), self.x0_weight / largest

    def predict(self, x0: Array, x: Array) -> Array:
        weights, b = self.in_range
        return label(x @ weights + b * label(x0))

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        moved_x0 = x0 - eps * y * np.sign(self.x0_weight)
        return moved_x0, x - (eps * y)[:, None] * np.sign(self.weights)


@dataclass(frozen=True, eq=False)
class Constant:
    """The rule that always gives the same answer: invariant, never fooled, right half the time."""

    answer: float = 1.0

    def __post_init__(self) -> None:
        if self.answer not in (-1, 1):
            raise checks.InputError(f"answer={quoted(self.answer)} is no label; use 1 or -1")

    def predict(self, x0: Array, x: Array) -> Array:
        return np.full(len(x), self.answer)

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        return x0, x


@dataclass(frozen=True, eq=False)
class Augmented:
    """g_J: the Bayes rule of data moved by a uniformly random element of J, sign(F(z) + L sign(x_0)).

    z_j = <r_j(u), x> for the ``members`` j of J; F is `tradeoff.model.orbit_statistic.OrbitStatistic`; L is the
    log-odds of x_0. It is what augmentation with the elements of J aims at. For the whole group it is exactly
    invariant, and no invariant rule is more accurate. The attack is the worst case when the word has few patterns
    (always for up to four members), else the best that a fixed-point search finds.
    """

    word: Word
    members: tuple[int, ...]
    signal: float
    log_odds: float

    @property
    def invariant(self) -> bool:
        """Whether J is the whole group."""
        return len(self.members) == self.word.shifts

    def predict(self, x0: Array, x: Array) -> Array:
        return label(self.value(x @ self._orbit.T) + self.log_odds * label(x0))

    def value(self, z: Array) -> Array:
        """F (n,) at z (n, members)."""
        return orbit_statistic.value(z, self.signal)

    def attacked(self, z: Array, scaled_radius: float) -> Array:
        """F (n,) after the worst (or worst known) attack against label 1."""
        return self.statistic.attacked(z, scaled_radius) if scaled_radius else self.value(z)

    @cached_property
    def statistic(self) -> OrbitStatistic:
        """What an attack on F needs to know; large for large groups, so made when one is asked for."""
        size = len(self.members) * self.word.length
        if size > MOST_SIGNS:
            raise checks.InputError(
                f"an attack on the rule augmented with {len(self.members)} elements of length {self.word.length} needs "
                f"all their signs, about {9 * size / 1e9:.0f} GB; use fewer members, a larger step, or radius 0"
            )
        patterns = codes.patterns(self.word, self.members)
        return OrbitStatistic(patterns.signs, patterns.frequencies, self.signal)

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        scaled_radius = eps * math.sqrt(x.shape[1])
        # F is odd, so the worst attack on label -1 mirrors the worst attack on label 1.
        corners = self.statistic.worst_corner(y[:, None] * (x @ self._orbit.T), scaled_radius)
        patterns = codes.patterns(self.word, self.members)
        # np.take and in place: sampling spends most of its time here.
        moved = np.take(corners * (-eps * y)[:, None], patterns.index, axis=1)
        moved *= patterns.leading
        moved += x
        return x0 - eps * y, moved

    @property
    def _orbit(self) -> Array:
        return self.word.orbit if self.invariant else self.word.orbit[list(self.members)]


@dataclass(frozen=True, eq=False)
class Function:
    """Any Python function of (x_0, x) that returns labels -1 or 1: for sampling, as theory knows nothing of it.

    ``attacked``, of (x_0, x, y, eps), returns the attacked (x_0, x); without it the rule can be asked about clean and
    moved data and about the attack "mean_shift" only.

    >>> majority = Function(lambda x0, x: np.where(x.sum(axis=1) >= 0, 1.0, -1.0))
    >>> majority.predict(np.ones(1), np.array([[1.0, -2.0, 0.5]]))
    array([-1.])
    """

    function: Callable[[Array, Array], Array]
    attacked: Callable[[Array, Array, Array, float], tuple[Array, Array]] | None = None

    def __post_init__(self) -> None:
        if not callable(self.function) or not (self.attacked is None or callable(self.attacked)):
            raise checks.InputError(
                "function and attacked must be functions: function(x0, x) returns labels, attacked(x0, x, y, eps) data"
            )

    def predict(self, x0: Array, x: Array) -> Array:
        answers = np.asarray(self.function(x0, x))
        if answers.shape != (len(x),) or answers.dtype.kind not in "fiu" or not np.isin(answers, (-1.0, 1.0)).all():
            raise checks.InputError(
                f"the rule's function returned shape {answers.shape} with values such as "
                f"{answers.reshape(-1)[:1].tolist()}; it must return ({len(x)},) labels, each -1 or 1"
            )
        return answers.astype(np.float64)

    def attack(self, x0: Array, x: Array, y: Array, eps: float) -> tuple[Array, Array]:
        if self.attacked is None:
            raise checks.InputError(
                "no attack on this function is known; give Function(..., attacked=...), or ask for attack='mean_shift'"
            )
        moved = self.attacked(x0, x, y, eps)
        if not isinstance(moved, tuple) or [np.shape(part) for part in moved] != [x0.shape, x.shape]:
            raise checks.InputError(
                f"the attack on the rule's function must return a pair of shapes {x0.shape} and {x.shape}: x_0 and x"
            )
        return moved


def label(score: Array) -> Array:
    """-1 or 1; a score of 0 counts as +1."""
    return np.where(score >= 0, 1.0, -1.0)


def bayes(dist: CyclicGaussian, *, shift: int = 0) -> Linear:
    """f*, the most accurate rule on data as they are, sign(<u, x> + L/(2s) sign(x_0)); or f*_j on data moved by r_j.

    Proof of Proposition 1 (displayed formula for f*, there with s = 2 and multiplied by sqrt(d)). f*_j has r_j(u).
    """
    j = groups.index(dist.word.group, shift)
    weights = groups.move(dist.word.group, dist.word.unit, j) if j else dist.word.unit
    return Linear(weights, dist.log_odds / (2 * dist.signal))


def sign_x0(dist: CyclicGaussian) -> Linear:
    """The rule that trusts x_0 alone: accuracy p, whatever is done to the other coordinates."""
    return Linear(np.zeros(dist.word.length), 1.0)


def constant(dist: CyclicGaussian) -> Constant:
    """Always +1: both metrics that the paper plots are 100 %."""
    return Constant()


def orbit_average(dist: CyclicGaussian) -> Linear:
    """The best rule that is linear in w = sum_j r_j(u), with weight L/(2 s sqrt(rho_bar)) on sign(x_0) for ``|w| = 1``.

    Where the orbit's mean vanishes (rho_bar = 0) that weight grows without bound and the rule is sign(x_0).
    """
    rho_bar = dist.word.mean_correlation
    if rho_bar == 0:
        return sign_x0(dist)
    return Linear(dist.word.mean / math.sqrt(rho_bar), dist.log_odds / (2 * dist.signal * math.sqrt(rho_bar)))


def augmented(
    dist: CyclicGaussian, *, members: Iterable[int] | None = None, signal: float | None = None
) -> Linear | Augmented:
    """g_J, the Bayes rule of data moved by a random element of J; without ``members`` g_K, of the whole group.

    The score is the log-likelihood ratio of a mixture. For one element it is f*_j, and for two it is linear, exactly:
    then F(z) = 2 s times the mean of z. If the moved words come in pairs c, -c, F vanishes and the rule is sign(x_0).
    ``signal`` builds the rule for another signal than the law's, as the attack -a y u leaves s - a.
    """
    group = dist.word.group
    if isinstance(members, str) or not (members is None or isinstance(members, Iterable)):
        raise checks.InputError(f"members={quoted(members)} is no list of elements; write members=[0, 1]")
    chosen = range(group.order) if members is None else [groups.index(group, j, name="members") for j in members]
    if not chosen:
        raise checks.InputError("members=[] names no element to augment with; use [0] for none but the identity")
    return _augmented(
        dist, tuple(sorted(set(chosen))), dist.signal if signal is None else checks.signal("signal", signal)
    )


@lru_cache(maxsize=256)  # one rule for a law, so that what is computed for it is found again
def _augmented(dist: CyclicGaussian, members: tuple[int, ...], signal: float) -> Linear | Augmented:
    word = dist.word
    if len(members) == 1:
        return Linear(groups.move(word.group, word.unit, members[0]), dist.log_odds / (2 * signal))
    if word.correlations.min() == -1 and _cancels(word, members):
        return sign_x0(dist)
    if len(members) == 2:
        pair = groups.orbit(word.group, word.unit, np.array(members)).sum(axis=0)
        return Linear(pair, dist.log_odds / signal)
    return Augmented(word, members, signal, dist.log_odds)


def _cancels(word: Word, members: tuple[int, ...]) -> bool:
    """Whether the moved words are a set (with multiplicity) that equals its negative."""
    moved = groups.orbit(word.group, word.signs, np.array(members))
    return Counter(row.tobytes() for row in moved) == Counter(row.tobytes() for row in -moved)


def robust(dist: CyclicGaussian, *, scaled_radius: float) -> Linear | Constant:
    """f_a: the rule with the highest adversarial accuracy at scaled radius a = eps sqrt(d).

    sign(<u, x> + L/(2 (s - a)) sign(x_0)) for a < s, and sign(x_0) from a = s on. From eps = 1 on the attack can
    take x_0 away, so the rule leaves it out: sign(<u, x>) for a < s, constant from a = s on.
    Theory: the attack -a y u turns the law into one with signal s - a, whose Bayes rule this is.
    """
    scaled_radius = checks.radius("scaled_radius", scaled_radius)
    left = dist.signal - scaled_radius
    if dist.eps(scaled_radius) >= 1:
        return Linear(dist.word.unit, 0.0) if left > 0 else Constant()
    return Linear(dist.word.unit, dist.log_odds / (2 * left)) if left > 0 else sign_x0(dist)


def robust_augmented(dist: CyclicGaussian, *, scaled_radius: float) -> Linear | Constant:
    """The invariant linear rule with the highest accuracy under an attack of scaled radius a: soft thresholding.

    With sigma_t the mean sign of what the orbit shows at coordinate t, its weights are sign(sigma_t)(s|sigma_t| - a)_+:
    features are dropped one by one as a grows, and sign(x_0) is left in the end (a constant from eps = 1 on). For K = 2
    no rule at all has a higher joint accuracy; for more see `tradeoff.bounds.theorem_bounds.best_joint`.
    """
    scaled_radius, root = checks.radius("scaled_radius", scaled_radius), math.sqrt(dist.word.length)
    mean_sign = dist.word.mean * root
    weights = np.sign(mean_sign) * np.maximum(dist.signal * np.abs(mean_sign) - scaled_radius, 0.0) / root
    # Rounding of the mean must not count as signal.
    weights[np.abs(weights) * root < 1e-12 * dist.signal] = 0.0
    safe = dist.eps(scaled_radius) < 1
    if not weights.any():
        return sign_x0(dist) if safe else Constant()
    return Linear(weights, dist.log_odds / 2 if safe else 0.0)
