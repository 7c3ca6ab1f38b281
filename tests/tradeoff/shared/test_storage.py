import errno
import json
import math
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


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def test_a_folder_is_for_one_command_alone(folder):
    with (
        storage.locked(folder),
        pytest.raises(checks.InputError, match="in use by another run"),
        storage.locked(folder),
    ):
        pass
    with storage.locked(folder):
        pass


def open_files() -> int:
    """How many this process has; 0 where the system does not tell."""
    return len(list(OPEN.iterdir())) if OPEN.exists() else 0


OPEN = Path("/proc/self/fd")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_a_file_system_without_locks_is_not_called_a_folder_in_use(folder, monkeypatch, number):
    def refused(file, operation):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", refused)
    before = open_files()
    with pytest.raises(checks.InputError, match="gives no locks") as refusal, storage.locked(folder):
        pass
    assert os.strerror(number) in str(refusal.value)
    assert "in use" not in str(refusal.value)
    assert open_files() == before


def test_a_link_in_place_of_the_lock_is_not_followed(folder, tmp_path):
    target = tmp_path / "precious"
    target.write_text("content")
    (folder / storage.LOCK).symlink_to(target)
    with pytest.raises(checks.InputError, match="cannot be opened"), storage.locked(folder):
        pass
    assert target.read_text() == "content"
    (folder / storage.LOCK).unlink()
    (folder / storage.LOCK).symlink_to(tmp_path / "missing")
    with pytest.raises(checks.InputError, match="cannot be opened"), storage.locked(folder):
        pass
    assert not (tmp_path / "missing").exists()


def test_a_lock_keeps_what_somebody_wrote_into_it(folder):
    (folder / storage.LOCK).write_text("content")
    with storage.locked(folder):
        pass
    assert (folder / storage.LOCK).read_text() == "content"


def test_a_folder_in_place_of_the_lock_is_refused(folder):
    (folder / storage.LOCK).mkdir()
    with pytest.raises(checks.InputError, match="cannot be opened"), storage.locked(folder):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with a name")
def test_a_pipe_in_place_of_the_lock_does_not_hang(folder):
    os.mkfifo(folder / storage.LOCK)
    with storage.locked(folder):
        pass


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("", "out='' names nothing; name a file or folder"),
        ("a\0b", r"out='a\\x00b' holds the character NUL"),
        ("a" * 300, "too long"),
        ("file/below", "Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path, monkeypatch, given, part):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(checks.InputError, match=part) as refusal:
        storage.output_folder("out", given)
    assert str(refusal.value).isprintable()


def test_a_line_that_is_nested_too_deeply_is_no_object(tmp_path):
    (tmp_path / "records.jsonl").write_text("[" * 100_000 + "\n")
    assert storage.read_lines(tmp_path / "records.jsonl") == [None]


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


def test_a_value_that_cannot_be_had_is_null_in_a_checked_line_too(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text(storage.checked_line({"value": math.nan, "bounds": (0.0, math.inf)}) + "\n")
    assert storage.read_lines(path) == [{"value": None, "bounds": [0.0, None]}]
