"""Attacks in the l_2 ball of radius e on (x_0, x): closed forms for linear rules, and the best that any rule can do.

The mean vector has length s whatever the number of coordinates, so e is the radius itself, with no sqrt(d). Turning
x_0 costs 1 of it and leaves sqrt(e^2 - 1); below e = 1 it cannot be turned, and everything is as in the l_inf ball of
scaled radius a = e, with |w|_2 in place of |w|_1/sqrt(d).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.bounds import optima
from tradeoff.exact.normal_probabilities import h
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.linear_scores import in_units_of_noise, projection
from tradeoff.model.rules import Constant, Linear, Rule, label, sign_x0
from tradeoff.shared import checks
from tradeoff.shared.results import Band

Array = NDArray[np.float64]


def adversarial(rule: Rule, dist: CyclicGaussian, *, radius: float) -> float:
    """inf over attacks A that see the label, |A|_2 <= e, of Pr(f(X + A) = Y), for linear rules and constants.

    Raises
    ------
    InputError
        For any other rule: no closed form is known.

    Examples
    --------
    >>> from tradeoff.model import rules
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word("++-+", 1), p=0.5)
    >>> round(adversarial(rules.bayes(law), law, radius=0.5), 6)  # Phi(s - e)
    0.933193
    """
    e = checks.radius("radius", radius)
    if isinstance(rule, Constant):
        return 0.5
    if not isinstance(rule, Linear):
        raise checks.InputError(
            f"a rule of type {type(rule).__name__} has no closed form under l_2 attacks; use a linear one"
        )
    seen = projection(rule, dist)
    noise, mean = seen.noise, dist.signal * float(seen.overlaps[0])
    total = 0.0
    for agrees, probability in ((1, dist.p), (-1, 1 - dist.p)):
        kept = agrees * seen.b - e * noise
        # At e = 1 exactly x_0 = -1 reaches 0, which counts as +, and x_0 = 1 does not turn: one label of two.
        turns = [False, True] if e == 1 else [e > 1]
        for turned in turns:
            least = min(kept, -agrees * seen.b - _left(e) * noise) if turned else kept
            total += probability / len(turns) * _positive(mean + least, noise)
    return total


def attack(rule: Linear, x0: Array, x: Array, y: Array, radius: float) -> tuple[Array, Array]:
    """The attacked (x_0, x) within l_2 distance e: the worst case for the label y, up to a part in 10^9 of the radius.

    Raises
    ------
    InputError
        At radius 1 exactly, where the worst case is a limit for one label and reached for the other.
    """
    e = checks.radius("radius", radius)
    if e == 1:
        raise checks.InputError("radius=1 just reaches x_0 = 0, for one label of two; use a radius on either side of 1")
    direction, b, noise = in_units_of_noise(rule)
    helps = y * b * label(x0)  # what x_0 gives to the label
    turn = (e > 1) & (-helps - _left(e) * noise < helps - e * noise)
    spent = 1 + min(1e-9, (e - 1) / 2)  # a little beyond 0, as 0 counts as +
    moved_x0 = np.where(turn, x0 - np.sign(x0) * spent, x0)
    rest = math.sqrt(max(e * e - spent * spent, 0.0))
    return moved_x0, x - (y * np.where(turn, rest, e))[:, None] * direction


def robust(dist: CyclicGaussian, *, radius: float) -> Linear:
    """The rule with the highest accuracy under l_2 attacks of radius e < 1: f_a of the l_inf ball with a = e.

    The attack -e y u leaves a law of signal s - e, whose Bayes rule this is, and no attack does more to it.
    """
    radius = checks.radius("radius", radius)
    if radius >= 1:
        raise checks.InputError(
            f"radius={radius:g} can turn x_0, and no optimal rule is known; use a radius below 1, or best_adversarial"
        )
    left = dist.signal - radius
    return Linear(dist.word.unit, dist.log_odds / (2 * left)) if left > 0 else sign_x0(dist)


def best_adversarial(dist: CyclicGaussian, *, radius: float) -> float | Band:
    """The highest accuracy of any rule under l_2 attacks of radius e: R* = h(s', L/(2s')), s' = (s - e)_+, for e < 1.

    From e = 1 on a bracket: from above the attacks -e y u, and x_0 made to say nothing at the price of 1; from below
    the linear rule in u whose weight on sign(x_0) is small enough for turning it not to pay.
    """
    e = checks.radius("radius", radius)
    left = dist.signal - e
    best = dist.p if left <= 0 else optima.best_standard(replace(dist, signal=left))
    if e < 1:
        return best
    upper = min(best, float(ndtr(max(dist.signal - _left(e), 0.0))))
    not_worth_turning = (e - _left(e)) / 2
    b = not_worth_turning if left <= 0 else min(not_worth_turning, dist.log_odds / (2 * left))
    return Band(max(0.5, float(h(dist.p, left, b))), upper)


def _left(e: float) -> float:
    """What is left of the radius when x_0 has been turned."""
    return math.sqrt(max(e * e - 1, 0.0))


def _positive(score: float, noise: float) -> float:
    return float(ndtr(score)) if noise else (1 + float(np.sign(score))) / 2
