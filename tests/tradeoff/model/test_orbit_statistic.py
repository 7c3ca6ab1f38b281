import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import radii, signals, words
from tradeoff.codes import families
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.model.orbit_statistic import OrbitStatistic


def statistic(word: Word, signal: float) -> OrbitStatistic:
    return OrbitStatistic(word.patterns.signs, word.patterns.frequencies, signal)


def points(word: Word, seed: int, n: int = 20) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=2, size=(n, word.shifts))


@given(words(), signals(), st.integers(0, 99))
def test_the_statistic_is_odd(word, signal, seed):
    """F(-z) = -F(z)."""
    found, z = statistic(word, signal), points(word, seed)
    assert found.value(-z) == pytest.approx(-found.value(z), abs=1e-9)


@given(words(), signals(), st.floats(-3, 3), st.integers(0, 99))
def test_a_common_move_of_all_correlations_adds_twice_the_signal(word, signal, t, seed):
    """F(z + t 1) = F(z) + 2 s t: what lets quadrature integrate the mean exactly."""
    found, z = statistic(word, signal), points(word, seed)
    assert found.value(z + t) == pytest.approx(found.value(z) + 2 * signal * t, abs=1e-8)


@given(words(most_shifts=4), signals(), radii(), st.integers(0, 99))
def test_no_attack_inside_the_box_beats_the_best_corner(word, signal, radius, seed):
    """min over e in [-1, 1]^P of F is at a corner: F is monotone along each pattern."""
    found, z = statistic(word, signal), points(word, seed)
    inside = np.random.default_rng(seed + 1).uniform(-1, 1, size=(200, len(found.patterns)))
    lowest = np.min([found.value(z - radius * e @ found.moves) for e in inside], axis=0)
    assert (found.attacked(z, radius) <= lowest + 1e-8).all()


@given(words(most_shifts=4), signals(), radii(), st.integers(0, 99))
def test_the_constant_pattern_moves_down_in_the_worst_case(word, signal, radius, seed):
    """All 2^P corners are no worse than the 2^(P-1) that are searched."""
    found, z = statistic(word, signal), points(word, seed, n=5)
    corners = itertools.product([-1.0, 1.0], repeat=len(found.patterns))
    lowest = np.min([found.value(z - radius * np.array(e) @ found.moves) for e in corners], axis=0)
    assert found.attacked(z, radius) == pytest.approx(lowest, abs=1e-8)


@given(words(most_shifts=4), signals(), radii(), st.integers(0, 99))
def test_the_worst_corner_attains_the_worst_value(word, signal, radius, seed):
    found, z = statistic(word, signal), points(word, seed)
    moved = z - radius * found.worst_corner(z, radius) @ found.moves
    assert found.value(moved) == pytest.approx(found.attacked(z, radius), abs=1e-8)


@given(words(most_shifts=5), signals(), radii(), st.integers(0, 99))
def test_the_search_for_many_patterns_stays_between_certificate_and_truth(word, signal, radius, seed):
    """F - 2 s a <= worst case <= what the fixed-point search finds <= F."""
    found, z = statistic(word, signal), points(word, seed)
    reached = found.value(z - radius * found._descent(z, radius) @ found.moves)
    if found.attack_is_exact:
        assert (found.attacked(z, radius) <= reached + 1e-8).all()
    assert (found.value(z) - 2 * signal * radius <= reached + 1e-8).all()
    assert (reached <= found.value(z) + 1e-8).all()


def test_the_search_finds_the_worst_case_of_the_golay_word():
    found = statistic(cyclic_word(families.golay_quarter(64, 16), 16), 2.0)
    z = np.random.default_rng(0).normal(size=(2000, 4))
    reached = found.value(z - 1.5 * found._descent(z, 1.5) @ found.moves)
    assert reached == pytest.approx(found.attacked(z, 1.5), abs=1e-9)


def test_huge_signals_neither_overflow_nor_lose_the_answer():
    """Far beyond the range of exp the statistic is 2 s times the middle of largest and smallest z."""
    word = cyclic_word("++++--+-", 2)
    found, z = statistic(word, 400.0), points(word, 3)
    corners = np.array([z - 5.0 * corner @ found.moves for corner in found.corners])
    expected = (400.0 * (corners.max(axis=2) + corners.min(axis=2))).min(axis=0)
    assert found.attacked(z, 5.0) == pytest.approx(expected, abs=2 * np.log(4))
    moved = z - 5.0 * found.worst_corner(z, 5.0) @ found.moves
    assert found.value(moved) == pytest.approx(found.attacked(z, 5.0), rel=1e-12)


@given(words(most_shifts=5, most_step=5), signals(), radii(), st.integers(0, 99))
def test_corners_that_are_left_out_are_never_the_worst(word, signal, radius, seed):
    """All 2^P corners written out have no smaller minimum than the undominated ones."""
    found, z = statistic(word, signal), points(word, seed, n=5)
    count = len(found.patterns)
    bits = (np.arange(1 << count)[:, None] >> np.arange(count)) & 1
    offsets = -radius * (1.0 - 2.0 * bits) @ found.moves
    lowest = np.min([found.value(z + offset) for offset in offsets], axis=0)
    assert found.attacked(z, radius) == pytest.approx(lowest, abs=1e-8)


@given(words(most_shifts=4, most_step=5))
def test_the_undominated_corners_are_those_of_the_definition(word):
    """A corner stays if no other one moves every z_j at least as far; written out over all 2^P."""
    found = statistic(word, 2.0)
    count = len(found.patterns)
    reach = np.array(list(itertools.product([-1.0, 1.0], repeat=count))) @ found.moves
    reach = np.unique(reach.round(12), axis=0)
    exceeded = [((reach >= row - 1e-9).all(axis=1) & (reach > row + 1e-9).any(axis=1)).any() for row in reach]
    expected = reach[~np.array(exceeded)]
    assert np.abs(np.unique((found.corners @ found.moves).round(12), axis=0) - expected).max() < 1e-9


def test_eight_shifts_of_the_golay_word_have_895_undominated_corners_of_65536():
    assert len(statistic(cyclic_word(families.golay_quarter(64, 8), 8), 2.0).corners) == 895


def test_a_word_with_too_many_corners_is_searched_not_enumerated():
    assert not statistic(cyclic_word(families.golay_quarter(128, 8), 8), 2.0).attack_is_exact
