"""EXACT: standard, spatial, adversarial and joint accuracy, fooling rate and rate of invariance of a rule.

A float is a closed form, right up to rounding. An `Estimate` comes from quadrature and carries its error. A `Band`
brackets what is known only from both sides. Notation: s signal, L log-odds of x_0, a = eps sqrt(d) scaled radius,
h(mu, b) = p Phi(mu + b) + (1 - p) Phi(mu - b).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, owens_t

from tradeoff import checks, quadrature, shifts
from tradeoff.distribution import CyclicGaussian
from tradeoff.results import Answer, Band, Estimate
from tradeoff.rules import Augmented, Linear, Rule

Array = NDArray[np.float64]


def standard(rule: Rule, dist: CyclicGaussian) -> Answer:
    """Pr(f(X) = Y).

    >>> from tradeoff import families, rules
    >>> from tradeoff.codes import CyclicWord
    >>> law = CyclicGaussian(CyclicWord(families.golay_quarter(64, 16), step=16), p=0.5)
    >>> round(standard(rules.bayes(law), law), 6)
    0.97725
    """
    return adversarial(rule, dist, scaled_radius=0.0)


def spatial(rule: Rule, dist: CyclicGaussian) -> Answer:
    """Pr(f(r(X)) = Y) for r uniform over all K shifts, the identity among them (Section 3)."""
    return joint(rule, dist, scaled_radius=0.0)


def adversarial(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """inf over attacks A that see the label, |A| <= eps = a/sqrt(d), of Pr(f(X + A) = Y)."""
    radius = checks.radius("scaled_radius", scaled_radius)
    if is_linear(rule):
        return _linear(rule, dist, radius, slice(0, 1))
    return _augmented_worst(own(rule, dist), dist, radius)


def joint(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """Pr(f(r(X) + A) = Y): a uniformly random shift first, then the worst attack."""
    radius = checks.radius("scaled_radius", scaled_radius)
    if is_linear(rule):
        return _linear(rule, dist, radius, slice(None))
    return _augmented_worst(own(rule, dist), dist, radius)  # invariant under shifts, and so is the ball


def mean_shift(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """Pr(f(X + A) = Y) for the one attack A = -a Y u, which moves coordinate t by -eps Y c_t.

    With a = 2s it is the attack in the proof of Theorem 2 (there 4 c_t y / sqrt(d)): it swaps the classes.
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    if is_linear(rule):
        overlap = float(rule.weights @ dist.word.unit)
        return float(_h(rule, dist, np.array([(dist.signal - radius) * overlap]), turned=0.0).mean())
    return _augmented(own(rule, dist), dist, dist.signal - radius)


def fooling(rule: Rule, dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """Fooling rate sup over A of Pr(f(X + A) != f(X)), |A| <= eps = a/sqrt(d): it sees the answer, not the label.

    1 - fooling = Pr(right whatever is added) + Pr(wrong whatever is added); Kamath et al., Section 2.
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    if is_linear(rule):
        return 1 - _linear(rule, dist, radius, slice(0, 1)) - _linear(rule, dist, radius, slice(0, 1), wrong=True)
    right, wrong = (_augmented_worst(own(rule, dist), dist, radius, wrong=wrong) for wrong in (False, True))
    if isinstance(right, Estimate) and isinstance(wrong, Estimate):
        return Estimate(1 - right.value - wrong.value, right.error + wrong.error)
    ends = [(part.lower, part.upper) if isinstance(part, Band) else (0.0, 1.0) for part in (right, wrong)]
    return Band(max(0.0, 1 - ends[0][1] - ends[1][1]), 1 - ends[0][0] - ends[1][0])


def invariance(rule: Rule, dist: CyclicGaussian, *, shift: int | None = None) -> Answer:
    """Rate of invariance Pr(f(r_j(X)) = f(X)) for one shift j, or its mean over all K shifts, the identity among them.

    The two scores of a linear rule are bivariate normal given y and x_0; Owen's T function gives the probability
    that their signs agree. The augmented rule is invariant.
    """
    if not is_linear(rule):
        own(rule, dist)
        return 1.0
    chosen = range(dist.word.shifts) if shift is None else [shift % dist.word.shifts]
    noise = float(np.linalg.norm(rule.weights))
    if not noise:
        return 1.0
    overlaps = dist.signal * shifts.correlations(rule.weights, dist.word.unit, dist.word.step) / noise
    likeness = shifts.correlations(rule.weights, rule.weights, dist.word.step) / noise**2
    b = rule.x0_weight / noise
    rates = [
        dist.p * same_sign(overlaps[0] + b, overlaps[j] + b, likeness[j])
        + (1 - dist.p) * same_sign(overlaps[0] - b, overlaps[j] - b, likeness[j])
        for j in chosen
    ]
    return float(np.mean(rates))


def same_sign(first: float, second: float, correlation: float) -> float:
    """Pr(both > 0) + Pr(both < 0) for normal variables with these means, unit variances and this correlation.

    1 - 2 T(h, a_h) - 2 T(k, a_k) - [hk < 0], T Owen's function, a_h = (k - rho h)/(h sqrt(1 - rho^2)); Owen 1956.

    >>> round(same_sign(0.0, 0.0, 0.5), 6)  # 1/2 + arcsin(rho)/pi
    0.666667
    """
    # Below this distance from a perfect correlation the exact limits are closer than the formula's rounding.
    if 1 - abs(correlation) < 1e-14:
        agree = float(ndtr(min(first, second)) + ndtr(-max(first, second)))
        against = float(max(0.0, ndtr(first) - ndtr(-second)) + max(0.0, ndtr(-first) - ndtr(second)))
        return agree if correlation > 0 else against
    width = math.sqrt((1 - correlation) * (1 + correlation))
    h, k = first or 1e-300, second or 1e-300  # a mean of exactly 0: its limit
    total = owens_t(h, (k - correlation * h) / (h * width)) + owens_t(k, (h - correlation * k) / (k * width))
    return float(1 - 2 * total - (1 if h * k < 0 else 0))


def is_linear(rule: Rule) -> TypeGuard[Linear]:
    return isinstance(rule, Linear)


def own(rule: Rule, dist: CyclicGaussian) -> Augmented:
    """The rule itself, if its accuracy is known other than by sampling.

    Errors
    ------
    TypeError
        For a rule of a kind that has no exact answer, or an augmented rule of another word or signal.
    """
    if not isinstance(rule, Augmented):
        raise TypeError(
            f"no exact accuracy is known for a rule of type {type(rule).__name__}; sample it with tradeoff.montecarlo"
        )
    if (rule.word, rule.statistic.signal) != (dist.word, dist.signal):
        raise TypeError(
            "this augmented rule was built for another word, step or signal, and has no exact accuracy here; "
            "sample it with tradeoff.montecarlo"
        )
    return rule


def worst_attack_is_known(rule: Rule) -> bool:
    """Whether the rule's attack is the worst one, or only the worst that was found."""
    return not isinstance(rule, Augmented) or rule.statistic.attack_is_exact


def turned_share(eps: float) -> float:
    """Share of labels for which an attack of size eps turns the sign of x_0 against the rule.

    None below 1; all above. At eps = 1 it reaches x_0 = 0, which counts as + and so hurts one label of two.
    """
    return 0.0 if eps < 1 else 0.5 if eps == 1 else 1.0


def _linear(rule: Linear, dist: CyclicGaussian, radius: float, which: slice, *, wrong: bool = False) -> float:
    """Mean over the shifts in ``which`` of Pr(right on r_j(X) whatever is added), or wrong whatever is added."""
    overlaps = shifts.correlations(rule.weights, dist.word.unit, dist.word.step)[which]
    loss = radius * float(np.abs(rule.weights).sum()) / math.sqrt(dist.word.length)
    margins = dist.signal * (-overlaps if wrong else overlaps) - loss
    return float(_h(rule, dist, margins, turned=turned_share(dist.eps(radius)), wrong=wrong).mean())


def _h(rule: Linear, dist: CyclicGaussian, margins: Array, *, turned: float, wrong: bool = False) -> Array:
    """h at margins (unnormalised) and the rule's x_0 weight; ``turned`` mixes in the case that x_0 is turned.

    For the probability of staying ``wrong``, x_0 helps with probability 1 - p.
    """
    p = 1 - dist.p if wrong else dist.p
    b, noise = rule.x0_weight, float(np.linalg.norm(rule.weights))

    def correct(score: Array) -> Array:
        """Pr(y score > 0), averaged over the two labels; ties go to +1 and so are right half the time."""
        return np.asarray(ndtr(score / noise)) if noise else (1 + np.sign(score)) / 2

    untouched = p * correct(margins + b) + (1 - p) * correct(margins - b)
    return untouched if not turned else (1 - turned) * untouched + turned * correct(margins - abs(b))


@lru_cache(maxsize=1024)  # adversarial and joint accuracy of an invariant rule are one number
def _augmented_worst(rule: Augmented, dist: CyclicGaussian, radius: float, *, wrong: bool = False) -> Answer:
    """Pr(right whatever is added), or wrong whatever is added: F is odd, so that is right for the other label."""
    left = -dist.signal if wrong else dist.signal
    attacked = _augmented(rule, dist, left, attack=radius, wrong=wrong)
    if radius == 0 or rule.statistic.attack_is_exact:
        return attacked
    # F cannot fall by more than 2 s a: every z_j falls by at most a, and F(z - a 1) = F(z) - 2 s a.
    certified = _augmented(rule, dist, left, attack=radius, fall=2 * dist.signal * radius, wrong=wrong, log2_points=10)
    return Band(max(0.0, certified.value - certified.error), attacked.value + attacked.error)


def _augmented(
    rule: Augmented,
    dist: CyclicGaussian,
    left: float,
    *,
    attack: float = 0.0,
    fall: float | None = None,
    wrong: bool = False,
    log2_points: int | None = None,
) -> Estimate:
    """Accuracy of g_K on data whose mean is left * y u, attacked with radius ``attack``.

    F grows by 2 s when every z_j grows by 1, so Pr(F + b > 0 | w) = Phi((t rho_bar + (F(w) + b)/(2s)) / sqrt(rho_bar)):
    x_0 and the mean correlation are integrated exactly. With ``fall`` the attack is replaced by lowering F by so much.
    """
    s, rho_bar = dist.signal, dist.word.mean_correlation
    turned = turned_share(dist.eps(attack))
    b, p = rule.log_odds, 1 - dist.p if wrong else dist.p

    def right(score: Array) -> Array:
        if rho_bar:
            return np.asarray(ndtr((left * rho_bar + score / (2 * s)) / math.sqrt(rho_bar)))
        return (1 + np.sign(score)) / 2

    def integrand(w: Array) -> Array:
        f = rule.statistic.attacked(w, attack) if fall is None else rule.statistic.value(w) - fall
        untouched = p * right(f + b) + (1 - p) * right(f - b)
        return untouched if not turned else (1 - turned) * untouched + turned * right(f - b)

    return quadrature.over_perpendicular(dist.word, left, integrand, log2_points=log2_points)
