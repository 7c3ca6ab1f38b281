r"""The frontier of linear rules: the most that lambda Adv + (1 - lambda) Spat (or Joint) can be for one of them.

With x_v sqrt(d) the weights on every coordinate of pattern v of frequency f_v, the score on r_j(X) has mean
m_j = s sum_v f_v x_v v_j and noise |w|^2 = sum_v f_v x_v^2, and the attack takes a sum_v f_v |x_v| from it. So the cost
depends on the number of patterns and not on d.

Where the attack leaves x_0 alone, eps < 1, no linear rule has more than the best one with such even weights. Averaging
the weights over a pattern keeps all means and takes noise from the score, which harms where a mean is negative; but the
even rule with a suitable weight b on sign(x_0) makes up for it. For eps >= 1 there is no such b, and rules with uneven
weights on a pattern, sparse ones among them, are looked at too: see `tradeoff.bounds.sparse_rules`.

At p = 1/2 the problem is convex where all means are positive. Elsewhere it is not, and several starts are taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.bounds import sparse_rules
from tradeoff.exact import accuracy, reliable_bit
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Constant, Linear
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze_fields

Array = NDArray[np.float64]
Partner = Literal["spatial", "joint"]
"""What stands beside adversarial accuracy: Pr(f(r(X)) = Y), or Pr(f(r(X) + A) = Y)."""
PARTNERS: tuple[Partner, ...] = ("spatial", "joint")

MOST_STEPS, SMALLEST_GAIN = 3000, 1e-13
BIASES = np.concatenate([[0.0], np.geomspace(1e-3, 40.0, 48)])
"""Weights on sign(x_0) that are looked at, and those NEAR a large mean; beyond all of them x_0 decides alone."""
NEAR = np.linspace(-8.0, 8.0, 17)
HALVINGS = 50
MOST_FURTHER = 8
"""Starts of each further kind."""
SCALES, MOST_UNEVEN, ROUNDS, SMALLEST_STEP = 33, 4, 3, 1e-6
"""Scales of uneven rules looked at together, starts that go on from the best, how often, and how finely they end."""
AT_ONCE = 1 << 14
"""Points of a curve computed together: they stay in the cache."""


@dataclass(frozen=True)
class Point:
    """A rule that can be built, with both accuracies; it was chosen for ``weight`` on adversarial accuracy."""

    weight: float
    adversarial: float
    partner: float
    rule: Linear | Constant

    @property
    def value(self) -> float:
        """weight * adversarial + (1 - weight) * partner."""
        return self.weight * self.adversarial + (1 - self.weight) * self.partner


def points(
    dist: CyclicGaussian, weights: Iterable[float], *, scaled_radius: float, partner: Partner = "spatial"
) -> list[Point]:
    """The best linear (or constant) rule for each weight lambda in [0, 1] on adversarial accuracy.

    Both accuracies of a point are those of `tradeoff.exact.accuracy` for its rule. For p = 1/2 no linear rule that is
    right at least half the time in each case, attacked and on every r_j(X), does better; apart from that it is the best
    that several starts found, which is attained in any case. Where the attack can turn x_0 (eps >= 1) weights may be
    uneven on a pattern, some of them 0, and the answer depends on d; elsewhere they are even.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> (point,) = points(law, [0.5], scaled_radius=1.0)
    >>> round(point.adversarial, 4), round(point.partner, 4), round(point.value, 5)
    (0.8025, 0.9045, 0.85352)
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    checks.known("partner", partner, PARTNERS)
    chosen = [checks.probability("weights", weight, what="the weight on adversarial accuracy") for weight in weights]
    made: list[Point] = []
    last: list[tuple[Array, float]] = []
    for weight in chosen:
        problem = Problem.of(dist, radius, weight, partner)
        found = [problem.ascend(x, b) for x, b in (*problem.starts(), *last)]
        x, b = max(found, key=lambda one: problem.value(*one))
        if problem.means(x).min() < 0:
            found = [problem.ascend(x, b) for x, b in problem.further_starts()] + [(x, b)]
            x, b = max(found, key=lambda one: problem.value(*one))
        last = [(x, b)]  # the next weight's answer is near
        rivals: list[Linear | Constant] = [sparse_rules.uneven(dist, x, b), rules.sign_x0(dist), Constant()]
        if dist.eps(radius) >= 1:
            rivals.append(
                _uneven(problem, dist, [x for x, _ in (*found, *problem.starts(), *problem.further_starts())])
            )
        made.append(max((_point(rule, dist, radius, weight, partner) for rule in rivals), key=lambda one: one.value))
    return made


@dataclass(frozen=True, eq=False)
class Problem:
    """The most of sum_i c_i [q_i Phi(m_i + b) + (1 - q_i) Phi(m_i - b)], sum_v f_v x_v^2 = 1, b >= 0.

    One term for adversarial accuracy and one for each element of the group; m_i holds the attack where it acts.
    """

    patterns: Array  # (P, K)
    frequencies: Array  # (P,)
    signal: float
    radius: float
    element: NDArray[np.intp]  # (terms,)
    share: Array  # (terms,) c_i
    attacked: Array  # (terms,) 1 where the attack acts
    agrees: Array  # (terms,) q_i, the probability that b counts for the label

    def __post_init__(self) -> None:
        freeze_fields(self)

    @classmethod
    def of(cls, dist: CyclicGaussian, radius: float, weight: float, partner: Partner) -> Problem:
        """The problem of one weight."""
        patterns, shifts = dist.word.patterns, dist.word.shifts
        # What is left of p when an attack can turn x_0 against the label (b >= 0).
        attacked_p = sum(
            case.probability for case in reliable_bit.cases(dist.p, 1.0, dist.eps(radius)) if case.least > 0
        )
        both = partner == "joint"
        return cls(
            patterns.signs,
            patterns.frequencies,
            dist.signal,
            radius,
            np.concatenate([[0], np.arange(shifts)]),
            np.concatenate([[weight], np.full(shifts, (1 - weight) / shifts)]),
            np.concatenate([[1.0], np.full(shifts, float(both))]),
            np.concatenate([[attacked_p], np.full(shifts, attacked_p if both else dist.p)]),
        )

    def scaled(self, scale: float) -> Problem:
        """The same for rules with more noise, which multiplies all means by ``scale``."""
        return replace(self, signal=scale * self.signal, radius=scale * self.radius)

    def means(self, x: Array) -> Array:
        """(terms,) m_i."""
        weighted = self.frequencies * x
        lost = self.radius * np.abs(weighted).sum()
        return np.asarray(self.signal * (weighted @ self.patterns)[self.element] - lost * self.attacked)

    def value(self, x: Array, b: float) -> float:
        m = self.means(x)
        return float(self.share @ (self.agrees * ndtr(m + b) + (1 - self.agrees) * ndtr(m - b)))

    def starts(self) -> list[tuple[Array, float]]:
        """f*, the orbit's mean, the soft threshold at this radius, and f* with features of less mean sign than it."""
        mean = self.patterns.mean(axis=1)
        soft = np.sign(mean) * np.maximum(self.signal * np.abs(mean) - self.radius, 0.0)
        every = [np.ones(len(mean)), mean, soft, mean + 0.3]
        return [(x / self.length(x), 0.0) for x in every if self.length(x) > 1e-9]

    def further_starts(self) -> list[tuple[Array, float]]:
        """For where not all means are positive: rules that leave features out, or look for a part of the orbit only."""
        mean, (count, elements) = self.patterns.mean(axis=1), self.patterns.shape
        common = np.argsort(-self.frequencies * (1 + np.abs(mean)))[:MOST_FURTHER]
        rng = np.random.default_rng(0)  # fixed: a part of the answer's definition
        mixed = self.patterns @ rng.dirichlet(np.full(elements, 0.5), MOST_FURTHER).T
        every = [np.maximum(mean, 0.0), *np.eye(count)[common], *self.patterns.T[:MOST_FURTHER], *mixed.T]
        every += list(np.maximum(mixed.T, 0.0))
        return [(x / self.length(x), 0.0) for x in every if self.length(x) > 1e-9]

    def length(self, x: Array) -> float:
        return math.sqrt(float(self.frequencies @ x**2))

    def ascend(self, x: Array, b: float) -> tuple[Array, float]:
        """A local maximum: steps along the gradient, soft thresholding for the attack's |x|, back to the sphere.

        Steps that do not gain are halved, so the value never falls. The weight on sign(x_0) follows by Newton steps,
        and is looked for again everywhere once x stands still.
        """
        step, b = 4.0, self.best_bias(x)
        value, searched = self.value(x, b), True
        for _ in range(MOST_STEPS):
            before = value
            gradient, threshold = self.gradient(x, b)
            while step > 1e-9:
                moved = x + step * gradient
                moved = np.sign(moved) * np.maximum(np.abs(moved) - step * threshold, 0.0)
                size = self.length(moved)
                if size and (reached := self.value(moved / size, b)) >= value:
                    x, value = moved / size, reached
                    break
                step /= 2
            step = min(4 * max(step, 1e-9), 1e6)
            b, value = self._better(x, b, value, self._newton(x, b))
            if value - before < SMALLEST_GAIN:
                if searched:
                    break
                b, value = self._better(x, b, value, self.best_bias(x))
                searched = True
            else:
                searched = False
        return x, b

    def _better(self, x: Array, b: float, value: float, rival: float) -> tuple[float, float]:
        reached = self.value(x, rival)
        return (rival, reached) if reached > value else (b, value)

    def _newton(self, x: Array, b: float) -> float:
        """One Newton step for b, or b itself where the value is not concave in it."""
        m = self.means(x)
        with_b, against = self.agrees * _density(m + b), (1 - self.agrees) * _density(m - b)
        slope, bend = self.share @ (with_b - against), self.share @ (-(m + b) * with_b + (b - m) * against)
        return max(0.0, b - float(slope / bend)) if bend < 0 else b

    def gradient(self, x: Array, b: float) -> tuple[Array, float]:
        """The gradient in x of what is smooth, in the metric of the noise, and the weight of |x|."""
        m = self.means(x)
        slope = self.share * (self.agrees * _density(m + b) + (1 - self.agrees) * _density(m - b))
        by_element = np.bincount(self.element, slope, self.patterns.shape[1])
        return self.signal * (self.patterns @ by_element), self.radius * float(slope @ self.attacked)

    def best_bias(self, x: Array) -> float:
        """The best b >= 0 for x: the best of a grid, then bisection of the derivative."""
        m = self.means(x)
        if (self.agrees <= 0.5).all() and m.min() >= 0:
            return 0.0  # Phi is concave from 0 on, so b gains nothing
        large = np.abs(m[np.abs(m) + NEAR[-1] > BIASES[-1]])
        tried = np.unique(np.append(BIASES, np.add.outer(large, NEAR))) if len(large) else BIASES
        grid = tried[:, None]
        best = int((self.agrees * ndtr(m + grid) + (1 - self.agrees) * ndtr(m - grid)).dot(self.share).argmax())
        low, high = tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            rises = self.share @ (self.agrees * _density(m + middle) - (1 - self.agrees) * _density(m - middle)) > 0
            low, high = (middle, high) if rises else (low, middle)
        return float(low)


def curve(dist: CyclicGaussian, count: int, *, scaled_radius: float) -> tuple[Array, Array]:
    """``count`` points of the frontier for K = 2 and p = 1/2, in closed form: adversarial and spatial accuracies.

    With k^2 and k'^2 the shares of coordinates where the word and its shift agree and differ, the rule
    cos(t) P + sin(t) Q has Adv = Phi((s - a)(k cos t + k' sin t)) and Spat = (Phi(s(k cos t + k' sin t)) +
    Phi(s(k cos t - k' sin t)))/2; t runs from g_2 (0) to f* (tan t = k'/k).

    From a = s on such rules are fooled more than half the time, and the points run from g_2 to a constant rule:

    * s < a < 2s, eps < 1: rules with a weight b on sign(x_0), here a coin, and coins between two of them. Where t = 0,
      Adv = (Phi((s - a)k + b) + Phi((s - a)k - b))/2 and Spat = (Phi(sk + b) + Phi(sk - b))/2; near the constant t > 0
      has more. Both are taken from a grid: lambda Adv + (1 - lambda) Spat is within 1e-5 of the most that linear rules
      can, for every lambda.
    * s < a < 2s, eps > 1, where the attack turns x_0: rules on agreeing coordinates, Adv = Phi((s - a) nu) and Spat =
      Phi(s nu), nu = |w|_1/(sqrt(d) |w|_2) from k down to 1/sqrt(d), where they see one coordinate, and coins between
      that one and a constant. (So too for eps = 1, where x_0 keeps half its worth and might give more.)
    * a >= 2s: the segment, by coins between g_2 and a constant. `tradeoff.bounds.sparse_rules` derives all this.

    Raises
    ------
    InputError
        For another number of shifts or another p: see `points`.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> adversarial, spatial = curve(law, 3, scaled_radius=1.0)
    >>> adversarial.round(4), spatial.round(4)
    (array([0.7602, 0.8238, 0.8413]), array([0.9214, 0.8689, 0.7386]))
    """
    if dist.word.shifts != 2 or dist.p != 0.5:
        raise checks.InputError(
            f"a group of {dist.word.shifts} elements and p={dist.p:g} have no closed curve; use 2 shifts and p=0.5, or "
            "linear_frontier.points"
        )
    count = checks.at_least("count", count, 2, what="the number of points of a curve")
    s, a = dist.signal, checks.radius("scaled_radius", scaled_radius)
    if a >= s:
        return sparse_rules.beyond_the_signal(dist, count, radius=a)
    adversarial, spatial = np.empty(count), np.empty(count)
    same, other = (math.sqrt((1 + sign * float(dist.word.correlations[1])) / 2) for sign in (1, -1))
    # Points of the circle by the tangent of half the angle: no sine or cosine is called.
    end = math.tan(math.atan2(other, same) / 2)
    for start in range(0, count, AT_ONCE):
        block = slice(start, min(start + AT_ONCE, count))
        half = np.arange(block.start, block.stop) * (end / (count - 1))
        square = half * half
        square += 1
        along = (2 / square - 1) * same
        across = half / square
        across *= 2 * other
        both = along + across
        both *= s - a
        ndtr(both, out=adversarial[block])
        both *= s / (s - a)
        first = ndtr(both, out=both)
        along -= across
        along *= s
        second = ndtr(along, out=along)
        first += second
        np.multiply(first, 0.5, out=spatial[block])
    return adversarial, spatial


def _density(x: Array) -> Array:
    return np.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _uneven(problem: Problem, dist: CyclicGaussian, starts: Iterable[Array]) -> Linear:
    """The best rule with uneven weights that is found from these: the scale and the rest are improved in turn."""
    ranked = sorted((_scaled(problem, dist, x, BIASES) for x in starts), key=lambda one: -one.value)[:MOST_UNEVEN]
    for _ in range(ROUNDS):
        moved = [problem.scaled(one.scale).ascend(one.x, one.b) for one in ranked]
        better = [_scaled(problem, dist, x, np.array([b])) for x, b in moved]
        ranked = [max(pair, key=lambda one: one.value) for pair in zip(ranked, better, strict=True)]
    best = max(ranked, key=lambda one: one.value)
    return sparse_rules.uneven(dist, best.x, best.b, scale=best.scale)


class _Scaled(NamedTuple):
    value: float
    scale: float
    x: Array
    b: float


def _scaled(problem: Problem, dist: CyclicGaussian, x: Array, biases: Array) -> _Scaled:
    """The best scale of x with one of these weights on sign(x_0): the best of a grid, then of finer ones around it."""
    least = low = sparse_rules.least_scale(dist, x)
    high, b = 1.0, biases[:, None, None]
    while True:
        scales = np.geomspace(low, high, SCALES)
        means = scales[:, None] * problem.means(x)
        values = (problem.agrees * ndtr(means + b) + (1 - problem.agrees) * ndtr(means - b)) @ problem.share
        i, j = np.unravel_index(int(values.argmax()), values.shape)
        if high - low <= SMALLEST_STEP * high:
            return _Scaled(float(values[i, j]), float(scales[j]), x, float(biases[i]))
        biases, b, gap = biases[i : i + 1], b[i : i + 1], (high / low) ** (1 / (SCALES - 1))
        low, high = max(least, scales[j] / gap), min(1.0, scales[j] * gap)


def _point(rule: Linear | Constant, dist: CyclicGaussian, radius: float, weight: float, partner: Partner) -> Point:
    adversarial = accuracy.adversarial(rule, dist, scaled_radius=radius)
    other = accuracy.joint(rule, dist, scaled_radius=radius if partner == "joint" else 0.0)
    assert isinstance(adversarial, float)
    assert isinstance(other, float)
    return Point(weight, adversarial, other, rule)


def along(found: Sequence[Point]) -> tuple[Array, Array]:
    """(n,) adversarial and (n,) partner accuracies, from the least robust point to the most robust one."""
    ordered = sorted(found, key=lambda one: (one.adversarial, -one.partner))
    return np.array([one.adversarial for one in ordered]), np.array([one.partner for one in ordered])
