import numpy as np
import pytest

from tests.strategies import quarter_turns
from tradeoff.codes import families, groups, search
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.sampled import orbit_noise
from tradeoff.shared import checks

TRANSFORMED = {
    "all shifts": cyclic_word(families.legendre(397, 1), 1),
    "every third": cyclic_word(search.search(1200, 3), 3),
    "two axes": Word(search.search(480, 1), groups.two_rolls(480, 20)),
}
FACTORED = {
    "four shifts": cyclic_word(families.golay_quarter(64, 16), 16),
    "repeating": cyclic_word("++-" * 5, 1),
    "dihedral": Word("++-+---+-+", groups.dihedral(10, 1)),
    "turns": Word("++-+--+--", quarter_turns(3)),
}


def covariance(word):
    """The exact covariance of the noise: that of the map applied to each unit vector."""
    made = orbit_noise.orbit_noise(word)
    columns = np.concatenate(
        [made.of(part) for part in np.array_split(np.eye(word.shifts), max(1, word.shifts // 64), axis=1)], axis=1
    )
    return columns @ columns.T


@pytest.mark.parametrize("name", TRANSFORMED)
def test_many_rolls_are_transformed_and_have_the_gram_matrix_as_covariance(name):
    word = TRANSFORMED[name]
    assert orbit_noise.orbit_noise(word).factor is None
    everything = range(word.shifts)
    assert np.abs(covariance(word) - word.gram(everything, everything)).max() < 1e-9


@pytest.mark.parametrize("name", FACTORED)
def test_small_groups_are_factored_and_have_the_gram_matrix_as_covariance(name):
    word = FACTORED[name]
    assert orbit_noise.orbit_noise(word).spectrum is None
    everything = range(word.shifts)
    assert np.abs(covariance(word) - word.gram(everything, everything)).max() < 1e-9


def test_a_large_group_without_transforms_is_refused_in_advance(monkeypatch):
    monkeypatch.setattr(orbit_noise, "MOST_ELEMENTS", 63)
    with pytest.raises(checks.InputError, match="order=64 is more than can be done here; use at most 63"):
        orbit_noise.orbit_noise(Word(search.search(64, 1), groups.dihedral(64, 2)))
