"""Records with a known effect in, sentences out; the figure shows the same numbers."""

from dataclasses import replace

import pytest

from empirical.compare import curves as compare
from empirical.data import DATASETS
from empirical.experiments import levels as summary
from empirical.experiments.kamath import digits as experiment
from empirical.report.figures import digits as figures
from empirical.report.text.digits import text
from empirical.statistics.records import Record
from tradeoff.shared import checks

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
            place, counts = (quantity, grid, None), (round(value * TRIALS), TRIALS, TRIALS)
            return Record(
                task.run.id, *place, value, *counts, 0.01, task.run.training.seed, "float32", "v", "cpu", 1, "c"
            )

        records.append(record("clean_accuracy", None, 0.95))
        # The effect is where the directions are judged, and the opposite everywhere else.
        opposite = 0.5 + drop * level + 0.01 * (config.seed % 3)
        judged = (
            ("one_minus_fooling", experiment.EPS_COMPARED)
            if config.eps == 0
            else ("invariance", experiment.RANGE_COMPARED)
        )
        for quantity, grid in (("one_minus_fooling", SCALE.eps_grid), ("invariance", SCALE.angle_grid)):
            for value in grid:
                shown = rate if (quantity, value) == judged or level == 0 else opposite
                records += [record(quantity, value, shown), record(f"{quantity}_given_correct", value, shown)]
    return records, {task.run.id: task.run for task in tasks}


@pytest.mark.parametrize(
    ("drop", "word", "other"), [(0.1, "SHOWN", "REVERSED"), (-0.1, "REVERSED", "SHOWN"), (0.0, "EQUIVALENT", "SHOWN")]
)
def test_the_opposite_effect_in_the_records_gives_the_opposite_sentences(tasks, drop, word, other):
    records, configs = fabricated(tasks, drop=drop)
    said = text(summary.levels(records, configs), configs)
    assert said.count(word) == 6
    assert other not in said


def test_seeds_are_paired(tasks):
    """The scatter of the seeds is common to both levels, so it leaves no width."""
    found = summary.comparisons(summary.levels(*fabricated(tasks, drop=0.1)), experiment.DIRECTIONS["augmentation"])
    first = found[0][0]
    assert first.differences == pytest.approx((-0.1,) * 5)
    assert first.interval.high - first.interval.low < 1e-9


def test_a_fall_in_clean_accuracy_leaves_the_direction_undecided(tasks):
    records, configs = fabricated(tasks, drop=0.1)
    worse = [
        replace(r, hits=850, value=0.85)
        if r.quantity == "clean_accuracy" and configs[r.run].training.augment_deg == 180
        else r
        for r in records
    ]
    said = text(summary.levels(worse, configs), configs)
    assert said.count("UNDECIDED, because clean accuracy differs by 10.0 points") == 2


def test_two_scales_in_one_folder_do_not_merge(tasks):
    records, configs = fabricated(tasks, drop=0.1)
    first = tasks[0].run
    other = replace(first, training=replace(first.training, updates=7, seed=99))
    mixed = [*records, *(replace(r, run=other.id) for r in records if r.run == first.id)]
    with pytest.raises(checks.InputError, match="give each scale and version a folder of its own"):
        summary.levels(mixed, configs | {other.id: other})


def test_two_methods_in_one_folder_do_not_merge(tasks):
    records, configs = fabricated(tasks, drop=0.1)
    first = tasks[0].run
    older = replace(first, other_methods={**first.methods, "robustness": 0})
    assert older.id != first.id
    mixed = [*records, *(replace(r, run=older.id) for r in records if r.run == first.id)]
    with pytest.raises(checks.InputError, match="mixes runs of different configs or methods"):
        summary.levels(mixed, configs | {older.id: older})


def test_a_run_that_is_not_finished_is_named(tasks):
    records, configs = fabricated(tasks, drop=0.1)
    with pytest.raises(checks.InputError, match="not finished"):
        summary.levels([r for r in records if r.quantity != "clean_accuracy"], configs)


def test_other_seeds_are_not_paired(tasks):
    found = summary.levels(*fabricated(tasks, drop=0.1))
    moved = [replace(level, seeds=(1, 2, 3, 4, 5)) if level.theta == 60 else level for level in found]
    with pytest.raises(checks.InputError, match="pairs need the same"):
        summary.comparisons(moved, experiment.DIRECTIONS["augmentation"])


def test_a_level_that_was_not_trained_is_named(tasks):
    found = [level for level in summary.levels(*fabricated(tasks, drop=0.1)) if level.theta != 60]
    with pytest.raises(checks.InputError, match="theta=60 was not trained for std_cnn"):
        summary.comparisons(found, experiment.DIRECTIONS["augmentation"])


def test_a_grid_value_that_was_not_measured_is_refused(tasks):
    level = summary.levels(*fabricated(tasks, drop=0.1))[0]
    with pytest.raises(checks.InputError, match=r"grid=0\.33 of invariance was not measured"):
        level.at("invariance", 0.33)


def test_the_figure_shows_the_mean_over_seeds_and_the_prediction(tasks):
    levels = summary.levels(*fabricated(tasks, drop=0.1))
    panels = figures.profiles(levels, compare.curves(), law="law").panels
    expected = sum(0.5 + 0.01 * (seed % 3) for seed in range(5)) / 5
    assert panels[0].curves[0].y == pytest.approx([expected] * len(SCALE.eps_grid))
    predicted = panels[1].curves[0]
    assert (predicted.y[0], predicted.look) == (pytest.approx(1.0), panels[0].curves[0].look)
    assert [panel.source for panel in panels] == ["measured", "predicted"] * 4
    assert len(panels) == 8


def test_the_model_predicts_direction_1_and_not_direction_2():
    """A larger range of augmentation lowers 1 - fooling at every radius; robust training raises invariance."""
    found = compare.predicted()
    none, some, every = (one.profiles["one_minus_fooling"].rates for one in found["augmentation"])
    assert all(n > h > q for a, n, h, q in zip(compare.RADII, none, some, every, strict=True) if a > 0)
    assert found["augmentation"][-1].profiles["invariance"].rates[-1] == 1.0
    everywhere = [one.profiles["invariance"].rates[-1] for one in found["adversarial"]]
    assert everywhere == sorted(everywhere)
