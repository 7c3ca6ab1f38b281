r"""The Gaussian model of Tsipras et al. (2019) and the quantities of its two theorems. From outside the seed papers.

Definitions as used here: Y is -1 or 1; x_1 = Y with probability p, else -Y; x_2, ..., x_{d+1} ~ N(eta Y, 1). It is the
cyclic model with the word + + ... +, one shift, and signal s = eta sqrt(d); x_1 there is x_0 here, and the radius
eps = 2 eta is a = 2s. That word equals all its shifts, so the model says nothing about spatial accuracy by itself.

Theorem 2.1 (accuracy against robustness): accuracy at least 1 - delta implies adversarial accuracy at most
delta p/(1-p) at eps >= 2 eta. Proof: the attack -2 eta Y swaps the classes' Gaussians. Let q_k be Pr(f = 1) when the
Gaussian part has the law of class 1 and x_1 = k. An attacked point of class -1 has the first law with x_1 = -Y = 1 in a
share p/(1-p) of cases at most as often as a clean point of class 1, so its errors are at least as frequent.

Theorem 2.2 (what training finds): a unit-norm soft-margin SVM on the law itself leans on the many weak features and
has no robustness at eps = 2 eta; the same with adversarial hinge loss drops them and keeps x_1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tradeoff import bounds, checks, groups
from tradeoff.bounds import Infeasible
from tradeoff.codes import Word
from tradeoff.distribution import CyclicGaussian


def law(length: int, p: float, eta: float) -> CyclicGaussian:
    """The model with ``length`` weak features of mean ``eta`` each.

    >>> law(100, 0.95, 0.3).signal
    3.0
    """
    checks.at_least("length", length, 1, what="the number of weak features")
    return CyclicGaussian(Word("+" * length, groups.cyclic(length, length)), p, eta * math.sqrt(length))


def theorem1(dist: CyclicGaussian, delta: float) -> float | Infeasible:
    """Theorem 2.1: the largest adversarial accuracy at eps >= 2 eta of a rule of accuracy at least 1 - delta.

    delta p/(1-p), or why there is no such rule: accuracy never exceeds h(s, L/(2s)).

    >>> round(theorem1(law(100, 0.95, 0.3), 0.01), 4)
    0.19
    """
    delta = checks.probability("delta", delta, what="the largest error rate on clean data")
    least = bounds.feasible_eta(dist, scaled_radius=0.0).low
    return Infeasible(delta, least, 0.0, "delta") if delta < least - bounds.ROUNDING else delta * dist.p / (1 - dist.p)


@dataclass(frozen=True)
class SVM:
    """sign(weak <u, x> + strong x_0), weak^2 + strong^2 = 1, x_0 entering linearly, with its minimal hinge loss."""

    weak: float
    strong: float
    loss: float

    def adversarial(self, dist: CyclicGaussian, eps: float) -> float:
        """Accuracy under l_inf attacks of size eps on all coordinates, x_0 included; eps = 0 for clean data.

        >>> model = law(100, 0.95, 0.4)
        >>> found = svm(model)  # Theorem 2.2: above 99 % clean, below 1 % at eps = 2 eta
        >>> found.adversarial(model, 0.0) > 0.99, found.adversarial(model, 0.8) < 0.01
        (True, True)
        """
        shared = self.weak * (dist.signal - eps * math.sqrt(dist.word.length)) - eps * self.strong
        margins = np.array([shared + self.strong, shared - self.strong])
        rates = ndtr(margins / self.weak) if self.weak else (1 + np.sign(margins)) / 2
        return float(dist.p * rates[0] + (1 - dist.p) * rates[1])


def svm(dist: CyclicGaussian, *, eps: float = 0.0) -> SVM:
    """The unit-norm rule with the least expected hinge loss E max(0, 1 - Y <w, x>), under the worst attack of size eps.

    By symmetry all weak features have one weight, so it is a minimum over an angle in [0, pi/2]: the best of a grid,
    refined.
    """
    from scipy.optimize import minimize_scalar  # loads slowly

    eps = checks.not_negative("eps", eps)
    grid = np.linspace(0.0, math.pi / 2, 2001)
    losses = [hinge(dist, angle, eps) for angle in grid]
    best = int(np.argmin(losses))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    refined = minimize_scalar(
        lambda angle: hinge(dist, angle, eps), bounds=around, method="bounded", options={"xatol": 1e-12}
    )
    # The ends of the interval are candidates of their own: a bounded search never reaches them.
    angle = min((grid[best], float(refined.x)), key=lambda one: hinge(dist, one, eps))
    weak = 0.0 if angle == grid[-1] else math.cos(angle)
    return SVM(weak, math.sin(angle), hinge(dist, angle, eps))


def hinge(dist: CyclicGaussian, angle: float, eps: float) -> float:
    """E max(0, 1 - M), M = cos(angle) N(s - eps sqrt(d), 1) + sin(angle)(+-1 - eps): (1 - mu) Phi(z) + sd phi(z)."""
    deviation, strong = max(math.cos(angle), 0.0), math.sin(angle)
    shared = deviation * (dist.signal - eps * math.sqrt(dist.word.length)) - eps * strong
    total = 0.0
    for probability, mean in ((dist.p, shared + strong), (1 - dist.p, shared - strong)):
        short = 1 - mean
        if deviation < 1e-15:
            total += probability * max(short, 0.0)
            continue
        z = short / deviation
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        total += probability * (short * float(ndtr(z)) + deviation * density)
    return total
