"""What a run depends on is part of its identity, and nothing else is."""

import json
from dataclasses import replace

import pytest

from empirical.experiments.config import RunConfig
from empirical.measurement import plan as plans
from empirical.measurement.plan import Plan
from empirical.training import config as training_config
from empirical.training.config import TrainingConfig
from tradeoff.shared import checks

TRAINING = TrainingConfig("digits", "abc", 400, "std_cnn", "pgd", 0.0, 0.1, 3, 0.3, 100, 32, 0.002, 4)
RUN = RunConfig(TRAINING, Plan(eps=(0.0, 0.1), angles=(0.0, 90.0)), 50)


def test_a_config_survives_the_round_trip_through_json():
    again = RunConfig.from_content(json.loads(json.dumps(RUN.content)))
    assert again == RUN
    assert again.id == RUN.id


CHANGES = {
    "data": "mnist",
    "data_checksum": "x",
    "held_out": 5,
    "network": "p4_cnn_flat",
    "eps": 0.2,
    "attack_steps": 9,
    "eps_warmup": 0.5,
    "updates": 7,
    "batch_size": 8,
    "learning_rate": 0.1,
    "seed": 5,
    "mean": 0.5,
    "std": 2.0,
}


@pytest.mark.parametrize("field", CHANGES)
def test_what_training_depends_on_is_part_of_the_identity(field):
    changed = replace(TRAINING, **{field: CHANGES[field]})
    assert changed.id != TRAINING.id
    assert RunConfig(changed, RUN.plan, 50).id != RUN.id


@pytest.mark.parametrize(
    "change",
    [
        {"eps": (0.0,)},
        {"angles": (0.0,)},
        {"shifts": (0,)},
        {"steps": 3},
        {"search_steps": 3},
        {"draws": 1},
        {"skip": ("moves",)},
        {"seed": 1},
    ],
)
def test_what_measurement_depends_on_is_part_of_the_identity(change):
    assert replace(RUN, plan=replace(RUN.plan, **change)).id != RUN.id


def test_the_number_of_images_is_part_of_the_identity():
    assert replace(RUN, images=9).id != RUN.id
    with pytest.raises(checks.InputError, match="images=0 must be at least 1"):
        replace(RUN, images=0)


def test_another_method_is_another_run_and_another_edit_is_not(monkeypatch):
    """Only the methods of what is measured count, and the source of the package does not."""
    without_joint = replace(RUN, plan=replace(RUN.plan, skip=("joint",)))
    before, untouched = RUN.id, without_joint.id
    monkeypatch.setattr("empirical.compute.provenance.code_identity", lambda: "other")
    assert before == RUN.id
    monkeypatch.setitem(plans.METHODS, "joint", plans.METHODS["joint"] + 1)
    assert before != RUN.id
    assert without_joint.id == untouched


def test_equal_numbers_give_equal_ids():
    assert replace(TRAINING, eps="51/255").id == replace(TRAINING, eps=0.2).id
    assert replace(TRAINING, eps_warmup=1).id == replace(TRAINING, eps_warmup=1.0).id
    grids = [Plan(eps=(0.1, 0), angles=(90,)), Plan(eps=(0.0, 0.1), angles=(0.0, 90.0))]
    assert len({RunConfig(TRAINING, plan, 5).id for plan in grids}) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interpolation", "hope"),
        ("padding", "hope"),
        ("updates", 0),
        ("eps", "9/8"),
        ("learning_rate", -1),
        ("augment_deg", 400.0),
    ],
)
def test_what_would_be_ignored_or_is_out_of_range_is_refused(field, value):
    with pytest.raises(checks.InputError, match=field):
        replace(TRAINING, **{field: value})


def test_plain_training_refuses_the_knobs_of_an_attack():
    with pytest.raises(checks.InputError, match=r"eps=0\.1 has no effect with objective='augmented'"):
        replace(TRAINING, objective="augmented")


def test_a_field_that_is_added_later_leaves_older_ids_alone(monkeypatch):
    """As if ``std`` and ``queries`` had come later: with their default it is as if they were not there."""
    monkeypatch.setitem(training_config.LATER_FIELDS, "std", 1.0)
    monkeypatch.setitem(plans.LATER_FIELDS, "queries", 5000)
    assert "std" not in RUN.content["training"]
    assert "queries" not in RUN.content["plan"]
    assert RunConfig.from_content(json.loads(json.dumps(RUN.content))) == RUN
    assert replace(TRAINING, std=2.0).id != TRAINING.id
    assert replace(RUN, plan=replace(RUN.plan, queries=9)).id != RUN.id


def test_ids_of_stored_networks_stay():
    """The id of a config that was written before ``method`` was a field of it."""
    assert TRAINING.id == "ae66287d9dfa"


def test_a_stored_config_without_a_method_was_made_by_the_first(monkeypatch):
    """Also where this version trains by a later one: then it is another config, with another id."""
    content = {name: value for name, value in RUN.content["training"].items() if name != "method"}
    monkeypatch.setattr(training_config, "METHOD", 2)
    read = TrainingConfig.from_content(content)
    assert (read.method, read.id) == (1, TRAINING.id)
    assert replace(TRAINING, method=2).id != TRAINING.id


def test_a_stored_run_keeps_the_methods_that_it_was_made_by(monkeypatch):
    content = json.loads(json.dumps(RUN.content))
    before, method = RUN.id, plans.METHODS["joint"]
    monkeypatch.setitem(plans.METHODS, "joint", method + 1)
    again = RunConfig.from_content(content)
    assert (again.id, again.methods["joint"]) == (before, method)
    assert RunConfig(again.training, again.plan, again.images).id != before
