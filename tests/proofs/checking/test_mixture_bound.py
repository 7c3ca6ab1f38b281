"""The certified bound of the mixture against the quadrature of `tradeoff`, and what it refuses."""

import pytest
from flint import arb, ctx

from proofs.checking.mixture_bound import NotBoundedError, mixture_bound
from tradeoff.bounds import least_favourable
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.model.law import CyclicGaussian

LAW = CyclicGaussian(cyclic_word(families.golay_zero(64, 32), step=32), p=0.5)


def bound(weight, radius, slabs=400, *, correlation=0.0, share=0.5):
    return float(mixture_bound(arb(weight), arb(2), arb(radius), arb(correlation), arb(share), arb(slabs)))


@pytest.mark.parametrize(("weight", "radius"), [(0.5, 1.0), (0.25, 0.5), (0.75, 1.5)])
def test_the_bound_lies_just_above_the_value(weight, radius):
    """Above the quadrature's value of the full shift (less its error), and by less than 0.002."""
    value = least_favourable.bound(LAW, weight, scaled_radius=radius).full
    assert value.interval.low <= bound(weight, radius) <= value.interval.high + 2e-3


@pytest.mark.parametrize(("correlation", "family"), [(0.0, families.golay_zero), (0.25, families.golay_quarter)])
def test_the_bound_by_pairs_lies_above_the_value_for_four_shifts(correlation, family):
    """By at most 0.036: a rule that is told a pair of shifts gains that much; the interval's bound (iii) is higher."""
    law = CyclicGaussian(cyclic_word(family(64, step=16), step=16), p=0.5)
    value = least_favourable.bound(law, 0.5, scaled_radius=1.0).full.interval
    assert value.low <= bound(0.5, 1.0, correlation=correlation, share=0.25) <= value.high + 0.036


def test_narrower_slabs_say_more():
    assert bound(0.5, 1.0, 800) < bound(0.5, 1.0, 400) < bound(0.5, 1.0, 200)
    assert bound(0.5, 1.0, 800) < 0.8584


def test_the_precision_of_others_is_left_alone():
    ctx.prec = 200
    bound(0.5, 1.0, 100)
    assert ctx.prec == 200


@pytest.mark.parametrize(("weight", "radius", "slabs"), [(0.5, 2.0, 100), (1.5, 1.0, 100), (0.5, 1.0, 5000)])
def test_what_the_method_cannot_do_is_refused(weight, radius, slabs):
    with pytest.raises(NotBoundedError):
        bound(weight, radius, slabs)
