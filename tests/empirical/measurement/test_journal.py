"""Pieces on file, whatever a process that was killed left beside them."""

import torch

from empirical.measurement.journal import PIECES, SAMPLES, Journal

ROWS = torch.arange(4.0)


def filled(folder) -> Journal:
    journal = Journal(folder, "run")
    for start in (0, 2):
        journal.add("moves", start, {"answers": ROWS[start : start + 2]}, {"threads": 1})
    return journal


def half_written(folder, children) -> None:
    """A piece and a whole file that were being written when the process was killed."""
    dead = children.start("-c", "")
    dead.wait()
    for name in (f"{PIECES}/.moves-0000002.safetensors.{dead.pid}.part", f".{SAMPLES}.{dead.pid}.part"):
        (folder / name).write_bytes(b"half")


def test_half_written_pieces_of_a_dead_process_are_no_hindrance(tmp_path, children):
    filled(tmp_path)
    half_written(tmp_path, children)
    journal = Journal(tmp_path, "run")
    assert all(journal.piece("moves", start) is not None for start in (0, 2))
    assert torch.equal(journal.finish()["moves.answers"], ROWS)
    assert [path.name for path in tmp_path.iterdir()] == [SAMPLES]


def test_a_file_that_appears_among_the_pieces_stays(tmp_path):
    journal = filled(tmp_path)
    (tmp_path / PIECES / "notes.txt").write_text("mine")
    journal.finish()
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {
        SAMPLES,
        PIECES,
        f"{PIECES}/notes.txt",
    }
    before = (tmp_path / SAMPLES).stat().st_mtime_ns
    assert torch.equal(Journal(tmp_path, "run").finish()["moves.answers"], ROWS)
    assert (tmp_path / SAMPLES).stat().st_mtime_ns == before  # not written again
