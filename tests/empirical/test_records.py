import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from empirical import records
from empirical.records import MeasurementConfig, Profile, Record, RunConfig, TrainingConfig
from tradeoff import checks
from tradeoff.results import Frequency

TRAINING = TrainingConfig("digits", "abc", 400, "std_cnn", "pgd", 0.0, 0.1, 3, 0.3, 100, 32, 0.002, 4)
RUN = RunConfig(TRAINING, MeasurementConfig(images=50))
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
    found = records.profiles(records.profile_records(one, RUN, MACHINE))
    assert found == {"invariance": one}


def test_a_config_survives_the_round_trip_through_json():
    again = RunConfig.from_content(json.loads(json.dumps(RUN.content)))
    assert again == RUN
    assert again.id == RUN.id


@pytest.mark.parametrize("field", TrainingConfig.__dataclass_fields__)
def test_every_field_of_training_is_part_of_the_identity(field):
    value = getattr(TRAINING, field)
    other = value + "x" if isinstance(value, str) else value + 1
    changed = TrainingConfig(**(asdict(TRAINING) | {field: other}))
    assert changed.id != TRAINING.id
    assert RunConfig(changed, RUN.measurement).id != RUN.id


@pytest.mark.parametrize("field", MeasurementConfig.__dataclass_fields__)
def test_every_field_of_measurement_is_part_of_the_identity(field):
    value = getattr(RUN.measurement, field)
    other = value + "x" if isinstance(value, str) else value + 1
    assert RunConfig(TRAINING, MeasurementConfig(**(asdict(RUN.measurement) | {field: other}))).id != RUN.id


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
