import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import moved_words, quarter_turns
from tradeoff.codes import groups
from tradeoff.codes.word import Word
from tradeoff.shared import checks


@given(moved_words(), st.data())
def test_a_quotient_undoes_one_element_and_does_another(word, data):
    """r_j(r_q(x)) = r_k(x) for q the index of r_j^-1 r_k."""
    group, x = word.group, np.arange(word.length)
    j, k = (data.draw(st.integers(0, group.order - 1)) for _ in range(2))
    q = int(group.quotient(np.array(j), np.array(k)))
    assert np.array_equal(groups.move(group, groups.move(group, x, q), j), groups.move(group, x, k))


@given(moved_words())
def test_element_0_is_the_identity(word):
    x = np.arange(word.length)
    assert np.array_equal(groups.move(word.group, x, 0), x)


@given(moved_words())
def test_the_orbit_holds_every_move(word):
    x = np.arange(word.length)
    rows = [groups.move(word.group, x, j) for j in range(word.group.order)]
    assert np.array_equal(groups.orbit(word.group, x), rows)


@given(moved_words())
def test_agreements_are_sums_of_products(word):
    moved = groups.orbit(word.group, word.signs.astype(int))
    assert word.group.agreements(word.signs).tolist() == (moved @ word.signs.astype(int)).tolist()


@given(moved_words())
def test_agreements_are_the_length_modulo_4(word):
    """<c, r(c)> = d mod 4 for every permutation r: the product of all c_t c_{r(t)} is 1."""
    assert not ((word.group.agreements(word.signs) - word.length) % 4).any()


@given(moved_words())
def test_an_element_and_its_inverse_agree_alike(word):
    """rho_{-j} = rho_j."""
    everything = np.arange(word.shifts)
    inverse = word.group.quotient(everything, np.zeros(word.shifts, dtype=int))
    assert word.correlations.tolist() == word.correlations[inverse].tolist()


@given(moved_words())
def test_the_gram_matrix_comes_from_the_correlations(word):
    """<r_j(u), r_k(u)> = rho of r_j^-1 r_k."""
    everything = range(word.shifts)
    assert np.abs(word.gram(everything, everything) - word.orbit @ word.orbit.T).max() < 1e-12


@given(moved_words())
def test_the_mean_of_the_orbit_has_squared_length_rho_bar(word):
    assert np.abs(word.mean - word.orbit.mean(axis=0)).max() < 1e-12
    assert word.mean @ word.mean == pytest.approx(word.mean_correlation, abs=1e-12)


@given(moved_words())
def test_the_orbit_has_as_many_words_as_it_says(word):
    assert word.different == len(np.unique(word.orbit, axis=0))


def test_one_axis_is_the_papers_shift():
    x = np.arange(12)
    assert all(np.array_equal(groups.move(groups.cyclic(12, 3), x, j), groups.shift(x, 3, j)) for j in range(4))


def test_two_rolls_translate_an_image_along_both_axes():
    """t = column * rows + row: element columns * rows + row rolls the picture left and up by so much."""
    picture = np.arange(12).reshape(3, 4).T  # 4 rows, 3 columns, written column after column
    group = groups.two_rolls(12, 4)
    for column, row in ((0, 1), (2, 0), (1, 3)):
        moved = groups.move(group, np.arange(12), column * 4 + row).reshape(3, 4).T
        assert np.array_equal(moved, np.roll(picture, (-row, -column), axis=(0, 1)))
    assert np.array_equal(groups.move(group, np.arange(12), 4), groups.shift(np.arange(12), 4))


def test_the_dihedral_group_holds_shifts_and_reversals():
    group = groups.dihedral(6, 2)
    assert group.order == 6
    assert groups.move(group, np.arange(6), 1).tolist() == [2, 3, 4, 5, 0, 1]
    assert groups.move(group, np.arange(6), 3).tolist() == [5, 4, 3, 2, 1, 0]


def test_turns_of_a_picture_are_what_rot90_does():
    picture = np.random.default_rng(0).normal(size=(5, 5))
    group = quarter_turns(5)
    for j in range(4):
        assert np.array_equal(groups.move(group, picture.reshape(-1), j).reshape(5, 5), np.rot90(picture, j))


def test_rows_are_moved_one_by_one(rng):
    x, j, group = rng.normal(size=(5, 12)), np.array([0, 3, 1, 2, 3]), groups.cyclic(12, 3)
    expected = [groups.move(group, row, k) for row, k in zip(x, j, strict=True)]
    assert np.array_equal(groups.move_rows(group, x, j), expected)


@pytest.mark.parametrize("group", [groups.cyclic(4096, 4), groups.Rolls((64, 64), (2, 1))])
def test_overlaps_by_transform_equal_those_by_the_orbit(rng, group):
    assert group.length * group.order > groups.SMALL  # where the orbit is not built
    weights, x = rng.normal(size=group.length), rng.normal(size=group.length)
    direct = [weights @ groups.move(group, x, j) for j in range(group.order)]
    assert np.abs(group.overlaps(weights, x) - direct).max() < 1e-9


def test_lists_and_whole_floats_make_the_same_group():
    assert groups.Rolls([8.0], [2]) == groups.cyclic(8, 2.0)


def test_equal_groups_are_equal_values():
    assert groups.dihedral(8, 2) == groups.dihedral(8, 2)
    assert hash(groups.cyclic(8, 2)) == hash(groups.Rolls((8,), (2,)))
    assert groups.cyclic(8, 2) != groups.cyclic(8, 4)


SWAP, TURN = [1, 0, 2], [1, 2, 0]
REFUSED = [
    (lambda: groups.permutations(np.array([[0, 1, 2], SWAP, TURN])), "not closed"),
    (lambda: groups.permutations(np.array([[0, 1, 2], [0, 0, 2]])), "no permutation"),
    (lambda: groups.permutations(np.array([SWAP, [0, 1, 2]])), "row 0 is not the identity"),
    (lambda: groups.permutations(np.array([[0, 1, 2], [0, 1, 2]])), "2 rows and only 1 different"),
    (lambda: groups.permutations(np.array([0, 1, 2])), "one row of"),
    (lambda: groups.permutations([[0, 1], [1.9, 0.2]]), "whole numbers"),
    (lambda: groups.permutations([[0, 1], [1]]), "one row of"),
    (lambda: groups.cyclic(12, 1.5), "step=1.5 is not a whole number"),
    (lambda: groups.cyclic(None, 1), "length=None is not a whole number"),
    (lambda: groups.two_rolls(12, 5), "step=5 does not divide"),
    (lambda: groups.cyclic(7, 3), "step=3 does not divide the word length 7"),
    (lambda: groups.Rolls((6, 4), (2,)), "one number for each axis"),
    (lambda: groups.dihedral(2, 1), "its reversal is a shift"),
    (lambda: groups.dihedral(1 << 16, 1), "would fill 68.7 GB; use a larger step"),
    (lambda: Word("+-+", groups.cyclic(4, 2)), "word has 3 letters and the group moves 4"),
    (lambda: groups.index(groups.cyclic(8, 2), 4), "shift=4 names no element of a group of 4; use -3 to 3"),
    (lambda: groups.index(groups.dihedral(8, 2), -1), "shift=-1 names no element"),
    (lambda: groups.index(groups.cyclic(8, 2), 1.5), "not a whole number"),
]


@pytest.mark.parametrize(("make", "part"), REFUSED)
def test_what_is_no_group_or_element_is_refused(make, part):
    with pytest.raises(checks.InputError, match=part):
        make()


def test_minus_one_is_the_shift_the_other_way_round():
    assert groups.index(groups.cyclic(8, 2), -1) == 3
