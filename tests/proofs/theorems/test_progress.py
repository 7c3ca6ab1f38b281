"""The counterexample and the theorem about the first step of augmentation, against the numbers of `tradeoff`."""

import numpy as np
import pytest
from hypothesis import assume, find, given
from hypothesis import strategies as st

from proofs.theorems.progress import WORD
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian


def step(law, member):
    """Spatial accuracy of the rule of J = {0, member} less that of f*."""
    return accuracy.spatial(rules.augmented(law, members=[0, member]), law) - accuracy.spatial(rules.bayes(law), law)


def test_the_word_loses_by_augmentation():
    law = CyclicGaussian(cyclic_word(WORD, 8), p=0.5, signal=4.0)
    assert step(law, 1) == pytest.approx(-0.07284, abs=1e-5)


@st.composite
def columns(draw):
    """Columns of 2, 3, 4, 5 or 8 letters, some of them constant."""
    shifts = draw(st.sampled_from([2, 3, 4, 5, 8]))
    free = draw(st.lists(st.text("+-", min_size=shifts, max_size=shifts), min_size=1, max_size=8))
    return [*free, *["+" * shifts] * draw(st.integers(0, 8))]


@pytest.mark.parametrize("length", [2, 3, 4, 5, 8])
def test_columns_of_all_lengths_are_drawn(length):
    assert find(columns(), lambda drawn: len(drawn[0]) == length)


@given(columns=columns(), signal=st.floats(0.25, 6.0), data=st.data())
def test_no_word_without_negative_sums_of_correlations_loses(columns, signal, data):
    """rho_j + rho_(j-i) >= 0 for all j, though some rho_j may be negative."""
    text, shifts = families.from_columns(columns), len(columns[0])
    member = data.draw(st.integers(1, shifts - 1))
    law = CyclicGaussian(cyclic_word(text, len(text) // shifts), p=0.5, signal=signal)
    correlations = law.word.correlations
    assume(correlations[member] > -1)
    assume((correlations + np.roll(correlations, member) >= 0).all())
    assert step(law, member) >= -1e-12
