"""Exact answers for linear rules sign(<w, x> + b sign(x_0)), for all elements of a group at once.

With |w| = 1, the score on r_j(X), times the label, is normal with mean s <w, r_j(u)> and variance 1, plus b or -b.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff import x0
from tradeoff.distribution import CyclicGaussian
from tradeoff.normal import both_below, same_sign
from tradeoff.questions import Attack
from tradeoff.rules import Linear

Array = NDArray[np.float64]


def right(rule: Linear, dist: CyclicGaussian, radius: float, attack: Attack = "worst", *, wrong: bool = False) -> Array:
    """(K,) Pr(right on r_j(X) under the attack) for every j; with ``wrong`` Pr(wrong whatever is added).

    worst: h(s<w,u_j> - a |w|_1/sqrt(d), b), where x_0 cannot be turned.
    """
    overlaps = dist.word.group.overlaps(rule.weights, dist.word.unit)
    p, noise = 1 - dist.p if wrong else dist.p, float(np.linalg.norm(rule.weights))
    means = dist.signal * (-overlaps if wrong else overlaps)
    if attack == "mean_shift":
        means, eps = means - radius * overlaps[0], 0.0
    else:
        means, eps = means - _reach(rule, dist, radius), dist.eps(radius)
    return sum(
        (case.probability * _positive(means + case.least, noise) for case in x0.cases(p, rule.x0_weight, eps)),
        np.zeros(len(means)),
    )


def label_blind(rule: Linear, dist: CyclicGaussian, radius: float) -> float:
    """min over attacks A that see x_0 and x but not the label, |A| <= eps, of Pr(f(X + A(X)) = Y).

    Where both answers can be reached, the attacker takes the less likely label; elsewhere the answer stands. The
    likelier label is that of f*, so two correlated normal variables decide: the rule's score and that of f*.
    """
    noise = float(np.linalg.norm(rule.weights))
    overlap = float(rule.weights @ dist.word.unit)
    reach, eps = _reach(rule, dist, radius), dist.eps(radius)
    total = 0.0
    for case in x0.cases(dist.p, rule.x0_weight, eps):
        # The label's own frame: y m ~ N(s overlap, noise^2), y <u, x> ~ N(s, 1); f* errs where y <u, x> is below this.
        bayes_errs = -(1 if case.agrees else -1) * dist.log_odds / (2 * dist.signal) - dist.signal
        safe = _positive(np.array(dist.signal * overlap - reach + case.least), noise)
        lost = _positive(np.array(-dist.signal * overlap - reach - case.most), noise)
        if noise:
            ends = [(end - dist.signal * overlap) / noise for end in (reach - case.least, -reach - case.most)]
            correlation = min(max(overlap / noise, -1.0), 1.0)
            below = both_below(np.array(ends), bayes_errs, correlation)
            fooled = float(below[0] - below[1])
        else:
            fooled = float(1 - safe - lost) * float(ndtr(bayes_errs))
        total += case.probability * (float(safe) + fooled)
    return total


def invariance(rule: Linear, dist: CyclicGaussian) -> Array:
    """(K,) Pr(f(r_j(X)) = f(X)) for every j: the two scores are bivariate normal given y and x_0."""
    noise = float(np.linalg.norm(rule.weights))
    group = dist.word.group
    if not noise:
        return np.ones(group.order)
    means = dist.signal * group.overlaps(rule.weights, dist.word.unit) / noise
    likeness = np.clip(group.overlaps(rule.weights, rule.weights) / noise**2, -1.0, 1.0)
    b = rule.x0_weight / noise
    agree = same_sign(means[0] + b, means + b, likeness)
    against = same_sign(means[0] - b, means - b, likeness)
    return np.asarray(dist.p * agree + (1 - dist.p) * against)


def _reach(rule: Linear, dist: CyclicGaussian, radius: float) -> float:
    """How far an attack of scaled radius a moves <w, x>."""
    return radius * float(np.abs(rule.weights).sum()) / math.sqrt(dist.word.length)


def _positive(score: Array, noise: float) -> Array:
    """Pr(score + noise N(0, 1) > 0), seen from the label; a tie goes to +1 and so is right for one label of two."""
    return np.asarray(ndtr(score / noise)) if noise else np.asarray((1 + np.sign(score)) / 2)
