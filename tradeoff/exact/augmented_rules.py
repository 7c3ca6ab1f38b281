"""Exact answers for Bayes rules of augmented data, sign(F(z) + b sign(x_0)): quadrature, and a bracket beside a search.

F grows by 2 s when every z_j grows by 1. So with z = zeta 1 + w (`tradeoff.exact.quadrature.split`) every event about
the sign of F + b is, given w, an event about the normal variable zeta: it and x_0 are integrated exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.codes.word import Word
from tradeoff.exact import quadrature, reliable_bit
from tradeoff.exact.quadrature import Sobol, Split
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Attack
from tradeoff.model.rules import Augmented
from tradeoff.shared.results import Answer, Band, Estimate, average

Array = NDArray[np.float64]
CERTIFICATE = Sobol(log2_points=10)
"""Points for the certified lower end of a bracket, which is loose anyway."""


def right(
    rule: Augmented,
    dist: CyclicGaussian,
    radius: float,
    attack: Attack = "worst",
    *,
    shift: int | None = None,
    wrong: bool = False,
    points: Sobol | None = None,
) -> Answer:
    """Pr(right on r_j(X) under the attack), j = ``shift`` or averaged; with ``wrong`` Pr(wrong whatever is added)."""
    if attack == "mean_shift":
        chosen = range(dist.word.shifts) if shift is None else [shift]
        return average([_mean_shift(rule, dist, radius, j, points) for j in chosen])
    alike, counts, same_as = translates(rule.word, rule.members)
    if shift is not None:
        return _worst(rule, dist, radius, alike[same_as[shift]], wrong, points)
    return average([_worst(rule, dist, radius, j, wrong, points) for j in alike], counts)


@lru_cache(maxsize=64)
def translates(word: Word, members: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Elements that stand for all others, how many each stands for, and for every j the place of its representative.

    The rule sees r_j(X) as the rule of the translated members r_j^-1 J sees X; j with equal translates are alike.
    """
    order = word.group.order
    if len(members) == order:
        return (0,), (order,), (0,) * order
    sets = np.sort(word.group.quotient(np.arange(order)[:, None], np.array(members)[None, :]), axis=1)
    _, first, same_as, counts = np.unique(sets, axis=0, return_index=True, return_inverse=True, return_counts=True)
    return tuple(first.tolist()), tuple(counts.tolist()), tuple(same_as.reshape(-1).tolist())


@lru_cache(maxsize=4096)  # adversarial and joint accuracy of an invariant rule are one number
def _worst(rule: Augmented, dist: CyclicGaussian, radius: float, j: int, wrong: bool, points: Sobol | None) -> Answer:
    attacked = _at(rule, dist, j, wrong, attack=radius, points=points)
    # Who chose the points wants an estimate of the attack at hand, not a bracket.
    if radius == 0 or points is not None or rule.statistic.attack_is_exact:
        return attacked
    # F cannot fall by more than 2 s a: every z_j falls by at most a, and F(z - a 1) = F(z) - 2 s a.
    certified = _at(rule, dist, j, wrong, attack=radius, by_bound=True, points=CERTIFICATE)
    return Band(max(0.0, certified.value - certified.error), attacked.value + attacked.error)


def _mean_shift(rule: Augmented, dist: CyclicGaussian, radius: float, j: int, points: Sobol | None) -> Estimate:
    gram = dist.word.gram(rule.members, [0, j])
    parts = _split(rule, dist, dist.signal * gram[:, 1] - radius * gram[:, 0])
    return _integral(rule, dist, parts, rule.value, 0.0, points=points)


def _at(
    rule: Augmented,
    dist: CyclicGaussian,
    j: int,
    wrong: bool,
    *,
    attack: float,
    by_bound: bool = False,
    points: Sobol | None = None,
) -> Estimate:
    """Pr(F + b > 0) for the worst attack on r_j(X), or (``by_bound``) for F lowered by as much as any attack can."""
    mean = dist.signal * dist.word.gram(rule.members, [j])[:, 0]
    fall = _slope(rule) * attack

    def score(w: Array) -> Array:
        return rule.value(w) - fall if by_bound else rule.attacked(w, attack)

    parts = _split(rule, dist, mean)
    # F is odd: being wrong whatever is added is being right for the other label. On mirrored points, so that at each
    # of them the probabilities of both add up to at most 1, and at radius 0 to 1.
    parts = parts.mirrored if wrong else parts
    return _integral(rule, dist, parts, score, dist.eps(attack), wrong=wrong, points=points)


def _integral(
    rule: Augmented,
    dist: CyclicGaussian,
    parts: Split,
    score: Callable[[Array], Array],
    eps: float,
    *,
    wrong: bool = False,
    points: Sobol | None = None,
) -> Estimate:
    """E Pr(score(w) + 2 s zeta + b > 0 | w) over w and the cases of x_0."""
    cases = list(reliable_bit.cases(1 - dist.p if wrong else dist.p, rule.log_odds, eps))

    def integrand(w: Array) -> Array:
        found = score(w)
        above = [case.probability * (1 - _below(parts, -(found + case.least) / _slope(rule))) for case in cases]
        return np.asarray(sum(above))

    return quadrature.over_rest(parts, integrand, points, smooth=quadrature.resolved(parts, rule.signal))


def label_blind(rule: Augmented, dist: CyclicGaussian, radius: float, points: Sobol | None = None) -> Answer:
    """min of Pr(f(X + A(X)) = Y) over attacks that see x_0 and x but no label; see `linear_rules.label_blind`."""
    found = _blind(rule, dist, radius, points)
    if radius == 0 or points is not None or rule.statistic.attack_is_exact:
        return found
    certified = _blind(rule, dist, radius, CERTIFICATE, by_bound=True)
    return Band(max(0.0, certified.value - certified.error), found.value + found.error)


def _blind(
    rule: Augmented, dist: CyclicGaussian, radius: float, points: Sobol | None, *, by_bound: bool = False
) -> Estimate:
    slope = _slope(rule)
    fall = slope * radius
    seen, columns = _with_own(dist.word, rule.members, (0,))
    own = columns[1][0]
    parts = quadrature.split(dist.signal * dist.word.gram(seen, [0])[:, 0], dist.word.gram(seen, seen))
    cases = list(reliable_bit.cases(dist.p, rule.log_odds, dist.eps(radius)))

    def integrand(w: Array) -> Array:
        z = w[:, columns[0]]
        if by_bound:
            least, most = rule.value(z) - fall, rule.value(z) + fall
        else:
            least, most = rule.attacked(z, radius), -rule.attacked(-z, radius)
        total = np.zeros(len(w))
        for case in cases:
            # zeta above `sure`: right whatever is added; below `reached`: wrong; between: wrong unless f* errs.
            sure, reached = -(least + case.least) / slope, -(most + case.most) / slope
            errs = -(1 if case.agrees else -1) * dist.log_odds / (2 * dist.signal) - w[:, own]
            fooled = np.maximum(0.0, _below(parts, np.minimum(sure, errs)) - _below(parts, reached))
            total += case.probability * (1 - _below(parts, sure) + fooled)
        return total

    # What is fooled is a strip as wide as the radius: nodes can all miss it.
    return quadrature.over_rest(parts, integrand, points, smooth=False)


@lru_cache(maxsize=4096)
def invariance(rule: Augmented, dist: CyclicGaussian, j: int, points: Sobol | None = None) -> Answer:
    """Pr(f(r_j(X)) = f(X)): on r_j(X) the rule is that of the translated members."""
    moved = tuple(np.asarray(dist.word.group.quotient(np.array(j), np.array(rule.members))).tolist())
    if set(moved) == set(rule.members):
        return 1.0
    seen, (here, there) = _with_own(dist.word, rule.members, moved)
    parts = quadrature.split(dist.signal * dist.word.gram(seen, [0])[:, 0], dist.word.gram(seen, seen))
    cases = list(reliable_bit.cases(dist.p, rule.log_odds, 0.0))

    def integrand(w: Array) -> Array:
        scores = [rule.value(w[:, columns]) for columns in (here, there)]
        total = np.zeros(len(w))
        for case in cases:
            first, second = (_below(parts, -(score + case.least) / _slope(rule)) for score in scores)
            total += case.probability * (1 - np.abs(first - second))
        return total

    return quadrature.over_rest(parts, integrand, points, smooth=False)  # |first - second| has a kink


def _with_own(
    word: Word, members: tuple[int, ...], more: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[list[int], list[int]]]:
    """The union of two lists of elements, and the places of each list in it."""
    union = tuple(dict.fromkeys((*members, *more)))
    place = {j: i for i, j in enumerate(union)}
    return union, ([place[j] for j in members], [place[j] for j in more])


def _split(rule: Augmented, dist: CyclicGaussian, mean: Array) -> Split:
    return quadrature.split(mean, dist.word.gram(rule.members, rule.members))


def _slope(rule: Augmented) -> float:
    return 2 * rule.signal


def _below(parts: Split, end: Array) -> Array:
    """Pr(zeta < end); where zeta does not vary, ties count half."""
    if parts.variance:
        return np.asarray(ndtr((end - parts.mean) / math.sqrt(parts.variance)))
    return np.asarray((1 + np.sign(end - parts.mean)) / 2)
