"""Predicted profiles: the measured shape, and the numbers of independent formulas and reference tables."""

import re

import numpy as np
import pytest
from hypothesis import given

from tests.strategies import laws
from tradeoff.codes import families, groups
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.exact import accuracy, profiles
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared import checks
from tradeoff.shared.results import Band, ends, rate

RADII = (0.0, 1.0, 1.5)


def golay(shifts, p, family="golay_quarter"):
    return CyclicGaussian(cyclic_word(getattr(families, family)(16 * shifts, 16), 16), p)


def test_growing_augmentation_gives_the_reference_table():
    """theory.md C.2, p = 1/2, K = 8, correlations 1/4, moves within |j| <= J: spatial accuracy over all shifts."""
    found = profiles.growing_augmentation(golay(8, 0.5), [0.0])
    spatial = [one.profiles["spatial_accuracy"].rates[-1] for one in found]
    assert spatial == pytest.approx([0.7272, 0.8210, 0.8591, 0.8818, 0.8905], abs=2e-4)


def test_adversarial_profiles_give_the_reference_table():
    """The same table, adversarial accuracy at a = .5 and 1 for J = 0, 1 and the whole group."""
    found = profiles.growing_augmentation(golay(8, 0.5), [0.5, 1.0])
    rates = [found[level].profiles["adversarial_accuracy"].rates for level in (0, 1, 4)]
    expected = np.array([[0.9332, 0.8413], [0.8432, 0.7170], [0.7841, 0.6326]])
    assert np.array(rates) == pytest.approx(expected, abs=2e-4)


def test_invariance_of_f_star_over_half_turns():
    """theory.md C.3 (c): p = 1/2, K = 2, rho = 0: f* keeps its answer on 3/4 of random moves, g_2 on all."""
    none, whole = profiles.growing_augmentation(golay(2, 0.5, "golay_zero"), [0.5, 1.0, 1.5, 2.0, 4.0])
    assert none.profiles["invariance"].rates[-1] == pytest.approx(0.75)
    assert whole.profiles["invariance"].rates == (1.0, 1.0)
    assert np.round(none.profiles["one_minus_fooling"].rates, 4).tolist() == [0.9394, 0.8427, 0.6917, 0.5, 0.0228]
    assert np.round(whole.profiles["one_minus_fooling"].rates, 4).tolist() == [0.8941, 0.7772, 0.6448, 0.5023, 0.0787]


@pytest.mark.parametrize(("augmented", "expected"), [(True, [0.93, 0.9291, 0.9223, 0.8725]), (False, None)])
def test_robust_training_gives_the_reference_row(augmented, expected):
    """theory.md C.3 (b), K = 2, rho = 0, p = .7 with augmentation; without it the closed form of f_b."""
    law, built = golay(2, 0.7, "golay_zero"), (0.0, 0.5, 1.0, 1.5)
    found = profiles.growing_robust_training(law, built, [1.0], augmented=augmented)
    spatial = [one.profiles["spatial_accuracy"].rates[-1] for one in found]
    if expected is None:
        expected = [accuracy.spatial(rules.robust(law, scaled_radius=b), law) for b in built]
        assert spatial == pytest.approx(expected, abs=1e-15)
    else:
        assert np.round(spatial, 4).tolist() == expected
    assert [one.level for one in found] == list(built)


@given(law=laws(least_shifts=2, most_shifts=4))
def test_the_last_range_is_the_whole_group(law):
    """Spat over the range of 180 degrees = Spat over the group, and over no range = Std."""
    one = profiles.predict("f*", rules.bayes(law), law, [0.0])
    assert one.profiles["spatial_accuracy"].rates[-1] == pytest.approx(accuracy.spatial(rules.bayes(law), law))
    assert one.profiles["spatial_accuracy"].rates[0] == pytest.approx(one.standard)


def test_the_joint_surface_meets_both_profiles_at_its_edges():
    """Joint accuracy at radius 0 is spatial accuracy, and over no range adversarial accuracy."""
    law = golay(4, 0.7)
    for one in profiles.growing_augmentation(law, RADII, joint=True):
        assert one.joint[0].rates == pytest.approx(one.profiles["adversarial_accuracy"].rates, abs=1e-4)
        edge = [profile.rates[0] for profile in one.joint]
        assert edge == pytest.approx(one.profiles["spatial_accuracy"].rates, abs=1e-6)


def test_a_bracket_counts_with_what_the_worst_attack_found_reaches():
    law = CyclicGaussian(cyclic_word(families.legendre(31, 1), 1), 0.7)
    rule = rules.augmented(law, members=range(7))
    found = accuracy.fooling(rule, law, scaled_radius=1.0)
    assert isinstance(found, Band)
    answer = profiles._complement(found)
    assert rate(answer) == pytest.approx(1 - found.lower)
    assert ends(answer).low == pytest.approx(1 - found.upper)


def test_predictions_have_the_names_and_shape_of_measurements():
    pytest.importorskip("torch", reason="the measurement room needs torch")
    from empirical.statistics import readings

    one = profiles.predict("f*", rules.bayes(golay(4, 0.7)), golay(4, 0.7), RADII)
    quantities = set(one.profiles) & set(re.split(r"[\s,]+", readings.__doc__))
    assert quantities == {"one_minus_fooling", "adversarial_accuracy", "invariance", "spatial_accuracy"}
    for profile in one.profiles.values():
        assert len(profile.rates) == len(profile.grid) == len(profile.intervals())
    assert one.profiles["invariance"].at(90.0) == one.profiles["invariance"].values[1]


@pytest.mark.parametrize("group", [groups.dihedral(16, 4), groups.two_rolls(16, 4)])
def test_groups_without_ranges_are_refused(group):
    law = CyclicGaussian(Word("+-++" * 4, group), 0.7)
    with pytest.raises(checks.InputError, match="has no ranges: its elements are not the multiples of one turn"):
        profiles.ranges(law)


def test_within_a_range():
    law = golay(8, 0.7)
    assert profiles.ranges(law) == (0.0, 45.0, 90.0, 135.0, 180.0)
    assert profiles.within(law, 90) == [0, 1, 2, 6, 7]
    with pytest.raises(checks.InputError, match=r"range_deg=-1.* not negative"):
        profiles.within(law, -1)
