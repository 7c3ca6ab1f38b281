"""The counterexample and the theorem about the first step of augmentation, against the numbers of `tradeoff`."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from proofs.proof_progress import WORD
from tradeoff import accuracy, families, rules
from tradeoff.codes import cyclic_word
from tradeoff.distribution import CyclicGaussian


def step(law, member):
    """Spatial accuracy of the rule of J = {0, member} less that of f*."""
    return accuracy.spatial(rules.augmented(law, members=[0, member]), law) - accuracy.spatial(rules.bayes(law), law)


def test_the_word_loses_by_augmentation():
    law = CyclicGaussian(cyclic_word(WORD, 8), p=0.5, signal=4.0)
    assert step(law, 1) == pytest.approx(-0.07284, abs=1e-5)


@given(
    columns=st.lists(st.sampled_from(["++++", "+++-", "++--", "+-+-"]), min_size=1, max_size=8),
    constant=st.integers(0, 8),
    signal=st.floats(0.25, 6.0),
    member=st.integers(1, 3),
)
def test_no_word_without_negative_sums_of_correlations_loses(columns, constant, signal, member):
    """rho_j + rho_(j-i) >= 0 for all j, though some rho_j may be negative."""
    text = families.from_columns([*columns, *["++++"] * constant])
    law = CyclicGaussian(cyclic_word(text, len(text) // 4), p=0.5, signal=signal)
    correlations = law.word.correlations
    assume(correlations[member] > -1)
    assume((correlations + np.roll(correlations, member) >= 0).all())
    assert step(law, member) >= -1e-12
