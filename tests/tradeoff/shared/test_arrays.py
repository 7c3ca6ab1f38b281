"""Nothing that a frozen value holds is changed by writing into it."""

from dataclasses import fields, is_dataclass
from functools import cached_property

import numpy as np
import pytest

from tradeoff.bounds import least_favourable, min_cut
from tradeoff.bounds.linear_frontier import Problem
from tradeoff.codes import groups, pixels
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.exact import quadrature
from tradeoff.exact.quadrature import Sobol
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.linear_scores import projection
from tradeoff.model.orbit_statistic import OrbitStatistic
from tradeoff.model.rules import Linear
from tradeoff.sampled.orbit_noise import orbit_noise
from tradeoff.shared.arrays import frozen

LAW = CyclicGaussian(cyclic_word("++-+", 2), 0.7)
TABLED = CyclicGaussian(Word("+++-", groups.dihedral(4, 2)), 0.7)
FROZEN = [
    LAW.word,
    TABLED.word,
    TABLED.word.group,
    LAW.word.patterns,
    Linear(np.ones(4), 0.5),
    rules.bayes(LAW),
    rules.bayes(LAW, shift=1),
    rules.augmented(TABLED).statistic,
    projection(Linear(np.ones(4), 0.5), LAW),
    projection(rules.bayes(LAW), LAW),
    Problem.of(LAW, 1.0, 0.5, "spatial"),
    least_favourable.Game.of(LAW, 1.0, 0.5, "joint"),
    least_favourable.bound(LAW, 0.5, scaled_radius=0.0),
    min_cut.Axis(np.zeros(3), 1, 0.5, (0.0, 1.0)),
    quadrature.split(np.array([1.0, 0.0]), np.eye(2)),
    orbit_noise(LAW.word),
    pixels.rolls(2, 2),
]


def arrays(value):
    """Every array that a value holds, or makes and keeps."""
    kept = [name for name, made in vars(type(value)).items() if isinstance(made, cached_property)]
    names = [*(spec.name for spec in fields(value)), *kept]
    return {name: held for name in names if isinstance(held := getattr(value, name), np.ndarray)}


@pytest.mark.parametrize("value", FROZEN, ids=lambda value: type(value).__name__)
def test_arrays_of_frozen_values_are_read_only(value):
    assert is_dataclass(value)
    held = arrays(value)
    assert held
    for name, array in held.items():
        assert not array.flags.writeable, name
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 5


def test_numbers_that_all_answers_share_are_read_only():
    shared = [*quadrature.hermite_grid(24, 1), quadrature.sobol_points(2, 0, Sobol(log2_points=3))]
    assert not any(array.flags.writeable for array in shared)


@pytest.mark.parametrize(
    "build", [lambda own: Linear(own, 0.0).weights, lambda own: OrbitStatistic(own[None], own[:1], 2.0).patterns[0]]
)
def test_what_the_caller_holds_stays_the_callers(build):
    """Neither does the value change with it, nor is it made read-only."""
    for own in (np.ones(4), np.ones(8)[::2], np.broadcast_to(np.ones(1), 4)):
        held = build(own)
        base = own if own.base is None else own.base
        base.setflags(write=True)
        base[...] = 7
        assert held.tolist() == [1.0] * 4


def test_what_nobody_can_change_is_not_copied():
    unit = LAW.word.unit
    assert Linear(unit, 0.0).weights is frozen(unit) is unit
