"""Estimates without counting: x_0 and one common direction integrated out, scrambled Sobol points on the rest.

The value of a smooth integrand at n points errs like 1/n and not like 1/sqrt(n): the same digits as counting a hundred
thousand times as many samples. The error is an estimate, from independent scramblings.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from tradeoff.codes import groups
from tradeoff.exact import augmented_rules
from tradeoff.exact.accuracy import exact
from tradeoff.exact.quadrature import REPLICATES, ROUNDING, Sobol
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.model.rules import Augmented
from tradeoff.sampled.orbit_path import handles
from tradeoff.shared import checks
from tradeoff.shared.results import Answer, Estimate, average, ends

MOST_POINTS = 1 << 24
"""Sobol points of all scramblings: more would fill the memory."""


def estimate(question: Question, dist: CyclicGaussian, *, trials: int, rng: np.random.Generator) -> Estimate:
    """The answer to a question from about ``trials`` points in all, with four standard errors over 16 scramblings.

    A linear rule leaves nothing to sample: its closed form comes back with the error of rounding. Where the worst
    attack is only a search, it is the attack found that is estimated.

    Raises
    ------
    InputError
        For fewer than 16 trials or more than 2^24, or a rule that may see all of x.

    Examples
    --------
    >>> from tradeoff.codes import families
    >>> from tradeoff.model import rules
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), step=16), p=0.7)
    >>> question = Question("spatial", rules.augmented(law))
    >>> found = estimate(question, law, trials=65_536, rng=np.random.default_rng(0))
    >>> abs(found.value - 0.923346) < 1e-4, found.error < 1e-4
    (True, True)
    """
    size = points(trials) // REPLICATES
    if not isinstance(question.rule, Augmented):
        try:
            return Estimate(float(cast(float, exact(question, dist))), ROUNDING)
        except TypeError as error:
            raise checks.InputError(f"{error}; use path='vectors'") from None
    if not handles(question.rule, dist):
        raise checks.InputError("this augmented rule was built for another word or group; use path='vectors'")
    found = _answer(question, question.rule, dist, Sobol(size.bit_length() - 1, int(rng.integers(1 << 63))))
    return found if isinstance(found, Estimate) else Estimate(cast(float, found), ROUNDING)


def points(trials: int) -> int:
    """How many points are used for so many trials: the next lower power of two, 16 at least and 2^24 at most."""
    trials = checks.at_least("trials", trials, REPLICATES, what="the number of points, some for each scrambling")
    checks.at_most("trials", trials, MOST_POINTS)
    return 1 << (trials.bit_length() - 1)


def _answer(question: Question, rule: Augmented, dist: CyclicGaussian, points: Sobol) -> Answer:
    radius, group = question.scaled_radius, dist.word.group
    shift = None if question.shift is None else groups.index(group, question.shift)
    if question.quantity == "invariance":
        chosen = range(group.order) if shift is None else [shift]
        return average([augmented_rules.invariance(rule, dist, j, points) for j in chosen])
    if question.quantity == "fooling":
        right, wrong = (
            ends(augmented_rules.right(rule, dist, radius, shift=0, wrong=wrong, points=points))
            for wrong in (False, True)
        )
        low, high = 1 - right.high - wrong.high, 1 - right.low - wrong.low
        return Estimate((low + high) / 2, (high - low) / 2)
    if question.attack == "label_blind":
        return augmented_rules.label_blind(rule, dist, radius, points)
    return augmented_rules.right(
        rule, dist, radius, question.attack, shift=shift if question.moved else 0, points=points
    )
