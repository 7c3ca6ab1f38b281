import errno
import json
import math
import os
from pathlib import Path

import pytest

from tradeoff.shared import checks, storage


def test_identity_is_content():
    assert storage.content_id({"a": 1, "b": [2.0]}) == storage.content_id({"b": [2.0], "a": 1})
    assert storage.content_id({"a": 1}) != storage.content_id({"a": 2})


def test_what_is_not_json_has_no_identity():
    with pytest.raises(ValueError, match="JSON compliant"):
        storage.content_id({"a": float("nan")})


@pytest.mark.parametrize("write", [storage.json_line, storage.json_text])
def test_numbers_that_json_does_not_have_are_null_at_any_depth(write):
    content = {"a": math.nan, "b": [1.0, -math.inf, {"c": (math.inf, 2)}], "d": "NaN", "e": 3}
    assert json.loads(write(content)) == {"a": None, "b": [1.0, None, {"c": [None, 2]}], "d": "NaN", "e": 3}


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    target = tmp_path / "rows.jsonl"
    storage.write_atomic(target, "old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(checks.InputError, match="No space left on device"):
        storage.write_atomic(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_failed_rename_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    target = tmp_path / "rows.jsonl"
    storage.write_atomic(target, "old")

    def refused(self: Path, other: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(checks.InputError, match="Read-only file system"):
        storage.write_atomic(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_lines_are_added_and_read_back(tmp_path):
    path = tmp_path / "records.jsonl"
    assert storage.read_lines(path) == []
    storage.append_lines(path, ['{"a": 1}', '{"a": 2}'])
    storage.append_lines(path, ['{"a": 3}'])
    assert [line["a"] for line in storage.read_lines(path)] == [1, 2, 3]


@pytest.mark.parametrize("torn", ['{"a": 4', "{", "x" * 10_000])
def test_a_torn_last_line_is_left_out_and_cut_off_before_the_next(tmp_path, torn):
    path = tmp_path / "records.jsonl"
    storage.append_lines(path, ['{"a": 1}'])
    with open(path, "a") as file:
        file.write(torn)
    assert [line["a"] for line in storage.read_lines(path)] == [1]
    storage.append_lines(path, ['{"a": 2}'])
    assert [line["a"] for line in storage.read_lines(path)] == [1, 2]


def test_a_bad_line_in_the_middle_is_refused(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text('{"a": 1}\nnonsense\n{"a": 2}\n')
    with pytest.raises(checks.InputError, match="line 2 that is not a JSON object"):
        storage.read_lines(path)


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(checks.InputError, match=r"out=.*cannot be written"):
        storage.output_folder("out", tmp_path / "file" / "below")


def test_a_new_folder_is_made_with_its_parents_and_left_empty(tmp_path):
    made = storage.output_folder("out", tmp_path / "a" / "b")
    assert made.is_dir()
    assert not list(made.iterdir())
