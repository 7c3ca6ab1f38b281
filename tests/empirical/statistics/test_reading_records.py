import json
import math
from pathlib import Path

import pytest

from empirical.statistics import records
from empirical.statistics.readings import readings
from empirical.statistics.records import Record, reading_of, records_of
from tests.empirical.small_runs import measured
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

ON_FILE = Path(__file__).parents[3] / "results" / "digits" / "records.jsonl"


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


def test_surfaces_do_not_end_up_in_profiles():
    """joint_one_minus_fooling has several eps at one range; they are no profile."""
    found = records.profiles(records_of(measured()))
    assert "joint_one_minus_fooling" not in found
    assert "rigid_invariance" not in found
    assert found["one_minus_fooling"].grid == (0.0, 0.02, 0.05, 0.2)


def test_records_on_file_are_read_as_they_were():
    lines = [json.loads(line) for line in ON_FILE.read_text().splitlines()]
    found = records.read(ON_FILE)
    assert len(found) == len(lines) > 1000
    for record, content in zip(found, lines, strict=True):
        assert "second" not in content
        assert {name: getattr(record, name) for name in content} == content
        assert (record.second, record.value, record.standard_error, record.images) == (None, None, None, None)
        assert record.frequency == Frequency(content["hits"], content["trials"])


def test_a_record_of_a_sweep_is_no_reading():
    with pytest.raises(checks.InputError, match="it is no reading"):
        reading_of(records.read(ON_FILE)[0])


def test_an_error_that_one_image_cannot_tell_is_null():
    line = records.line(Record("a", "b", None, 1, 1, None, "v", "d", 1, "c", value=1.0, images=1))
    assert json.loads(line)["standard_error"] is None
    assert reading_of(Record(**json.loads(line))).error == math.inf
