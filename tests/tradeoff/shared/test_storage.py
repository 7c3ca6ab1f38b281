import errno
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


KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from tradeoff.shared import storage
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
storage.write_atomic(Path(sys.argv[1]), "half")
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_what_a_killed_process_left_half_written_goes_with_the_next_lock(tmp_path, children):
    killed = children.run("-c", KILLED_WHILE_WRITING, tmp_path / "piece")
    assert killed.returncode < 0
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".piece.")
    with storage.locked(tmp_path):
        assert not left.exists()


def test_what_others_write_or_keep_is_left_alone(tmp_path):
    alive, own = tmp_path / f".a.{os.getppid()}.part", tmp_path / f".b.{os.getpid()}.part"
    kept = [alive, tmp_path / "c.part", tmp_path / ".d.part", tmp_path / ".e.1x.part", tmp_path / "f.99999999999.part"]
    gone = [own, tmp_path / ".g.99999999999999999999.part"]
    for path in (*kept, *gone):
        path.write_text("")
    storage.clear_leftovers(tmp_path)
    assert set(tmp_path.iterdir()) == set(kept)
