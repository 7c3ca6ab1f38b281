"""The best that any rule can do: on clean data, on moved data, under attack, and on moved data under attack.

Every optimum is attained, or bracketed by a rule that can be built and a bound that no rule passes.
"""

from __future__ import annotations

from dataclasses import replace

from scipy.special import ndtr

from tradeoff.exact import accuracy
from tradeoff.exact.normal_probabilities import h
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Answer, Band, ends


def best_standard(dist: CyclicGaussian) -> float:
    """The accuracy of f*, h(s, L/(2s)), which no rule exceeds."""
    return float(h(dist.p, dist.signal, dist.log_odds / (2 * dist.signal)))


def best_adversarial(dist: CyclicGaussian, *, scaled_radius: float) -> float:
    """R*(a): the highest adversarial accuracy of any rule at scaled radius a.

    h(s - a, L/(2(s - a))) for a < s and p from there on; from eps = 1 on x_0 can be taken away, and it is
    Phi(s - a) for a < s and 1/2 from there on. `tradeoff.model.rules.robust` attains it.

    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> round(best_adversarial(law, scaled_radius=1.0), 4), best_adversarial(law, scaled_radius=4.0)
    (0.8613, 0.7)
    """
    left = dist.signal - checks.radius("scaled_radius", scaled_radius)
    if dist.eps(scaled_radius) >= 1:
        return float(ndtr(max(left, 0.0)))
    return dist.p if left <= 0 else best_standard(replace(dist, signal=left))


def best_spatial(dist: CyclicGaussian) -> Answer:
    """B_K: the highest spatial accuracy of any rule, that of g_K; and the highest accuracy on X of an invariant one."""
    return accuracy.spatial(rules.augmented(dist), dist)


def best_joint(dist: CyclicGaussian, *, scaled_radius: float) -> Answer:
    """The highest accuracy Pr(f(r(X) + A) = Y) of any rule on moved data under attack: exact for K = 2, else bracketed.

    From above: the attack may be -a y r_j(u) on the data moved by r_j (it sees what it attacks and the move), which
    leaves signal s - a, so no rule exceeds B_K of that law. From below: the best of three rules that can be built, the
    soft threshold and the Bayes rules of augmented data for signals s and s - a. For K = 2 the soft threshold meets the
    bound: both are h(s_1', L/(2 s_1')) with s_1' = (s - a)_+ sqrt((1 + rho)/2).
    """
    radius = checks.radius("scaled_radius", scaled_radius)
    left = dist.signal - radius
    safe = dist.eps(radius) < 1
    # From eps = 1 on the attack can also make x_0 say nothing: set its sign by a coin, or against the label.
    weakened = dist if safe else replace(dist, p=0.5)
    upper = best_spatial(replace(weakened, signal=left)) if left > 0 else weakened.p
    soft = rules.robust_augmented(dist, scaled_radius=radius)
    built: list[rules.Rule] = [soft]
    if left > 0 and dist.word.shifts > 2:
        built += [rules.augmented(weakened, signal=s) for s in {dist.signal, left}]
    reached = max((accuracy.joint(rule, dist, scaled_radius=radius) for rule in built), key=lambda one: ends(one).low)
    low, high = ends(reached).low, ends(upper).high
    if isinstance(reached, float) and high - low < 1e-12:
        return reached
    return upper if radius == 0 else Band(low, high)
