"""The law of the house: a formula and counting over full vectors, actual moves and actual attacks give one number."""

import itertools

import numpy as np
import pytest

from tests.statistics import assert_frequency
from tests.strategies import quarter_turns
from tradeoff.codes import families, groups
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.exact.accuracy import exact
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import montecarlo
from tradeoff.shared.results import Band, ends

TRIALS = 40_000
RADIUS = 1.0
LAWS = {
    "golay": CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), p=0.7),
    "three shifts, strong signal": CyclicGaussian(cyclic_word("++-+--+++", 3), p=0.6, signal=3.0),
    "short: eps above 1": CyclicGaussian(cyclic_word("++-+", 1), p=0.9),
    "eps = 1 exactly": CyclicGaussian(cyclic_word("+++-----+", 3), p=0.8),
    "p = 1/2": CyclicGaussian(cyclic_word(families.golay_zero(16, 8), 8), p=0.5),
    "no common noise": CyclicGaussian(cyclic_word(families.antiperiodic(16, 4), 4), p=0.5, signal=0.5),
    "weak signal": CyclicGaussian(cyclic_word("++-+-++-+", 3), p=0.5, signal=0.3),
    "eight shifts": CyclicGaussian(cyclic_word(families.golay_quarter(64, 8), 8), p=0.6),
    "rolls of a picture": CyclicGaussian(Word("+++-+---+-++", groups.Rolls((2, 6), (1, 3))), p=0.7),
    "dihedral": CyclicGaussian(Word("++++-+--+-", groups.dihedral(10, 5)), p=0.7, signal=1.5),
    "turns of a picture": CyclicGaussian(Word("++-+++-++++-+--+-+++-+-++", quarter_turns(5)), p=0.7),
}
RULES = {
    "f*": rules.bayes,
    "f*_1": lambda dist: rules.bayes(dist, shift=1),
    "sign(x_0)": rules.sign_x0,
    "constant": rules.constant,
    "orbit average": rules.orbit_average,
    "g_K": rules.augmented,
    "g_J, three": lambda dist: rules.augmented(dist, members=range(min(3, dist.word.shifts))),
    "g_J, two": lambda dist: rules.augmented(dist, members=[0, 1]),
    "g_J without the identity": lambda dist: rules.augmented(dist, members=range(1, dist.word.shifts)),
    "g_K of another signal": lambda dist: rules.augmented(dist, signal=1.0),
    "f_a": lambda dist: rules.robust(dist, scaled_radius=RADIUS),
    "soft threshold": lambda dist: rules.robust_augmented(dist, scaled_radius=RADIUS),
    "any linear rule": lambda dist: rules.Linear(np.cos(np.arange(dist.word.length)), 0.7),
    "any linear rule, x_0 against it": lambda dist: rules.Linear(dist.word.unit, -0.3),
}


def questions(rule, dist):
    return [
        Question("standard", rule),
        Question("spatial", rule),
        Question("spatial", rule, shift=1),
        Question("adversarial", rule, 3.0),
        Question("adversarial", rule, 0.1, "label_blind"),
        Question("adversarial", rule, 0.6, "label_blind"),
        Question("adversarial", rule, 3.0, "label_blind"),
        Question("adversarial", rule, 2 * dist.signal, "mean_shift"),
        Question("joint", rule, RADIUS),
        Question("joint", rule, RADIUS, shift=1),
        Question("joint", rule, RADIUS, "mean_shift"),
        Question("fooling", rule, 0.7),
        Question("fooling", rule, 3.0),
        Question("invariance", rule),
        Question("invariance", rule, shift=1),
    ]


TWIN = pytest.mark.slow(twin="test_sampled_equals_exact_for_every_rule_and_quantity")


def cases():
    """Each law with each rule, by default on one of both paths in turn; costly rules of eight shifts are slow."""
    for (i, law), (j, name), (k, path) in itertools.product(*map(enumerate, (LAWS, RULES, ("vectors", "orbit")))):
        heavy = law == "eight shifts" and name in ("g_K", "g_K of another signal", "g_J without the identity")
        default = not heavy and (i + j + k) % 2 == 0
        yield pytest.param(law, name, path, marks=() if default else TWIN)


@pytest.mark.parametrize(("law", "name", "path"), list(cases()))
def test_sampled_equals_exact_for_every_rule_and_quantity(law, name, path, rng):
    """One binomial test for each quantity (false alarm 1e-6); a value .03 away is refused whenever that passes.

    The exact side's quadrature error, at most 1e-3, is given to the sampled side: the nearer end counts.
    """
    dist = LAWS[law]
    rule = RULES[name](dist)
    asked = questions(rule, dist)
    seen = montecarlo.tally(asked, dist, trials=TRIALS, rng=rng, path=path)
    for question, frequency in zip(asked, seen, strict=True):
        answer = exact(question, dist)
        assert not isinstance(answer, Band), question
        low, high = ends(answer).low, ends(answer).high
        assert high - low < 2e-3, (question, answer)
        value = min(max(frequency.rate, low), high, 1.0)
        assert_frequency(frequency, max(value, 0.0))
        with pytest.raises(AssertionError):
            assert_frequency(frequency, value + 0.03 if value < 0.5 else value - 0.03)
