"""Where the two monotone claims hold: reference radii of theory.md C.2 and C.3, and verdicts that can go either way."""

import pytest

from tradeoff.bounds import frontier
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.shared.results import Band, Estimate
from tradeoff.simulation import directions
from tradeoff.simulation.directions import trend


def law(shifts, p, family="golay_quarter"):
    return CyclicGaussian(cyclic_word(getattr(families, family)(16 * shifts, 16), 16), p)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([0.9, 0.8, 0.7], "falls"),
        ([0.7, 0.7, 0.7], "constant"),
        ([0.7, 0.8, 0.75], "rises, then falls"),
        ([0.8, 0.7, 0.75], "falls, then rises"),
        ([0.8, 0.7, 0.75, 0.7], "changes"),
        ([0.9, Estimate(0.85, 0.01), Estimate(0.80, 0.01)], "falls"),
        ([0.9, Estimate(0.85, 0.06), 0.8], "falls"),
        ([Band(0.5, 0.6), Band(0.55, 0.7)], "undecided"),
        ([0.9, 0.7, Estimate(0.7, 0.01)], "falls"),
        ([0.9], "has nothing to compare"),
        ([], "has nothing to compare"),
    ],
)
def test_trends(answers, expected):
    assert trend(answers) == expected


@pytest.mark.parametrize(
    ("family", "p", "expected"),
    [
        ("golay_quarter", 0.6, 1.975),
        ("golay_quarter", 0.7, 1.898),
        ("golay_quarter", 0.8, 1.762),
        ("golay_quarter", 0.95, 1.308),
        ("golay_quarter", 0.99, 0.888),
        ("golay_zero", 0.6, 1.972),
        ("golay_zero", 0.9, 1.481),
        ("golay_zero", 0.99, 0.823),
    ],
)
def test_half_turns_stop_costing_robustness_at_the_reference_radius(family, p, expected):
    assert directions.turning_radius(law(2, p, family)) == pytest.approx(expected, abs=6e-4)


def test_quarter_turns_never_stop_at_moderate_p():
    assert directions.turning_radius(law(4, 0.7)) is None


@pytest.mark.parametrize(
    ("shifts", "p", "start", "best", "at", "below"),
    [
        (2, 0.6, 0.8377, 0.8402, 1.297, 1.577),
        (2, 0.9, 0.9018, 0.9324, 1.216, 1.713),
        (4, 0.7, 0.7828, 0.8014, 1.414, 1.689),
        (4, 0.9, 0.8587, 0.9147, 1.353, None),
    ],
)
def test_the_peak_of_robust_training_is_the_reference_one(shifts, p, start, best, at, below):
    found = directions.peak(law(shifts, p))
    assert (round(found.start, 4), round(found.best, 4)) == (start, best)
    assert found.at == pytest.approx(at, abs=1e-3)
    assert found.below_from is None if below is None else found.below_from == pytest.approx(below, abs=1e-3)


def test_without_a_reliable_bit_robust_training_changes_nothing():
    found = directions.peak(law(4, 0.5))
    assert (found.at, found.best) == (0.0, pytest.approx(found.start, abs=1e-15))
    assert directions.robust_training(law(4, 0.5), [0, 1, 1.9], augmented=False).found == "constant"


def test_direction_1_holds_at_moderate_p_and_not_at_99():
    at_70 = directions.augmentation(law(4, 0.7), [1.0, 2.0])
    assert [one.verdict for one in at_70] == ["holds"] * 3
    at_99 = directions.augmentation(law(4, 0.99), [1.0, 2.0])
    assert [one.verdict for one in at_99] == ["holds", "holds", "does not hold"]
    # theory.md C.2: the whole group against none, .87935 > .86718.
    assert at_99[2].answers[2].value > at_99[2].answers[0]


def test_direction_2_holds_with_augmentation_only():
    built = [0.0, 0.5, 1.0, 1.5]
    assert directions.robust_training(law(2, 0.7), built, augmented=True).verdict == "holds"
    without = directions.robust_training(law(2, 0.7), built, augmented=False)
    assert without.verdict == "does not hold"
    assert "rises, then falls (claimed: falls)" in without.sentence()


def test_demanding_robustness_leaves_less():
    found = frontier.frontier(law(2, 0.7), scaled_radius=1.0, weights=[0, 0.3, 0.6, 0.9, 1], cells=40)
    answer = directions.demanding(found, [0.8, 0.85, 0.86, 0.99])
    assert len(answer.answers) == 3  # no rule has .99
    assert answer.verdict == "holds"


def test_several_changes_of_order_are_all_found():
    """An antiperiodic word of length 4: eps = 1 at a = 2 takes x_0 away, and the order turns back there."""
    spans = directions.order(CyclicGaussian(cyclic_word("+-+-", 1), 0.7))
    assert [span.sign for span in spans] == [-1, 1, -1]
    assert spans[1].start == pytest.approx(1.551, abs=1e-3)
    assert spans[2].start == pytest.approx(2.0, abs=1e-3)
    for span in spans:
        middle = (span.start + span.end) / 2
        here = CyclicGaussian(cyclic_word("+-+-", 1), 0.7)
        plain, augmented = rules.bayes(here), rules.augmented(here)
        difference = accuracy.adversarial(augmented, here, scaled_radius=middle) - accuracy.adversarial(
            plain, here, scaled_radius=middle
        )
        assert difference * span.sign > 0


@pytest.mark.parametrize("word", ["+", "++++"])
def test_where_nothing_moves_no_order_is_claimed(word):
    here = CyclicGaussian(cyclic_word(word, 1), 0.7)
    assert directions.order(here) == []
    assert directions.turning_radius(here) is None
    assert "no difference from f* is seen" in directions.report(here, [1.0], radius=1.0)


def test_differences_within_the_errors_are_not_a_change_of_order():
    """At signal 12 both accuracies are 1 within 1e-12 at small radii; the first difference is seen later."""
    spans = directions.order(CyclicGaussian(cyclic_word(families.golay_quarter(64, 16), 16), 0.7, 12.0))
    assert spans[0].sign == -1
    assert spans[0].end > 10


def test_nothing_to_compare_is_vacuous():
    here = CyclicGaussian(cyclic_word("+", 1), 0.7)
    found = directions.augmentation(here, [1.0])
    assert {one.verdict for one in found} == {"vacuous"}
    assert directions.robust_training(here, [], augmented=False).verdict == "vacuous"


def test_the_peak_says_how_far_it_looked():
    """Length 2, s = 2: eps = 1 at sqrt(2), beyond which another rule is the most robust one."""
    assert directions.peak(CyclicGaussian(cyclic_word("+-", 1), 0.7)).looked_up_to == pytest.approx(2**0.5)


def test_small_steps_are_written_out():
    built = [0.0, 0.0125, 0.025]
    found = directions.robust_training(CyclicGaussian(cyclic_word("+++-" * 4, 4), 0.7, 0.1), built, augmented=False)
    numbers = [part.split()[-1] for part in found.sentence().split(": ")[1].split(", ")]
    assert len(set(numbers)) == 3


def test_the_report_says_both_directions():
    text = directions.report(law(4, 0.7), [1.0], radius=1.0)
    assert "does not hold: spatial accuracy rises, then falls (claimed: falls)" in text
    assert "rises from 0.7828 to 0.8014 at b = 1.414; it is below its start from b = 1.688 on" in text
    assert "adversarial accuracy is below that of f* up to a = 4 (looked at up to 2s = 4)" in text
    assert "holds: spatial accuracy falls, the best of all rules at a = 1: Adv >= 0.710" in text
