import errno
import os

import pytest

from tradeoff import checks, storage


def test_identity_is_content():
    assert storage.content_id({"a": 1, "b": [2.0]}) == storage.content_id({"b": [2.0], "a": 1})
    assert storage.content_id({"a": 1}) != storage.content_id({"a": 2})


def test_what_is_not_json_has_no_identity():
    with pytest.raises(ValueError, match="JSON compliant"):
        storage.content_id({"a": float("nan")})


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


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(checks.InputError, match=r"out=.*cannot be written"):
        storage.output_folder("out", tmp_path / "file" / "below")


def test_a_new_folder_is_made_with_its_parents_and_left_empty(tmp_path):
    made = storage.output_folder("out", tmp_path / "a" / "b")
    assert made.is_dir()
    assert not list(made.iterdir())
