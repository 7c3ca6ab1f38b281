import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from tradeoff.exact import normal_probabilities

mpmath.mp.dps = 40
ends = st.floats(-6, 6)
correlations = st.floats(-1, 1)


@pytest.mark.parametrize("correlation", [-1.0, -0.999, -0.3, 0.0, 0.5, 0.9999, 1.0])
@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (0.0, 1.3), (0.7, -0.2), (-1.5, -1.1), (2.0, 0.4)])
def test_signs_agree_as_often_as_an_integral_says(first, second, correlation):
    """Pr(both > 0) + Pr(both < 0), by conditioning on the first variable (mpmath)."""
    if abs(correlation) == 1:
        # The second variable is the first, moved and possibly turned: count where both signs agree on a line.
        def agrees(g):
            return (first + g > 0) == (second + correlation * g > 0)

        edges = sorted([-mpmath.inf, -first, -correlation * second, mpmath.inf])
        inside = [(edges[i] + edges[i + 1]) / 2 if i else edges[1] - 1 for i in range(2)] + [edges[2] + 1]
        expected = sum(
            mpmath.ncdf(edges[i + 1]) - mpmath.ncdf(edges[i])
            for i in range(3)
            if edges[i] < edges[i + 1] and agrees(inside[i])
        )
    else:
        width = mpmath.sqrt(1 - mpmath.mpf(correlation) ** 2)

        def density(g):
            above = mpmath.ncdf((second + correlation * g) / width)
            return mpmath.npdf(g) * (above if first + g > 0 else 1 - above)

        # Around each place where a factor of the integrand turns from 0 to 1 the pieces are as narrow as the turn.
        turn = -second / correlation if correlation else 0.0
        places = [-first, *(turn + k * width for k in (-8, -3, 0, 3, 8))]
        pieces = sorted({-12, 12, *(max(-12, min(12, place)) for place in places)})
        with mpmath.workdps(30):
            expected = mpmath.quad(density, pieces)
    assert normal_probabilities.same_sign(first, second, correlation) == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize("correlation", [-0.999, -0.5, 0.0, 0.25, 0.999999])
@pytest.mark.parametrize(("first", "second"), [(0.0, 0.0), (0.3, -1.2), (-2.5, -2.0), (1e-9, 4.0)])
def test_both_are_below_as_often_as_an_integral_says(first, second, correlation):
    """The integral over g < first of phi(g) Phi((second - rho g)/sqrt(1 - rho^2)), mpmath."""
    rho = mpmath.mpf(correlation)
    width = mpmath.sqrt(1 - rho**2)
    turn = second / rho if rho else mpmath.mpf(0)
    places = [turn + k * width for k in (-8, -3, 0, 3, 8)]
    pieces = sorted({-14, first, *(place for place in places if -14 < place < first)})
    with mpmath.workdps(30):
        expected = mpmath.quad(lambda g: mpmath.npdf(g) * mpmath.ncdf((second - rho * g) / width), pieces)
    assert normal_probabilities.both_below(first, second, correlation) == pytest.approx(float(expected), abs=1e-12)


@given(ends, ends, correlations)
def test_the_four_quadrants_add_up_to_one(first, second, rho):
    """Pr over the four sign patterns is 1."""
    total = sum(normal_probabilities.both_below(i * first, j * second, i * j * rho) for i in (1, -1) for j in (1, -1))
    assert total == pytest.approx(1.0, abs=1e-12)


@given(ends, correlations)
def test_an_infinite_end_leaves_one_variable(first, rho):
    assert normal_probabilities.both_below(first, np.inf, rho) == pytest.approx(ndtr(first), abs=1e-15)
    assert normal_probabilities.both_below(first, -np.inf, rho) == pytest.approx(0.0, abs=1e-15)


@given(ends, ends)
def test_a_perfect_correlation_is_one_variable_seen_twice(first, second):
    assert normal_probabilities.both_below(first, second, 1.0) == pytest.approx(ndtr(min(first, second)), abs=1e-15)


@pytest.mark.parametrize(("p", "mu", "b"), [(0.5, 2.0, 0.0), (0.7, 1.0, 0.2), (0.999, -3.0, 3.4)])
def test_h_agrees_with_mpmath(p, mu, b):
    expected = p * mpmath.ncdf(mu + b) + (1 - mpmath.mpf(p)) * mpmath.ncdf(mu - b)
    assert normal_probabilities.h(p, mu, b) == pytest.approx(float(expected), abs=1e-15)
