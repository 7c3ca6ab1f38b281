"""The ledger's formulas and the numbers of `tradeoff` are the same functions."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from proofs import corrected, theorem2
from proofs.notation import eta, p, share
from tradeoff import bounds, families
from tradeoff.codes import cyclic_word
from tradeoff.distribution import CyclicGaussian


def rational(value: Fraction) -> sympy.Rational:
    return sympy.Rational(value.numerator, value.denominator)


@given(
    st.fractions(Fraction(1, 2), Fraction(99, 100), max_denominator=100),
    st.fractions(0, 1, max_denominator=100),
    st.integers(1, 12),
)
def test_the_printed_interval_is_the_one_that_is_evaluated(reliability, error, shifts):
    point = {p: rational(reliability), eta: rational(error), share: sympy.Rational(1, shifts)}
    band = bounds.theorem2_formula(CyclicGaussian(cyclic_word("+" * 24 * shifts, 24), float(reliability)), float(error))
    assert band.lower == pytest.approx(float(theorem2.PRINTED_LOWER.subs(point)), abs=1e-13)
    assert band.upper == pytest.approx(float(theorem2.PRINTED_UPPER.subs(point)), abs=1e-11)


@given(st.fractions(Fraction(1, 2), Fraction(99, 100), max_denominator=100), st.fractions(0, 1, max_denominator=100))
def test_the_corrected_interval_is_the_one_that_is_evaluated(reliability, part):
    error = 1 - reliability + part * reliability  # from the least possible eta to 1
    point = {p: rational(reliability), eta: rational(error)}
    dist = CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), float(reliability))
    band = bounds.theorem2_corrected(dist, float(error))
    assert band.lower == pytest.approx(float(corrected.LOWER.subs(point)), abs=1e-13)
    assert band.upper == pytest.approx(float(corrected.UPPER.subs(point)), abs=1e-13)
