import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tradeoff.shared.damage import flip
from tradeoff.shared import checks, storage


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


def line(**content):
    return storage.checked_line(content)


def test_lines_are_added_and_read_back(tmp_path):
    path = tmp_path / "records.jsonl"
    assert storage.read_lines(path) == []
    storage.append_lines(path, [line(a=1), line(a=2, b=[0.1, None])])
    storage.append_lines(path, [line(a=3)])
    assert storage.read_lines(path) == [{"a": 1}, {"a": 2, "b": [0.1, None]}, {"a": 3}]


@pytest.mark.parametrize("torn", ['{"a": 4', "{", "x" * 10_000])
def test_a_torn_last_line_is_left_out_and_cut_off_before_the_next(tmp_path, torn):
    path = tmp_path / "records.jsonl"
    storage.append_lines(path, [line(a=1)])
    with open(path, "a") as file:
        file.write(torn)
    assert storage.read_lines(path) == [{"a": 1}]
    storage.append_lines(path, [line(a=2)])
    assert storage.read_lines(path) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    "bad", ["nonsense", "[1]", "3", line(a=5).replace("5", "6"), line(a=5).replace("}", ', "b": 1}'), "\x00", "{}}"]
)
def test_a_damaged_line_is_none_and_the_others_stay(tmp_path, bad, caplog):
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join([line(a=1), bad, line(a=2), ""]))
    assert storage.read_lines(path) == [{"a": 1}, None, {"a": 2}]
    assert storage.whole_lines(path, again="it is made again") == [{"a": 1}, {"a": 2}]
    assert caplog.messages == [f"{str(path)!r} is damaged in line 2; it is made again"]


def test_a_line_without_a_checksum_is_refused(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(line(a=1) + '\n{"a": 1}\n')
    with pytest.raises(
        checks.InputError, match="line 2 without a checksum, as earlier versions wrote them; name another"
    ):
        storage.read_lines(path)


@pytest.mark.parametrize(
    "every", [5, pytest.param(1, marks=pytest.mark.slow(twin="test_no_flipped_bit_of_a_line_becomes_another_number"))]
)
def test_no_flipped_bit_of_a_line_becomes_another_number(tmp_path, every):
    """Every bit of every line: what is read is what was written, or the line is told to be damaged or of before.

    A flipped line feed makes one line of two; that of the last line makes it a torn one, which was never whole.
    """
    path = tmp_path / "records.jsonl"
    written = [{"hits": 310, "grid": 0.1, "second": None}, {"hits": 7, "grid": 1e-05}, {"hits": 12, "run": "a"}]
    storage.append_lines(path, map(storage.checked_line, written))
    whole = path.read_bytes()
    damaged = nameless = 0
    bits = range(0, 8 * len(whole), every)
    for bit in bits:
        flip(path, bit)
        with suppress(checks.InputError):
            nameless += 1
            found = storage.read_lines(path)
            nameless -= 1
            assert all(content is None or content in written for content in found)
            damaged += None in found
        path.write_bytes(whole)
    assert nameless <= 3 * 8 * len('checksum"')
    assert damaged >= len(bits) - nameless - 8 * 4  # an E for an e changes no number


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(checks.InputError, match=r"out=.*cannot be written"):
        storage.output_folder("out", tmp_path / "file" / "below")


def test_a_new_folder_is_made_with_its_parents_and_left_empty(tmp_path):
    made = storage.output_folder("out", tmp_path / "a" / "b")
    assert made.is_dir()
    assert not list(made.iterdir())
