"""Exact answers for linear rules sign(<w, x> + b sign(x_0)), for all elements of a group at once.

With |w| = 1, the score on r_j(X), times the label, is normal with mean s <w, r_j(u)> and variance 1, plus b or -b.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from tradeoff.exact import reliable_bit
from tradeoff.exact.normal_probabilities import both_below, same_sign
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.linear_scores import projection
from tradeoff.model.question import Attack
from tradeoff.model.rules import Linear

Array = NDArray[np.float64]


def right(rule: Linear, dist: CyclicGaussian, radius: float, attack: Attack = "worst", *, wrong: bool = False) -> Array:
    """(K,) Pr(right on r_j(X) under the attack) for every j; with ``wrong`` Pr(wrong whatever is added).

    worst: h(s<w,u_j> - a |w|_1/sqrt(d), b), where x_0 cannot be turned.
    """
    seen = projection(rule, dist)
    p, means = 1 - dist.p if wrong else dist.p, dist.signal * (-seen.overlaps if wrong else seen.overlaps)
    if attack == "mean_shift":
        means, eps = means - radius * seen.overlaps[0], 0.0
    else:
        means, eps = means - radius * seen.reach, dist.eps(radius)
    return sum(
        (case.probability * _positive(means + case.least, seen.noise) for case in reliable_bit.cases(p, seen.b, eps)),
        np.zeros(len(means)),
    )


def label_blind(rule: Linear, dist: CyclicGaussian, radius: float) -> float:
    """min over attacks A that see x_0 and x but not the label, |A| <= eps, of Pr(f(X + A(X)) = Y).

    Where both answers can be reached, the attacker takes the less likely label; elsewhere the answer stands. The
    likelier label is that of f*, so two correlated normal variables decide: the rule's score and that of f*.
    """
    seen, total = projection(rule, dist), 0.0
    mean, reach = dist.signal * seen.overlaps[0], radius * seen.reach
    for case in reliable_bit.cases(dist.p, seen.b, dist.eps(radius)):
        # The label's own frame: y m ~ N(mean, noise^2), y <u, x> ~ N(s, 1); f* errs where y <u, x> is below this.
        bayes_errs = -(1 if case.agrees else -1) * dist.log_odds / (2 * dist.signal) - dist.signal
        safe = float(_positive(mean - reach + case.least, seen.noise))
        lost = float(_positive(-mean - reach - case.most, seen.noise))
        if seen.noise:
            ends = np.array([reach - case.least, -reach - case.most]) - mean
            below = both_below(ends, bayes_errs, np.clip(seen.overlaps[0], -1.0, 1.0))
            fooled = float(below[0] - below[1])
        else:
            fooled = (1 - safe - lost) * float(ndtr(bayes_errs))
        total += case.probability * (safe + fooled)
    return total


def invariance(rule: Linear, dist: CyclicGaussian) -> Array:
    """(K,) Pr(f(r_j(X)) = f(X)) for every j: the two scores are bivariate normal given y and x_0."""
    seen = projection(rule, dist)
    if not seen.noise:
        return np.ones(len(seen.overlaps))
    means = dist.signal * seen.overlaps
    agree = same_sign(means[0] + seen.b, means + seen.b, seen.likeness)
    against = same_sign(means[0] - seen.b, means - seen.b, seen.likeness)
    return np.asarray(dist.p * agree + (1 - dist.p) * against)


def _positive(score: ArrayLike, noise: float) -> Array:
    """Pr(score + noise N(0, 1) > 0), seen from the label; a tie goes to +1 and so is right for one label of two."""
    score = np.asarray(score)
    return np.asarray(ndtr(score)) if noise else np.asarray((1 + np.sign(score)) / 2)
