import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import words
from tradeoff.codes import groups


def test_the_paper_moves_the_first_coordinates_to_the_end():
    """r_j(x) = (x_{mj+1}, ..., x_d, x_1, ..., x_{mj}), Section 3; m = 2, j = 2."""
    assert groups.shift(np.arange(1, 9), step=2, j=2).tolist() == [5, 6, 7, 8, 1, 2, 3, 4]


@given(words(), st.integers(0, 9), st.integers(0, 9))
def test_two_shifts_compose_to_one(word, i, j):
    """r_i(r_j(x)) = r_{i+j}(x)."""
    x = np.arange(word.length)
    twice = groups.shift(groups.shift(x, word.group.steps[0], i), word.group.steps[0], j)
    assert np.array_equal(twice, groups.shift(x, word.group.steps[0], i + j))


@given(words())
def test_a_shift_by_the_length_changes_nothing(word):
    x = np.arange(word.length)
    assert np.array_equal(groups.shift(x, word.group.steps[0], word.shifts), x)


@given(words(most_shifts=12))
def test_autocorrelation_is_the_sum_of_products(word):
    signs = word.signs.astype(int)
    naive = [int(signs @ np.roll(signs, -k)) for k in range(word.length)]
    assert groups.autocorrelation(word.signs).tolist() == naive


@given(words(most_shifts=12))
def test_autocorrelation_is_the_length_modulo_4(word):
    """A(k) = d mod 4: two coordinates change sign together."""
    assert not ((groups.autocorrelation(word.signs) - word.length) % 4).any()


def test_autocorrelation_stays_exact_at_a_million_coordinates(rng):
    signs = rng.choice(np.array([-1, 1], dtype=np.int8), size=1 << 20)
    found = groups.autocorrelation(signs)
    for lag in (0, 1, 12_345, 1 << 19):
        assert found[lag] == np.sum(signs * np.roll(signs, -lag), dtype=np.int64)


def test_lost_digits_are_noticed():
    """Letters that are not +-1 break the congruence; no answer is better than a wrong one."""
    with pytest.raises(ArithmeticError, match="lost in rounding"):
        groups.autocorrelation(np.array([1, 1, 2, 1]))
