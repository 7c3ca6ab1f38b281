r"""An upper bound for all rules: lambda Adv + (1 - lambda) Spat (or Joint) against random mean shifts.

The attack A = -a y t(pattern) c / sqrt(d) with |t| <= 1 is legal, and so is one drawn at random from several such
shifts, with probabilities of its own. Against it the left side is an ordinary accuracy: that of a mixture of normal
laws, lambda times the attacked one and (1 - lambda)/K times each moved one. So its Bayes accuracy bounds every rule,
whatever the shifts are; better shifts make the bound lower. We look for the best shift, then add others one by one
until they gain less than a tolerance (the least favourable attack among mean shifts). Where the search ends decides how
tight the bound is, not whether it is one: the number given is computed afresh for the attack that was found, on other
points than those of the search, with its error.

Kamath et al. have the full shift alone (proof of Theorem 2, there with lambda = 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from tradeoff.bounds import optima
from tradeoff.bounds.linear_frontier import PARTNERS, Partner
from tradeoff.bounds.mixture_ratio import crossing, log_sums, shared_direction
from tradeoff.exact import quadrature
from tradeoff.exact.quadrature import Sobol, Split
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze_fields
from tradeoff.shared.results import Estimate, ends

Array = NDArray[np.float64]

TOLERANCE = 2e-5
"""A further shift that gains less than this ends the search."""
MOST_SHIFTS, MOST_STEPS = 6, 150
SEARCH, FINAL = Sobol(log2_points=10, seed=20212), Sobol(log2_points=13)
NODE_DIMENSIONS = 2
"""Up to here (and one more) nodes are cheaper than points: each costs the root of an equation."""
RIVALS, FIRST_SHARE = 200, 0.15
"""Shifts tried as the next one, and the probability that a new one starts with."""
MOST_ELEMENTS, MOST_PATTERNS = 64, 512
"""Larger groups and words of more patterns would take minutes and gigabytes."""
LEAST_SLOPE, MOST_SLOPE = 0.25, 4.0
"""Parts of the means along a direction between which events are integrated along it, and by smooth rules."""
ROUNDING = 1e-15
"""A log ratio is a difference of numbers as large as the squared means, and loses so much of them."""
RANGE = 20.0
"""Probabilities of shifts are kept above exp(-RANGE) of each other while they are looked for."""


@dataclass(frozen=True, eq=False)
class Bound:
    """No rule has weight * adversarial + (1 - weight) * partner above ``value``.

    It holds against the random attack with ``shifts`` (n, J, P), drawn with ``probabilities`` (n,): one number in
    [-1, 1] for each pattern of the word, and for joint accuracy for each of the J = K elements of the group that moved
    the data. ``full`` is the bound of the full shift, -a y r_j(c)/sqrt(d) on data moved by r_j.
    """

    weight: float
    value: Estimate
    full: Estimate
    shifts: Array
    probabilities: Array

    def __post_init__(self) -> None:
        freeze_fields(self)


def bound(
    dist: CyclicGaussian,
    weight: float,
    *,
    scaled_radius: float,
    partner: Partner = "spatial",
    tolerance: float = TOLERANCE,
    near: Bound | None = None,
) -> Bound:
    """U(lambda) for lambda = ``weight`` in [0, 1]; ``near`` is the bound of a similar problem to start from.

    From eps = 1 on attacks on x_0 are left out here, and the sum of both optima bounds, too. For weight 1 it is R*(a).

    Raises
    ------
    InputError
        For groups of more than 64 elements or words of more than 512 patterns.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> round(bound(law, 0.5, scaled_radius=1.0).value.value, 4)  # the best linear rule has .8535, all rules .8577
    0.8581
    """
    weight = checks.probability("weight", weight, what="the weight on adversarial accuracy")
    radius = checks.radius("scaled_radius", scaled_radius)
    checks.known("partner", partner, PARTNERS)
    checks.positive("tolerance", tolerance, what="a gain in accuracy")
    game = Game.of(dist, radius, weight, partner)
    every = game.starts[:1]
    full = game.estimate(every, np.ones(1))
    found, shifts, probabilities = [full], every, np.ones(1)
    if dist.eps(radius) >= 1 or weight == 1:
        found.append(_both_optima(dist, radius, weight, partner))
    # What sign(x_0) has anyway or, where x_0 can be taken away, a constant: no bound is below.
    reached = dist.p if dist.eps(radius) < 1 else 0.5
    settled = radius == 0 or weight == 1 or (weight == 0 and partner == "spatial")
    if not settled and min(map(_high, found)) > reached + tolerance:
        better, chosen = game.search(tolerance, near)
        value = game.estimate(better, chosen)
        if _high(value) < _high(full):
            found.append(value)
            shifts, probabilities = better, chosen
    return Bound(weight, min(found, key=_high), full, shifts, probabilities)


def _high(estimate: Estimate) -> float:
    return estimate.interval.high


def check(dist: CyclicGaussian) -> None:
    """Refuse groups and words that are too large for the bound."""
    checks.at_most("shifts", dist.word.shifts, MOST_ELEMENTS)
    checks.at_most("patterns", len(dist.word.patterns.frequencies), MOST_PATTERNS)


def _both_optima(dist: CyclicGaussian, radius: float, weight: float, partner: Partner) -> Estimate:
    """The sum of what each accuracy can be at most, as an estimate whose upper end is the bound."""
    other = optima.best_spatial(dist) if partner == "spatial" else optima.best_joint(dist, scaled_radius=radius)
    adversarial = optima.best_adversarial(dist, scaled_radius=radius)
    return Estimate(weight * adversarial + (1 - weight) * ends(other).high, 1e-12)


@dataclass(frozen=True, eq=False)
class Game:
    """The mixture as a function of the attack's shifts (n, J, P) and their probabilities (n,).

    The coordinates are the P normalised sums of x over the patterns, independent, of variance 1. ``fixed`` holds means
    that nothing attacks, ``moved`` those that a shift of their own attacks: one for each element of the group, as the
    attack on joint accuracy sees the move.
    """

    p: float
    log_odds: float
    radius: float
    scale: Array  # (P,) square roots of the frequencies
    fixed: Array  # (F, P)
    fixed_share: Array  # (F,)
    moved: Array  # (J, P)
    moved_share: Array  # (J,)
    starts: Array  # (n, J, P) shifts worth trying, the full one first

    def __post_init__(self) -> None:
        freeze_fields(self)

    @classmethod
    def of(cls, dist: CyclicGaussian, radius: float, weight: float, partner: Partner) -> Game:
        """The game of one weight."""
        check(dist)
        word, patterns = dist.word, dist.word.patterns
        scale = np.sqrt(patterns.frequencies)
        means = dist.signal * patterns.signs.T * scale
        spread = np.full(word.shifts, (1 - weight) / word.shifts)
        elements = np.arange(word.shifts if partner == "joint" else 1)
        attacked_share = spread.copy() if partner == "joint" else np.zeros(1)
        attacked_share[0] += weight
        none = partner == "joint"
        return cls(
            dist.p,
            dist.log_odds,
            radius,
            scale,
            means[:0] if none else means,
            spread[:0] if none else spread,
            means[elements],
            attacked_share,
            _starts(dist, radius, elements),
        )

    @property
    def patterns(self) -> int:
        return len(self.scale)

    def components(self, shifts: Array, probabilities: Array) -> tuple[Array, Array]:
        """Means (C, P) and weights (C,) of the mixture given y = 1: the attacked ones first, shift by shift."""
        attacked = self.moved - self.radius * self.scale * shifts
        weights = np.multiply.outer(probabilities, self.moved_share).reshape(-1)
        return np.concatenate([attacked.reshape(-1, self.patterns), self.fixed]), np.append(weights, self.fixed_share)

    def value(self, shifts: Array, probabilities: Array, noise: Array) -> float:
        """The Bayes accuracy of the mixture, on the given normal points (N, P)."""
        means, weights = self.components(shifts, probabilities)
        kept = weights > 0
        means, weights = means[kept], weights[kept]
        evidence = np.log(weights) - (means**2).sum(axis=1) / 2
        total = 0.0
        for mean, weight in zip(means, weights, strict=True):
            above, below = log_sums((noise + mean) @ means.T, evidence)[:2]
            total += weight * float(self._sure(above - below)[0].mean())
        return total

    def estimate(self, shifts: Array, probabilities: Array) -> Estimate:
        """The same with its error, from other points than the search has.

        The likelier label's probability is averaged over Sobol points. In a plane or a space in which all means lie on
        one side, the log ratio rises along a direction that looks to that side: there the event that it is positive is
        integrated exactly along it, and over nodes across it.
        """
        means, weights = self.components(shifts, probabilities)
        kept = weights > 0
        means, weights = means[kept], weights[kept]
        gram = means @ means.T
        rounding = ROUNDING * float(np.diag(gram).max())
        slopes = shared_direction(gram)
        root = quadrature.root(gram - np.multiply.outer(slopes, slopes))
        if slopes.min() < LEAST_SLOPE or root.shape[1] > NODE_DIMENSIONS:
            values = [
                self.value(shifts, probabilities, quadrature.sobol_points(self.patterns, replicate, FINAL))
                for replicate in range(quadrature.REPLICATES)
            ]
            return Estimate(float(np.mean(values)), quadrature.error_of(values) + rounding)
        evidence = np.log(weights) - np.diag(gram) / 2
        found = [self._on_component(Split(0.0, 1.0, mean, root), slopes, evidence) for mean in gram]
        error = float(weights @ [one.error for one in found])
        return Estimate(float(weights @ [one.value for one in found]), error + rounding)

    def _on_component(self, parts: Split, slopes: Array, evidence: Array) -> Estimate:
        """How often the mixture's Bayes rule is right on one component, whose scores rest at ``parts``."""

        def integrand(w: Array) -> Array:
            right = self.p * ndtr(-crossing(w, slopes, evidence, -self.log_odds))
            return np.asarray(right + (1 - self.p) * ndtr(-crossing(w, slopes, evidence, self.log_odds)))

        return quadrature.over_rest(parts, integrand, smooth=float(slopes.max()) <= MOST_SLOPE)

    def _sure(self, ratio: Array) -> tuple[Array, Array]:
        """The probability that the likelier label is right, x_0 averaged out, and its derivative in the log ratio."""
        with_x0, against = ratio + self.log_odds, ratio - self.log_odds
        first, second = expit(np.abs(with_x0)), expit(np.abs(against))
        slope = self.p * np.sign(with_x0) * first * (1 - first) + (1 - self.p) * np.sign(against) * second * (
            1 - second
        )
        return self.p * first + (1 - self.p) * second, slope

    def gradient(self, shifts: Array, probabilities: Array, noise: Array) -> tuple[float, Array, Array]:
        """The value on these points, and its exact derivatives in the shifts and in their probabilities."""
        means, weights = self.components(shifts, probabilities)
        evidence = np.log(np.maximum(weights, 1e-300)) - (means**2).sum(axis=1) / 2
        free = len(shifts) * len(self.moved)
        by_mean, by_weight, total = np.zeros((free, self.patterns)), np.zeros(free), 0.0
        for number, (mean, weight) in enumerate(zip(means, weights, strict=True)):
            x = noise + mean
            above, below, up, down = log_sums(x @ means.T, evidence)
            sure, slope = self._sure(above - below)
            slope *= weight / len(noise)
            total += weight * float(sure.mean())
            # The log ratio depends on a mean as the place of the points, and as a parameter of the rule.
            both, apart = slope @ (up + down), slope @ (up - down)[:, :free]
            by_mean += ((up + down)[:, :free] * slope[:, None]).T @ x - apart[:, None] * means[:free]
            by_weight += apart / np.maximum(weights[:free], 1e-300)
            if number < free:
                by_mean[number] += both @ means
                by_weight[number] += sure.mean()
        by_shift = (-self.radius * self.scale * by_mean).reshape(shifts.shape)
        return total, by_shift, by_weight.reshape(len(shifts), -1) @ self.moved_share

    def search(self, tolerance: float, near: Bound | None) -> tuple[Array, Array]:
        """The best single shift, then more while they gain."""
        noise = quadrature.sobol_points(self.patterns, 0, SEARCH)
        starts = [shift[None] for shift in self.starts]
        tried = [self._descend(start, np.ones(1), noise) for start in starts]
        if near is not None:
            tried.append(self._descend(near.shifts, near.probabilities, noise))
        value, shifts, probabilities = min(tried, key=lambda one: one[0])
        while len(shifts) < MOST_SHIFTS:
            rival = self._worst(shifts, probabilities, noise)
            if rival is None:
                break
            more = self._descend(
                np.concatenate([shifts, rival[None]]), np.append((1 - FIRST_SHARE) * probabilities, FIRST_SHARE), noise
            )
            if value - more[0] < tolerance:
                break
            value, shifts, probabilities = more
        return shifts, probabilities

    def _descend(self, shifts: Array, probabilities: Array, noise: Array) -> tuple[float, Array, Array]:
        """A local minimum over shifts in the box and probabilities (by their logarithms)."""
        from scipy.optimize import minimize  # loads slowly

        count, size = len(shifts), shifts.size

        def unpack(point: Array) -> tuple[Array, Array]:
            weights = np.exp(point[size:] - point[size:].max())
            return point[:size].reshape(shifts.shape), weights / weights.sum()

        def objective(point: Array) -> tuple[float, Array]:
            moved, chosen = unpack(point)
            value, by_shift, by_weight = self.gradient(moved, chosen, noise)
            return value, np.append(by_shift.reshape(-1), chosen * (by_weight - chosen @ by_weight))

        start = np.append(shifts.reshape(-1), np.log(np.maximum(probabilities, np.exp(-RANGE / 2))))
        bounds = [(-1.0, 1.0)] * size + [(-RANGE, RANGE)] * count
        found = minimize(objective, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": MOST_STEPS})
        moved, chosen = unpack(found.x)
        kept = chosen > 1e-6
        return float(found.fun), np.clip(moved[kept], -1.0, 1.0), chosen[kept] / chosen[kept].sum()

    def _worst(self, shifts: Array, probabilities: Array, noise: Array) -> Array | None:
        """Of many shifts the one that hurts the present Bayes rule most, or None if none beats those in use."""
        means, weights = self.components(shifts, probabilities)
        evidence = np.log(np.maximum(weights, 1e-300)) - (means**2).sum(axis=1) / 2
        rng = np.random.default_rng(FINAL.seed)  # fixed: a part of the answer's definition
        rivals = np.concatenate([self.starts, rng.choice([-1.0, 0.0, 1.0], (RIVALS, *self.moved.shape)), shifts])
        points = noise[: max(256, len(noise) // 4)]
        hurt = np.array([self._right(rival, points, means, evidence) for rival in rivals])
        best = int(hurt.argmin())
        return rivals[best] if hurt[best] < hurt[-len(shifts) :].min() - 1e-9 else None

    def _right(self, shift: Array, noise: Array, means: Array, evidence: Array) -> float:
        """How often the rule of a mixture is right on what a shift attacks."""
        attacked, weights = self.components(shift[None], np.ones(1))
        total = 0.0
        for mean, weight in zip(attacked[: len(self.moved)], weights, strict=False):
            above, below = log_sums((noise + mean) @ means.T, evidence)[:2]
            ratio = above - below
            total += weight * float(
                (self.p * (ratio + self.log_odds > 0) + (1 - self.p) * (ratio > self.log_odds)).mean()
            )
        return total


def _starts(dist: CyclicGaussian, radius: float, elements: NDArray[np.intp]) -> Array:
    """(n, J, P) shifts worth trying first, each cut off at the box; the full one stands first.

    The full one; the one that leaves no signal; those towards a moved mean of the other label; and two that spare the
    patterns that the orbit shows alike or mostly with the other sign. On moved data each acts moved along with them,
    and once more as it acts on data as they are: towards -u, whatever the move.
    """
    word, patterns = dist.word, dist.word.patterns
    most = dist.signal / max(radius, 1e-9 * dist.signal)  # finite, and cut off below anyway
    rows = [np.ones(len(patterns.frequencies)), np.full(len(patterns.frequencies), most)]
    rows += [most * (1 + patterns.signs[:, j]) for j in range(1, min(word.shifts, 9))]
    mean = patterns.signs.mean(axis=1)
    rows += [np.where(mean > 0.5, most, 1.0), np.where(mean < 0, -1.0, 1.0)]
    plain = np.clip(rows, -1.0, 1.0)
    # A group permutes the patterns (up to sign): one coordinate of each says where it goes.
    first = np.unique(patterns.index, return_index=True)[1]
    there = word.group.places(elements)[:, first]
    along = patterns.leading[first] * patterns.leading[there] * plain[:, patterns.index[there]]
    still = np.repeat(plain[:, None], len(elements), axis=1)
    every = np.concatenate([along, still])
    _, kept = np.unique(every.reshape(len(every), -1), axis=0, return_index=True)
    return np.asarray(every[np.sort(kept)])
