import json
import math
from dataclasses import asdict

import pytest

from empirical.statistics import records
from empirical.statistics.readings import readings
from empirical.statistics.records import Record, reading_of, records_of
from tests.empirical.small_runs import measured
from tests.tradeoff.shared.damage import change_digit
from tradeoff.shared import checks, storage

MACHINE = {"precision": "float32", "versions": "torch 2", "device": "cpu", "threads": 1, "code": "abc"}


def one_record(**changes) -> Record:
    return Record(
        **(
            {"run": "abc", "quantity": "invariance", "grid": 30.0, "second": None, "value": 0.6, "hits": 3, "trials": 5}
            | {"images": 5, "standard_error": 0.2, "training_seed": 4}
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


def test_a_changed_count_is_told(tmp_path):
    path = tmp_path / "records.jsonl"
    records.append(path, [one_record(), one_record(grid=60.0)])
    change_digit(path, r'"hits": (\d)', 1)
    with pytest.raises(storage.Damaged, match=r"damaged in line 2.*run the command that made it again"):
        records.read(path)
    assert records.read_sound(path) == [one_record(), None]


def test_keys_may_be_added(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(storage.checked_line(asdict(one_record()) | {"mood": "good"}) + "\n")
    assert records.read(path) == [one_record()]


def test_a_newer_schema_is_refused(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(storage.checked_line(asdict(one_record(schema=3))) + "\n")
    with pytest.raises(checks.InputError, match="install a newer version"):
        records.read(path)


def test_a_record_of_the_first_schema_is_read_where_it_kept_everything(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(storage.checked_line(asdict(one_record(schema=1))) + "\n")
    assert records.read(path) == [one_record()]
    older = {key: value for key, value in asdict(one_record(schema=1)).items() if key not in ("images", "value")}
    path.write_text(storage.checked_line(older) + "\n")
    with pytest.raises(checks.InputError, match="schema 1 without value, images, as earlier versions"):
        records.read(path)


def test_every_reading_survives_the_round_trip_through_a_file(tmp_path):
    found = measured()
    records.append(tmp_path / "records.jsonl", records_of(found))
    again = [reading_of(record) for record in records.read(tmp_path / "records.jsonl")]
    assert again == readings(found)
    assert [one.interval() for one in again] == [one.interval() for one in readings(found)]


def test_a_record_says_what_it_is_of():
    found = measured()
    made = {(one.quantity, one.grid, one.second): one for one in records_of(found)}
    rate = made["rigid_invariance", 60.0, 2.0]
    assert (rate.trials, rate.images, rate.run, rate.training_seed) == (3 * 40, 40, found.run, 0)
    assert rate.value == rate.hits / rate.trials
    mean = made["boundary_distance", None, None]
    assert (mean.hits, mean.trials) == (None, None)
    assert mean.value > 0
    with pytest.raises(checks.InputError, match="is no count; read its value"):
        _ = mean.frequency


def test_an_error_that_one_image_cannot_tell_is_null():
    line = records.line(one_record(standard_error=None, hits=1, trials=1, images=1, value=1.0))
    assert json.loads(line)["standard_error"] is None
    assert (
        reading_of(Record(**{key: value for key, value in json.loads(line).items() if key != "checksum"})).error
        == math.inf
    )
