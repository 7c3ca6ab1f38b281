from dataclasses import replace

import pytest

from tradeoff.simulation import report
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.rows import Sampling
from tradeoff.simulation.run import answer

SAMPLING = Sampling(seed=0, path="orbit", level=0.99, trials=2000)
OPTIONS = RunOptions(scaled_radius=(0.5, 1.0), trials=2000)


@pytest.fixture(scope="module")
def rows():
    return answer(resolve({}, OPTIONS), OPTIONS)[0]


def altered(rows, method, quantity, **changes):
    return [
        replace(row, **changes) if row.method == method and row.quantity == quantity and row.rule == "bayes" else row
        for row in rows
    ]


def test_an_interval_that_leaves_out_its_value_is_marked_and_counted(rows):
    before = report.Answers(rows, OPTIONS.radii).misses()
    wrong = altered(rows, "montecarlo", "standard", low=0.1, value=0.11, high=0.12)
    answers = report.Answers(wrong, OPTIONS.radii)
    assert answers.misses() == (before[0] + 1, before[1])
    assert "0.1100±.0100*" in report.main_table(answers, 64)
    assert f"{before[0] + 1} of {before[1]} intervals miss" in report.legend(answers, SAMPLING)


def test_one_number_seen_twice_is_counted_once(rows):
    """Adversarial and joint accuracy of the augmented rule are the same counts."""
    augmented = [row for row in rows if row.rule == "augmented"]
    answers = report.Answers(augmented, OPTIONS.radii)
    assert len(answers.sampled) == 6
    assert answers.misses()[1] == 3


def test_a_bracket_cannot_be_missed_and_is_marked(rows):
    bounded = [
        replace(row, method="bound", low=0.0)
        if row.method == "exact" and row.quantity == "joint" and row.rule == "bayes"
        else row
        for row in rows
    ]
    answers = report.Answers(bounded, OPTIONS.radii)
    assert "<=0.4707" in report.main_table(answers, 64)
    assert "<= and >= mark what the worst attack found reaches" in report.legend(answers, SAMPLING)
    assert answers.misses()[1] == report.Answers(rows, OPTIONS.radii).misses()[1] - 2


def test_the_sentence_says_which_way_augmentation_moves_each_accuracy(rows):
    """The direction follows the numbers: with the spatial values swapped the sentence turns round."""
    text = report.aloud(report.Answers(rows, OPTIONS.radii), signal=2.0)
    assert "raises the second to 92.3% and lowers the third to 71.0%" in text
    swapped = altered(rows, "exact", "spatial", value=0.99)
    assert "lowers the second to 92.3%" in report.aloud(report.Answers(swapped, OPTIONS.radii), signal=2.0)


@pytest.mark.parametrize(("difference", "word"), [(0.01, "raises"), (-0.01, "lowers"), (1e-4, "leaves")])
def test_changes_too_small_for_the_sentence_are_not_claimed(difference, word):
    assert report.change(difference) == word


def test_every_radius_has_its_block_with_eps_beside_it(rows):
    table = report.main_table(report.Answers(rows, OPTIONS.radii), 64)
    assert "a = 0.5, eps = a/sqrt(64) = 0.0625" in table
    assert table.count("robust, built for this a") == 2
