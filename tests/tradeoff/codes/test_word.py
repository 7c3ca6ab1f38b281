import math

import numpy as np
import pytest
from hypothesis import given

from tests.strategies import words
from tradeoff.codes.word import cyclic_word
from tradeoff.shared import checks

M_SEQUENCE_15 = "+++-++--+-+----"  # x^4 + x + 1


@given(words(most_shifts=10))
def test_correlations_are_even_in_the_shift(word):
    """rho_{-j} = rho_j."""
    assert np.array_equal(word.correlations[1:], word.correlations[:0:-1])


@given(words(most_shifts=10))
def test_the_pattern_frequencies_give_the_gram_matrix(word):
    """circ(rho) = sum_v f_v v v^T."""
    signs, frequencies = word.patterns.signs, word.patterns.frequencies
    index = np.arange(word.shifts)
    gram = word.correlations[(index[:, None] - index) % word.shifts]
    assert np.abs((signs.T * frequencies) @ signs - gram).max() < 1e-12


@given(words(most_shifts=10))
def test_mean_correlation_is_the_squared_length_of_the_mean(word):
    """rho_bar = |mean_j u_j|^2."""
    assert word.mean_correlation == pytest.approx(np.sum(word.orbit.mean(axis=0) ** 2), abs=1e-12)


@given(words(most_shifts=10))
def test_each_coordinate_finds_its_pattern_again(word):
    patterns = word.patterns
    rebuilt = patterns.signs[patterns.index] * patterns.leading[:, None]
    assert np.array_equal(rebuilt, np.sign(word.orbit).T)


@given(words())
def test_relative_distance_does_not_depend_on_the_generator(word):
    (step,) = word.group.steps
    other = cyclic_word(word.text[step:] + word.text[:step], step)
    assert other.relative_distance == word.relative_distance


def test_every_shift_of_a_maximal_sequence_of_length_15_lies_at_distance_8():
    assert cyclic_word(M_SEQUENCE_15, 1).relative_distance == pytest.approx(8 / 15, abs=1e-15)


def test_a_word_equal_to_its_own_shift_has_distance_0():
    """++- four times, step 3: the orbit has one word, and 'any two codewords' is empty."""
    word = cyclic_word("++-" * 4, 3)
    assert word.relative_distance == 0
    assert word.mean_correlation == 1


def test_without_another_shift_the_distance_is_infinite():
    assert cyclic_word("++-", 3).relative_distance == math.inf


@pytest.mark.parametrize(("text", "step", "part"), [("+*", 1, "+ and - only"), ("+-+", 2, "does not divide")])
def test_bad_words_are_refused(text, step, part):
    with pytest.raises(checks.InputError, match=part.replace("+", r"\+")):
        cyclic_word(text, step)
