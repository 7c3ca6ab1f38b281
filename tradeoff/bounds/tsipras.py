r"""The Gaussian model of Tsipras et al. (2019) and the quantities of its two theorems. From outside the seed papers.

Definitions as used here: Y is -1 or 1; x_1 = Y with probability p, else -Y; x_2, ..., x_{d+1} ~ N(eta Y, 1). It is the
cyclic model with the word + + ... +, one shift, and signal s = eta sqrt(d); x_1 there is x_0 here, and the radius
eps = 2 eta is a = 2s. That word equals all its shifts, so the model says nothing about spatial accuracy by itself.

Theorem 2.1 (accuracy against robustness): accuracy at least 1 - delta implies adversarial accuracy at most
delta p/(1-p) at eps >= 2 eta. Proof: let q_k = Pr(f = 1) when the Gaussian part has the law of class 1 and x_1 = k. The
attack -2 eta Y gives points of class -1 that law, with x_1 = 1 for a share 1 - p of them, so they are right with
probability (1-p)(1-q_1) + p(1-q_{-1}), at most p/(1-p) [p(1-q_1) + (1-p)(1-q_{-1})] as p >= 1/2, and the bracket is the
clean error of class 1. The other class alike; average.

Theorem 2.2 (what training finds): a unit-norm soft-margin SVM on the law itself leans on the many weak features and has
no robustness at eps = 2 eta; with adversarial hinge loss it drops them and keeps x_1. The second half needs a reliable
x_1: for small p one single weak feature has the smaller loss (`svm` finds it), and so would w = 0, were it allowed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from tradeoff.bounds import theorem_bounds
from tradeoff.bounds.theorem_bounds import Infeasible
from tradeoff.codes import groups
from tradeoff.codes.word import Word
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks

MOST_FEATURES = 1 << 20


def law(length: int, p: float, eta: float) -> CyclicGaussian:
    """The model with ``length`` weak features of mean ``eta`` each.

    >>> law(100, 0.95, 0.3).signal
    3.0
    """
    checks.at_least("length", length, 1, what="the number of weak features")
    checks.at_most("length", length, MOST_FEATURES)
    checks.positive("eta", eta, what="the mean of a weak feature")
    return CyclicGaussian(Word("+" * length, groups.cyclic(length, length)), p, eta * math.sqrt(length))


def theorem1(dist: CyclicGaussian, delta: float) -> float | Infeasible:
    """Theorem 2.1: an upper bound on the adversarial accuracy at eps >= 2 eta of a rule of accuracy at least 1 - delta.

    delta p/(1-p) as printed, also where it exceeds 1; or why there is no such rule: no accuracy exceeds h(s, L/(2s)).

    >>> round(theorem1(law(100, 0.95, 0.3), 0.01), 4)
    0.19
    """
    delta = checks.probability("delta", delta, what="the largest error rate on clean data")
    least = theorem_bounds.feasible_eta(dist, scaled_radius=0.0).low
    return (
        Infeasible(delta, least, 0.0, "delta")
        if delta < least - theorem_bounds.ROUNDING
        else delta * dist.p / (1 - dist.p)
    )


@dataclass(frozen=True)
class SVM:
    """sign(<w, x> + strong x_0), |w|^2 + strong^2 = 1, with its hinge loss; x_0 enters linearly.

    w has the same weight on each of the ``used`` weak features that it uses, and norm ``weak``.
    """

    weak: float
    strong: float
    used: int
    loss: float

    def adversarial(self, dist: CyclicGaussian, eps: float) -> float:
        """Accuracy under l_inf attacks of size eps on all coordinates, x_0 included; eps = 0 for clean data.

        >>> model = law(100, 0.95, 0.4)
        >>> found = svm(model)  # Theorem 2.2: above 99 % clean, below 1 % at eps = 2 eta
        >>> found.adversarial(model, 0.0) > 0.99, found.adversarial(model, 0.8) < 0.01
        (True, True)
        """
        shared = _mean(dist, self.weak, self.strong, self.used, checks.not_negative("eps", eps))
        margins = np.array([shared + self.strong, shared - self.strong])
        rates = ndtr(margins / self.weak) if self.weak else (1 + np.sign(margins)) / 2
        return float(dist.p * rates[0] + (1 - dist.p) * rates[1])


def svm(dist: CyclicGaussian, *, eps: float = 0.0) -> SVM:
    """The unit-norm rule with the least expected hinge loss E max(0, 1 - Y <w, x>), under the worst attack of size eps.

    At given |w|_2 the margin's mean is (eta - eps)|w|_1: best with equal weights for eps <= eta, and with a single weak
    feature above. What is left is a minimum over an angle in [0, pi/2]: the best of a grid, refined.
    """
    from scipy.optimize import minimize_scalar  # loads slowly

    eps = checks.not_negative("eps", eps)
    used = dist.word.length if eps <= dist.signal / math.sqrt(dist.word.length) else 1
    grid = np.linspace(0.0, math.pi / 2, 2001)
    losses = [hinge(dist, angle, eps, used=used) for angle in grid]
    best = int(np.argmin(losses))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    refined = minimize_scalar(
        lambda angle: hinge(dist, angle, eps, used=used), bounds=around, method="bounded", options={"xatol": 1e-12}
    )
    # The ends of the interval are candidates of their own: a bounded search never reaches them.
    angle = min((grid[best], float(refined.x)), key=lambda one: hinge(dist, one, eps, used=used))
    weak = 0.0 if angle == grid[-1] else math.cos(angle)
    return SVM(weak, math.sin(angle), used, hinge(dist, angle, eps, used=used))


def hinge(dist: CyclicGaussian, angle: float, eps: float, *, used: int) -> float:
    """E max(0, 1 - M) for M = N(mean, weak^2) +- strong: (1 - mu) Phi(z) + weak phi(z), z = (1 - mu)/weak.

    weak = cos(angle), on ``used`` features alike; strong = sin(angle).
    """
    weak, strong = max(math.cos(angle), 0.0), math.sin(angle)
    shared, total = _mean(dist, weak, strong, used, eps), 0.0
    for probability, mean in ((dist.p, shared + strong), (1 - dist.p, shared - strong)):
        short = 1 - mean
        if weak < 1e-15:
            total += probability * max(short, 0.0)
            continue
        z = short / weak
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        total += probability * (short * float(ndtr(z)) + weak * density)
    return total


def _mean(dist: CyclicGaussian, weak: float, strong: float, used: int, eps: float) -> float:
    """The margin's mean without x_0's sign: an attack takes eps of every unit of |w|_1 and of ``strong``."""
    eta = dist.signal / math.sqrt(dist.word.length)
    return weak * math.sqrt(used) * (eta - eps) - eps * strong
