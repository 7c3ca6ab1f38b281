r"""Linear rules with uneven weights on coordinates that show one pattern, the sparse ones among them; when they help.

Averaging the weights of a rule over the coordinates of one pattern (with the pattern's signs) changes no
<w, r_j(u)>, does not lengthen |w|_1 and does not lengthen |w|_2. Let the averaged rule have length 1, x_v sqrt(d) the
weights per pattern v of frequency f_v, sum_v f_v x_v^2 = 1, and let the rule before averaging have one sign per pattern
(another only adds to the attack's reach) and length 1/kappa. Its score has the averaged rule's mean, attacked or moved,
and the averaged rule's noise plus an independent one of variance 1/kappa^2 - 1: in units of the noise all means are
multiplied by kappa. With d f_v coordinates per pattern kappa takes every value from

    kappa_min(x) = (d sum_v f_v^2 x_v^2)^(-1/2)  (one coordinate carries all of its pattern)  to  1  (even weights),

so the frontier of linear rules depends on d where uneven weights help. They do not help for the most of
lambda Adv + (1 - lambda) Spat (or Joint)

* where all means are nonnegative: Phi(kappa m + b) grows with kappa (a <= s for all rules between g_2 and f*);
* wherever the attack leaves x_0 alone, eps < 1: as the labels are balanced, noise C in the score, symmetric about 0,
  does what a coin between the weights b + C and b - C on sign(x_0) does, E [p Phi(m + b + C) + (1 - p) Phi(m - b - C)].
  So every linear rule is as accurate, in both respects, as a coin between even ones, and one of these is as good.

They help where some mean is negative, as it is under an attack of a > s, and x_0 cannot serve as that coin: for
eps > 1, or when rules that do not read x_0 are compared. For K = 2 and p = 1/2 let k^2 = (1 + rho)/2 be the share of
agreeing coordinates, P the even rule on them, r = s/(a - s), gain = Spat - 1/2, loss = 1/2 - Adv,
G_b(m) = (Phi(b + m) - Phi(b - m))/2 and G = G_0. Weights against the word lose more for the same gain, or gain nothing;
let there be none, and nu = |w|_1/(sqrt(d) |w|_2). Then gain <= G_b(s nu), with equality if w is 0 on the differing
coordinates, which takes 1/sqrt(d) <= nu <= k. No rule gains more than g_2, G(s k).

* eps > 1: loss >= G((a - s) nu), so b = 0 is best, and nu <= k since beyond it g_2 gains more and loses less. This is
  gain = G(r G^-1(loss)), concave for r > 1 (a < 2s): uneven rules beat coins between g_2 and a constant. For r = 1 it
  is the segment, for r < 1 convex, and coins win.
* eps < 1: loss = G_b((a - s) nu). Uneven rules on agreeing coordinates are odd nondecreasing functions of <P, x> and a
  coin. For r > 1 the best of these have sign where |<P, x>| > b and a coin elsewhere, as sinh(s k z)/sinh((a - s) k z)
  grows with z: that is P with the weight b on sign(x_0), and (G_b((a - s) k), G_b(s k)) is concave in b. Weights on
  differing coordinates raise nu beyond k, which pays at small losses and large b.
* r <= 1, any eps: as G_b(m)/G(m) grows with m, G_b(r m)/G_b(m) <= G(r m)/G(m). So at m = (a - s) k no odd nondecreasing
  function of <P, x> has more gain/loss than g_2, and no linear rule has: a >= 2s allows an attack that also flips the
  means of the differing coordinates with probability 1/2, and then they tell nothing of the label, attacked or moved.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.model.law import CyclicGaussian
from tradeoff.model.rules import Linear
from tradeoff.shared import checks

Array = NDArray[np.float64]

ANGLES, DIRECTIONS = 33, 1025
"""Rules between g_2 and f*, and slopes, that are looked at for the coins of `beyond_the_signal`."""
NEAR = np.linspace(-8.0, 8.0, 1025)
"""Weights on sign(x_0) around each mean, where an accuracy changes with them."""


def least_scale(dist: CyclicGaussian, x: Array) -> float:
    """kappa_min: what the most uneven weights leave of the means of x (P,), given sum_v f_v x_v^2 = 1."""
    frequencies = dist.word.patterns.frequencies
    return min(1.0, 1 / math.sqrt(dist.word.length * float(frequencies**2 @ x**2)))


def uneven(dist: CyclicGaussian, x: Array, b: float, *, scale: float = 1.0) -> Linear:
    """The rule with mean weights x (P,) per pattern, one coordinate of each heavier, and b on sign(x_0).

    Its means are ``scale`` = kappa times those of the even rule, from `least_scale` to 1 (even), b for noise 1. With a
    share theta of every pattern's weight on its first coordinate 1/kappa^2 = 1 + theta^2 (1/kappa_min^2 - 1).

    Raises
    ------
    InputError
        For another ``scale``.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.codes.word import cyclic_word
    >>> from tradeoff.exact import accuracy
    >>> law = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)
    >>> agreeing = np.sqrt(2) * (law.word.patterns.signs[:, 1] > 0)
    >>> for scale in (1.0, 0.5, least_scale(law, agreeing)):  # Phi(-kappa k), Phi(2 kappa k), k^2 = 1/2
    ...     rule = uneven(law, agreeing, 0.0, scale=scale)
    ...     round(accuracy.adversarial(rule, law, scaled_radius=3.0), 4), round(accuracy.spatial(rule, law), 4)
    (0.2398, 0.9214)
    (0.3618, 0.7602)
    (0.4503, 0.5987)
    """
    patterns, length, least = dist.word.patterns, dist.word.length, least_scale(dist, x)
    if not least * (1 - 1e-9) <= scale <= 1:
        raise checks.InputError(
            f"scale={scale:g} is not reached by any weights of these means; use one from {least:g} to 1"
        )
    weights = x[patterns.index]
    if scale < 1 and least < 1:
        share = min(1.0, math.sqrt((1 / scale**2 - 1) / (1 / least**2 - 1)))
        _, first = np.unique(patterns.index, return_index=True)
        weights = (1 - share) * weights
        weights[first] += share * length * patterns.frequencies * x
    return Linear(weights * patterns.leading / math.sqrt(length), b / scale)


def beyond_the_signal(dist: CyclicGaussian, count: int, *, radius: float) -> tuple[Array, Array]:
    """`tradeoff.bounds.linear_frontier.curve` for a >= s: ``count`` points from g_2 to a constant rule.

    For s < a < 2s: where the attack leaves x_0 alone, rules cos(t) P + sin(t) Q with a weight b on sign(x_0) from a
    grid of (t, b), and coins between them; where it does not, rules on the agreeing coordinates for all kappa. Else
    the segment.
    """
    s, a, least = dist.signal, radius, 1 / math.sqrt(dist.word.length)
    same, other = (math.sqrt((1 + sign * float(dist.word.correlations[1])) / 2) for sign in (1, -1))
    if s < a < 2 * s and dist.eps(a) >= 1 and same > least and count > 2:
        scale = np.append(np.linspace(same, least, count - 1), 0.0)
        return ndtr((s - a) * scale), ndtr(s * scale)
    adversarial, spatial = (np.array([float(ndtr(mean * same)), 0.5]) for mean in (s - a, s))
    if s < a < 2 * s and dist.eps(a) < 1:
        adversarial, spatial = _coins(s, a, same, other)
    way = np.append(0.0, np.cumsum(np.abs(np.diff(adversarial)) + np.abs(np.diff(spatial))))
    at = np.linspace(0, way[-1], count)
    return np.interp(at, way, adversarial), np.interp(at, way, spatial)


def _coins(s: float, a: float, same: float, other: float) -> tuple[Array, Array]:
    """Corners of the hull of cos(t) P + sin(t) Q with weights b on x_0, by growing adversarial accuracy."""
    angles = np.linspace(0, math.atan2(other, same), ANGLES)[:, None]
    along, across = same * np.cos(angles), other * np.sin(angles)
    means = [(s - a) * (along + across), s * (along + across), s * (along - across)]
    b = np.maximum(np.concatenate([[[0.0]] * ANGLES, *(np.abs(mean) + NEAR for mean in means)], axis=1), 0.0)
    attacked, first, second = (((ndtr(mean + b) + ndtr(mean - b)) / 2).reshape(-1) for mean in means)
    adversarial, spatial = np.append(attacked, 0.5), np.append((first + second) / 2, 0.5)
    slopes = np.linspace(0, math.pi / 2, DIRECTIONS)
    best = {int((math.sin(one) * adversarial + math.cos(one) * spatial).argmax()) for one in slopes}
    corners = np.array(sorted(best, key=lambda i: (adversarial[i], -spatial[i])))
    return adversarial[corners], spatial[corners]
