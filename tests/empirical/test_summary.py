"""Records with a known effect in, sentences out; the figure shows the same numbers."""

from dataclasses import replace

import pytest

from empirical import compare, figures, summary
from empirical.data import DATASETS
from empirical.experiments import digits as experiment
from empirical.records import Record
from tradeoff import checks

SCALE = replace(experiment.SCALES["small"], seeds=5, group_networks=("p4_cnn_flat",))
TRIALS = 1000


@pytest.fixture(scope="module")
def tasks():
    return experiment.tasks(DATASETS["digits"](), SCALE, "nowhere")


def fabricated(tasks, *, drop: float) -> tuple[list[Record], dict]:
    """Records in which each step of a direction lowers its rate by ``drop``; seeds scatter by .01."""
    records = []
    for task in tasks:
        config = task.run.training
        level = {0.0: 0, 60.0: 1, 180.0: 2}[config.augment_deg] + {0.0: 0, 0.1: 1, 0.3: 2}[config.eps]
        rate = 0.5 - drop * level + 0.01 * (config.seed % 3)

        def record(quantity: str, grid: float | None, value: float, task=task) -> Record:
            return Record(
                task.run.id, quantity, grid, round(value * TRIALS), TRIALS, task.run.training.seed, "v", "cpu", 1, "c"
            )

        records.append(record("clean_accuracy", None, 0.95))
        for quantity, grid in (("one_minus_fooling", SCALE.eps_grid), ("invariance", SCALE.angle_grid)):
            for value in grid:
                records += [record(quantity, value, rate), record(f"{quantity}_given_correct", value, rate)]
    return records, {task.run.id: task.run for task in tasks}


@pytest.mark.parametrize(
    ("drop", "word", "other"), [(0.1, "SHOWN", "REVERSED"), (-0.1, "REVERSED", "SHOWN"), (0.0, "EQUIVALENT", "SHOWN")]
)
def test_the_opposite_effect_in_the_records_gives_the_opposite_sentences(tasks, drop, word, other):
    text = summary.text(summary.levels(*fabricated(tasks, drop=drop)), enlarged_from="test")
    assert text.count(word) == 6
    assert other not in text


def test_seeds_are_paired(tasks):
    """The scatter of the seeds is common to both levels, so it leaves no width."""
    found = summary.comparisons(summary.levels(*fabricated(tasks, drop=0.1)), "augmentation")
    first = found[0][0]
    assert first.differences == pytest.approx((-0.1,) * 5)
    assert first.interval.high - first.interval.low < 1e-9


def test_a_fall_in_clean_accuracy_leaves_the_direction_undecided(tasks):
    records, configs = fabricated(tasks, drop=0.1)
    worse = [
        replace(r, hits=850) if r.quantity == "clean_accuracy" and configs[r.run].training.augment_deg == 180 else r
        for r in records
    ]
    text = summary.text(summary.levels(worse, configs), enlarged_from="test")
    assert text.count("UNDECIDED, because clean accuracy differs by 10.0 points") == 2


def test_a_grid_value_that_was_not_measured_is_refused(tasks):
    level = summary.levels(*fabricated(tasks, drop=0.1))[0]
    with pytest.raises(checks.InputError, match=r"grid=0\.33 of invariance was not measured"):
        level.at("invariance", 0.33)


def test_the_figure_shows_the_mean_over_seeds_and_the_prediction(tasks):
    levels = summary.levels(*fabricated(tasks, drop=0.1))
    curves = {
        direction: [((one.label, one.radii, one.stays), (one.label, one.ranges_deg, one.invariance)) for one in found]
        for direction, found in compare.predicted().items()
    }
    axes = figures.reproduce(levels, curves, data="digits", law="law").axes
    measured = axes[0].lines[0].get_ydata()
    expected = sum(0.5 + 0.01 * (seed % 3) for seed in range(5)) / 5
    assert measured == pytest.approx([expected] * len(SCALE.eps_grid))
    predicted = axes[2].lines[0]
    assert predicted.get_ydata()[0] == pytest.approx(1.0)
    assert len(axes) == 8


def test_the_model_predicts_direction_1_and_not_direction_2():
    """At a = 1: augmentation with quarter turns lowers 1 - fooling; robust training raises invariance."""
    found = compare.predicted()
    at_one = [one.stays[compare.RADII.index(1.0)] for one in found["augmentation"]]
    assert at_one == sorted(at_one, reverse=True)
    assert [one.invariance[-1] for one in found["augmentation"]][-1] == 1.0
    everywhere = [one.invariance[-1] for one in found["adversarial"]]
    assert everywhere == sorted(everywhere)
