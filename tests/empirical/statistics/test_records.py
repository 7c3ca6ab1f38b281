import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empirical.experiments.config import MeasurementConfig, RunConfig, profile_records, run_identity
from empirical.statistics import records
from empirical.statistics.records import Profile, Record
from empirical.training.config import LATER_FIELDS, TrainingConfig
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

TRAINING = TrainingConfig("digits", "abc", 400, "std_cnn", "pgd", 0.0, 0.1, 3, 0.3, 100, 32, 0.002, 4)
RUN = RunConfig(TRAINING, MeasurementConfig(50, (0.0, 0.1), (0.0, 90.0)))
MACHINE = {"versions": "torch 2", "device": "cpu", "threads": 1, "code": "abc"}


@st.composite
def profile(draw, quantity: str = "invariance", grid: tuple[float, ...] = (0.0, 30.0, 90.0)) -> Profile:
    trials = draw(st.integers(1, 100))
    return Profile(quantity, grid, tuple(Frequency(draw(st.integers(0, trials)), trials) for _ in grid))


@given(profile(), profile(), profile())
def test_merging_profiles_is_associative(a, b, c):
    assert (a + b) + c == a + (b + c)


@given(profile())
def test_a_profile_survives_the_round_trip_through_records(one):
    found = records.profiles(profile_records(one, RUN, MACHINE))
    assert found == {"invariance": one}


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
    assert RunConfig(changed, RUN.measurement).id != RUN.id


@pytest.mark.parametrize(
    "change",
    [
        {"images": 9},
        {"eps_grid": (0.0,)},
        {"angle_grid": (0.0,)},
        {"attack_steps": 3},
        {"rotation_draws": 1},
        {"seed": 1},
    ],
)
def test_what_measurement_depends_on_is_part_of_the_identity(change):
    assert RunConfig(TRAINING, replace(RUN.measurement, **change)).id != RUN.id


def test_equal_numbers_give_equal_ids():
    assert replace(TRAINING, eps="51/255").id == replace(TRAINING, eps=0.2).id
    assert replace(TRAINING, eps_warmup=1).id == replace(TRAINING, eps_warmup=1.0).id
    grids = [MeasurementConfig(5, (0.1, 0), (90,)), MeasurementConfig(5, (0.0, 0.1), (90.0,))]
    assert len({RunConfig(TRAINING, grid).id for grid in grids}) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interpolation", "nearest"),
        ("padding", "reflection"),
        ("updates", 0),
        ("eps", "9/8"),
        ("learning_rate", -1),
        ("augment_deg", 30.0),  # pgd would ignore it
    ],
)
def test_what_would_be_ignored_or_is_out_of_range_is_refused(field, value):
    with pytest.raises(checks.InputError, match=field):
        replace(TRAINING, **{field: value})


@pytest.mark.parametrize("field", ["attack", "attack_label", "eps_unit", "clipping", "interpolation", "padding"])
def test_a_measurement_that_this_version_cannot_make_is_refused(field):
    with pytest.raises(checks.InputError, match=f"{field}='other' is unknown"):
        replace(RUN.measurement, **{field: "other"})


def test_plain_training_refuses_the_knobs_of_an_attack():
    with pytest.raises(checks.InputError, match=r"eps=0\.1 has no effect with objective='augmented'"):
        replace(TRAINING, objective="augmented")


def test_a_field_that_is_added_later_leaves_older_ids_alone(monkeypatch):
    """As if ``std`` had come after schema 1: with its default it is as if it were not there."""
    monkeypatch.setitem(LATER_FIELDS, "std", 1.0)
    content = RUN.content
    older = {part: {k: v for k, v in fields.items() if k != "std"} for part, fields in content.items()}
    assert run_identity(older) == run_identity(content) == RUN.id
    assert replace(TRAINING, std=2.0).id != TRAINING.id


def one_record(**changes) -> Record:
    return Record(
        **(
            {"run": RUN.id, "quantity": "invariance", "grid": 30.0, "hits": 3, "trials": 5, "training_seed": 4}
            | MACHINE
            | changes
        )
    )


def test_records_are_added_and_read_back(tmp_path):
    path = tmp_path / "records.jsonl"
    records.append(path, [one_record()])
    records.append(path, [one_record(grid=60.0)])
    assert records.read(path) == [one_record(), one_record(grid=60.0)]


def test_a_torn_last_line_is_dropped(tmp_path):
    path = tmp_path / "records.jsonl"
    records.append(path, [one_record()])
    with open(path, "a") as file:
        file.write(json.dumps(asdict(one_record(grid=60.0)))[:-5])
    assert records.read(path) == [one_record()]


def test_keys_may_be_added(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps(asdict(one_record()) | {"mood": "good"}) + "\n")
    assert records.read(path) == [one_record()]


def test_an_older_schema_is_upgraded_and_a_newer_one_refused(tmp_path, monkeypatch):
    path = tmp_path / "records.jsonl"
    old = {key: value for key, value in asdict(one_record(schema=0)).items() if key != "threads"}
    path.write_text(json.dumps(old) + "\n")
    with pytest.raises(checks.InputError, match="schema 0"):
        records.read(path)
    monkeypatch.setitem(records.UPGRADES, 0, lambda content: content | {"schema": 1, "threads": 1})
    assert records.read(path) == [one_record()]
    path.write_text(json.dumps(asdict(one_record(schema=2))) + "\n")
    with pytest.raises(checks.InputError, match="install a newer version"):
        records.read(path)


def test_a_record_without_its_keys_is_refused(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text('{"schema": 1, "run": "x"}\n')
    with pytest.raises(checks.InputError, match="without 'quantity'"):
        records.read(path)


def test_profiles_of_different_grids_do_not_merge():
    one = Profile("invariance", (0.0,), (Frequency(1, 1),))
    with pytest.raises(ValueError, match="do not merge"):
        one + Profile("invariance", (1.0,), (Frequency(1, 1),))


def test_a_profile_needs_a_frequency_for_each_grid_value():
    with pytest.raises(ValueError, match="one frequency for each grid value"):
        Profile("invariance", (0.0, 1.0), (Frequency(1, 1),))
