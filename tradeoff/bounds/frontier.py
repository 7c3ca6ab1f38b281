"""The trade-off itself: the most spatial (or joint) accuracy that goes with an adversarial accuracy, from both sides.

From below: linear rules (sparse ones too where the attack can turn x_0), Bayes rules of moved data, the best rules on a
grid for K = 2, and randomising between any two of them (an attack that does not see the coin is no stronger than one
that does). From above: for every weight a line that no rule passes. The corrected Theorem 2 stands beside: it is proved
by two attacks only and is not tight below a = 2s.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradeoff.bounds import least_favourable, linear_frontier, min_cut, optima, theorem_bounds
from tradeoff.bounds.least_favourable import Bound
from tradeoff.bounds.linear_frontier import Partner, Point
from tradeoff.bounds.min_cut import Cut
from tradeoff.bounds.theorem_bounds import Infeasible
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Band, ends

Array = NDArray[np.float64]

WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
"""Weights on adversarial accuracy: denser at the ends, where the frontier bends most."""
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Frontier:
    """Rules and bounds for one law and one radius, each for a weight on adversarial accuracy."""

    dist: CyclicGaussian
    scaled_radius: float
    partner: Partner
    linear: tuple[Point, ...]
    augmented: tuple[tuple[float, float], ...]  # accuracies of Bayes rules of moved data, at least
    cuts: tuple[Cut, ...]  # empty unless K = 2
    bounds: tuple[Bound, ...]

    def reached(self) -> tuple[Array, Array]:
        """(n,) adversarial and (n,) partner accuracies of rules between which randomising reaches all that is known."""
        made: list[Point | Cut] = [*self.linear, *self.cuts]
        # The most robust rule, so that what is reached ends where the bounds do, whatever the weights are.
        robust = rules.robust(self.dist, scaled_radius=self.scaled_radius)
        other = accuracy.joint(robust, self.dist, scaled_radius=self.scaled_radius if self.partner == "joint" else 0.0)
        points = [(one.adversarial, one.partner) for one in made]
        return envelope([*self.augmented, *points, (self.most_adversarial, ends(other).low)])

    def allowed(self, adversarial: ArrayLike) -> Array:
        """The highest partner accuracy that the bounds allow beside these adversarial accuracies; NaN beyond R*(a)."""
        at = np.asarray(adversarial, dtype=np.float64)
        lines: list[Array | float] = [self._best_partner()]
        lines += [
            (one.value.interval.high - one.weight * at) / (1 - one.weight) for one in self.bounds if one.weight < 1
        ]
        lowest = np.min(np.broadcast_arrays(*lines), axis=0)
        return np.where(at > self.most_adversarial + ROUNDING, np.nan, lowest)

    def grid(self, low: float, count: int) -> Array:
        """Adversarial accuracies from ``low`` to R*(a), among them every corner of what is reached and allowed.

        Both are straight between these, so that a picture drawn through them is exact.
        """
        lines = [(0.0, self._best_partner())]
        lines += [(-one.weight / (1 - one.weight), self._level(one)) for one in self.bounds if one.weight < 1]
        crossings = [
            (second[1] - first[1]) / (first[0] - second[0])
            for first, second in itertools.combinations(lines, 2)
            if first[0] != second[0]
        ]
        every = np.concatenate([np.linspace(low, self.most_adversarial, count), self.reached()[0], crossings])
        return np.unique(every[(every >= low) & (every <= self.most_adversarial)])

    @staticmethod
    def _level(one: Bound) -> float:
        """The bound's line at adversarial accuracy 0."""
        return one.value.interval.high / (1 - one.weight)

    def corrected(self, adversarial: ArrayLike) -> Array:
        """The corrected Theorem 2's upper bound on spatial accuracy beside these adversarial accuracies."""
        at = np.asarray(adversarial, dtype=np.float64)
        found = [
            theorem_bounds.theorem2_corrected(self.dist, 1 - q, scaled_radius=self.scaled_radius)
            for q in at.reshape(-1)
        ]
        high = [np.nan if isinstance(one, Infeasible) else one.upper for one in found]
        return np.array(high).reshape(at.shape)

    @property
    def most_adversarial(self) -> float:
        """R*(a)."""
        return optima.best_adversarial(self.dist, scaled_radius=self.scaled_radius)

    def at_least(self, adversarial: float) -> Band | Infeasible:
        """The best spatial (or joint) accuracy among rules with at least this adversarial accuracy, from both sides.

        This is direction 2 as the paper argues it: demanding robustness leaves less for the moved data.
        """
        wanted = checks.probability("adversarial", adversarial, what="an adversarial accuracy")
        if wanted > self.most_adversarial + ROUNDING:
            return Infeasible(1 - wanted, 1 - self.most_adversarial, self.scaled_radius)
        x, y = self.reached()
        lower, upper = float(np.interp(wanted, x, y)), float(self.allowed(wanted))
        # Where a rule attains the bound, the two differ by rounding.
        return Band(lower, lower if abs(upper - lower) < ROUNDING else upper)

    def _best_partner(self) -> float:
        if self.partner == "spatial":
            return ends(optima.best_spatial(self.dist)).high
        return ends(optima.best_joint(self.dist, scaled_radius=self.scaled_radius)).high


def frontier(
    dist: CyclicGaussian,
    *,
    scaled_radius: float,
    partner: Partner = "spatial",
    weights: Iterable[float] = WEIGHTS,
    cells: int = 2 * min_cut.CELLS,
    progress: Callable[[int], object] = lambda done: None,
) -> Frontier:
    """The frontier of adversarial accuracy against spatial (or joint) accuracy at any scaled radius a >= 0.

    ``progress`` is called once for each weight.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> band = frontier(law, scaled_radius=1.0, weights=[0, 0.5, 1]).at_least(0.8)
    >>> round(band.lower, 3), round(band.upper, 3)
    (0.908, 0.916)
    """
    chosen = sorted(
        {checks.probability("weights", weight, what="the weight on adversarial accuracy") for weight in weights}
    )
    if not chosen:
        raise checks.InputError("weights=[] names no weight; use weights from 0 to 1, such as [0, 0.5, 1]")
    linear = linear_frontier.points(dist, chosen, scaled_radius=scaled_radius, partner=partner)
    cuts, found, last = [], list[Bound](), None
    for weight in chosen:
        if dist.word.shifts == 2:
            cuts.append(min_cut.best(dist, weight, scaled_radius=scaled_radius, partner=partner, cells=cells))
        last = least_favourable.bound(dist, weight, scaled_radius=scaled_radius, partner=partner, near=last)
        found.append(last)
        progress(1)
    radius = float(scaled_radius)
    return Frontier(dist, radius, partner, tuple(linear), _augmented(dist, radius, partner), tuple(cuts), tuple(found))


def _augmented(dist: CyclicGaussian, radius: float, partner: Partner) -> tuple[tuple[float, float], ...]:
    """What the Bayes rules of moved data reach at least, built for the signal and for what an attack leaves of it."""
    made = []
    for signal in {dist.signal, max(dist.signal - radius, 0.0)} - {0.0}:
        rule = rules.augmented(dist, signal=signal)
        moved = accuracy.joint(rule, dist, scaled_radius=radius if partner == "joint" else 0.0)
        made.append((ends(accuracy.adversarial(rule, dist, scaled_radius=radius)).low, ends(moved).low))
    return tuple(sorted(made))


def envelope(points: Sequence[tuple[float, float]]) -> tuple[Array, Array]:
    """The upper right hull of points, from the highest one to the one furthest right: what randomising reaches.

    Corners are given points, and are chosen in exact arithmetic: the polygon through them passes above, or through,
    every given point and every mixture of given points, with no allowance for rounding. What is read off it at a
    rounded abscissa (``np.interp``) is as good as that abscissa: two corners may be one unit in the last place apart.

    Examples
    --------
    >>> envelope([(0.5, 0.9), (0.6, 0.6), (0.7, 0.7), (0.4, 0.8)])
    (array([0.5, 0.7]), array([0.9, 0.7]))
    """
    hull: list[tuple[float, float]] = []
    for point in sorted(set(points)):
        while len(hull) > 1 and _turn(hull[-2], hull[-1], point) >= 0:
            hull.pop()
        hull.append(point)
    highest = max(range(len(hull)), key=lambda i: (hull[i][1], i))
    x, y = zip(*hull[highest:], strict=True)
    return np.array(x), np.array(y)


def _turn(first: tuple[float, float], second: tuple[float, float], third: tuple[float, float]) -> Fraction:
    """Positive where the way from the first over the second to the third turns left."""
    (ax, ay), (bx, by), (cx, cy) = ((Fraction(x), Fraction(y)) for x, y in (first, second, third))
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
