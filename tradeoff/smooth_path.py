"""Estimates without counting: x_0 and one common direction integrated out, scrambled Sobol points on the rest.

The value of a smooth integrand at n points errs like 1/n and not like 1/sqrt(n): the same digits as counting a hundred
thousand times as many samples. The error is an estimate, from independent scramblings.
"""

from __future__ import annotations

import math
from typing import cast

import numpy as np

from tradeoff import checks, mixtures
from tradeoff.accuracy import own
from tradeoff.distribution import CyclicGaussian
from tradeoff.quadrature import REPLICATES, ROUNDING, Sobol
from tradeoff.questions import Question
from tradeoff.results import Answer, Band, Estimate, average, ends
from tradeoff.rows import exact
from tradeoff.rules import Augmented

MOST_LOG2_POINTS = 20
"""Sobol points of one scrambling: more would fill the memory."""


def estimate(question: Question, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator) -> Estimate:
    """The answer to a question from about ``trials`` points in all, with four standard errors over 16 scramblings.

    A linear rule leaves nothing to sample: its closed form comes back with the error of rounding. Where the worst
    attack is only a search, it is the attack found that is estimated.

    Errors
    ------
    InputError
        For fewer than 16 trials, or a rule that may see all of x.

    Examples
    --------
    >>> from tradeoff import families, rules
    >>> from tradeoff.codes import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> question = Question("spatial", rules.augmented(law))
    >>> found = estimate(question, law, trials=65_536, rng=np.random.default_rng(0))
    >>> abs(found.value - 0.923346) < 1e-4, found.error < 1e-4
    (True, True)
    """
    checks.at_least("trials", trials, REPLICATES, what="the number of points, some for each scrambling")
    if not isinstance(question.rule, Augmented):
        try:
            return Estimate(float(cast(float, exact(question, dist))), ROUNDING)
        except TypeError as error:
            raise checks.InputError(f"{error}; use path='vectors'") from None
    size = min(MOST_LOG2_POINTS, math.floor(math.log2(trials / REPLICATES)))
    points = Sobol(size, int(rng.integers(1 << 63)))
    found = _answer(question, question.rule, dist, points)
    if isinstance(found, Band):  # the end that the attack found reaches; its error is part of that end
        return Estimate(found.lower if question.quantity == "fooling" else found.upper, 0.0)
    return found if isinstance(found, Estimate) else Estimate(found, ROUNDING)


def _answer(question: Question, rule: Augmented, dist: CyclicGaussian, points: Sobol) -> Answer:
    own(rule, dist)
    radius, shift = question.scaled_radius, question.shift
    if question.quantity == "invariance":
        chosen = range(dist.word.shifts) if shift is None else [shift]
        return average([mixtures.invariance(rule, dist, j, points) for j in chosen])
    if question.quantity == "fooling":
        right, wrong = (
            ends(mixtures.right(rule, dist, radius, shift=0, wrong=wrong, points=points)) for wrong in (False, True)
        )
        low, high = 1 - right.high - wrong.high, 1 - right.low - wrong.low
        exact_attack = rule.statistic.attack_is_exact
        return Estimate((low + high) / 2, (high - low) / 2) if exact_attack else Band(low, high)
    if question.attack == "label_blind":
        return mixtures.label_blind(rule, dist, radius, points)
    return mixtures.right(rule, dist, radius, question.attack, shift=shift if question.moved else 0, points=points)
