"""What the word's orbit decides, and what it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import moved_laws
from tradeoff.codes import families, groups
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import ends


@given(moved_laws(), st.integers(0, 99), st.data())
def test_rules_of_the_whole_group_are_invariant(dist, seed, data):
    """f(r_j(x)) = f(x) for the orbit average and g_G, any group."""
    j = data.draw(st.integers(0, dist.word.shifts - 1))
    x0, x, _ = dist.sample(40, np.random.default_rng(seed))
    moved = groups.move(dist.word.group, x, j)
    for rule in (rules.orbit_average(dist), rules.augmented(dist), rules.robust_augmented(dist, scaled_radius=0.4)):
        assert np.mean(rule.predict(x0, moved) == rule.predict(x0, x)) == 1.0


@given(moved_laws(), st.floats(0, 3))
def test_the_word_of_the_orbit_that_generates_does_not_matter(dist, a):
    """Replacing c by r_j(c) renames the elements: spatial accuracy of f* stays."""
    group = dist.word.group
    other = "".join("+" if sign > 0 else "-" for sign in groups.move(group, dist.word.signs, group.order - 1))
    moved = CyclicGaussian(type(dist.word)(other, group), dist.p, dist.signal)
    answers = [accuracy.joint(rules.bayes(law), law, scaled_radius=a) for law in (dist, moved)]
    assert answers[0] == pytest.approx(answers[1], abs=1e-12)


SAME_CORRELATIONS = {
    "four odd patterns": ["++++"] * 4 + ["+++-"] * 12,
    "three even patterns": ["++++"] * 7 + ["++--"] * 6 + ["+-+-"] * 3,
}


@pytest.mark.parametrize("a", [1.0, 1.5, 2.0])
def test_correlations_alone_do_not_determine_adversarial_accuracy(a):
    """Two laws with correlations 1/4: equal on moved data, .02 to .05 apart under attack."""
    dists = [
        CyclicGaussian(cyclic_word(families.from_columns(columns), 16), 0.5) for columns in SAME_CORRELATIONS.values()
    ]
    assert dists[0].word.correlations.tolist() == dists[1].word.correlations.tolist() == [1, 0.25, 0.25, 0.25]
    spatial = [accuracy.spatial(rules.augmented(dist), dist).value for dist in dists]
    assert spatial[0] == pytest.approx(spatial[1], abs=1e-7)
    first, second = (ends(accuracy.adversarial(rules.augmented(dist), dist, scaled_radius=a)) for dist in dists)
    assert second.low - first.high > 0.02


@given(moved_laws(), st.floats(0, 8))
def test_attacks_that_know_more_do_more(dist, a):
    """worst <= label_blind <= standard, and worst <= mean_shift."""
    rule = rules.bayes(dist)
    worst, blind, shift = (
        accuracy.adversarial(rule, dist, scaled_radius=a, attack=attack)
        for attack in ("worst", "label_blind", "mean_shift")
    )
    assert worst <= min(blind, shift) + 1e-12
    assert blind <= accuracy.standard(rule, dist) + 1e-12
