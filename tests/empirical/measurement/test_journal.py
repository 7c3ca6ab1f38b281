"""Pieces on file, whatever a process that was killed left beside them."""

import pytest
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


@pytest.mark.parametrize(("name", "other"), [(b"torch", b"tosch"), (b"why_kernels", b"whY_kernels")])
def test_a_machine_in_a_damaged_file_chooses_no_kernels(tmp_path, caplog, name, other):
    """Its name could be one of no kernels, or be missing; the piece is told and made again all the same."""
    journal = Journal(tmp_path, "run")
    machine = {"kernels": "torch", "why_kernels": "asked for"}
    journal.add("moves", 0, {"answers": ROWS}, machine)
    assert Journal(tmp_path, "run").begun_by() == [machine]
    (piece,) = (tmp_path / PIECES).iterdir()
    piece.write_bytes(piece.read_bytes().replace(name, other))
    again = Journal(tmp_path, "run")
    assert again.begun_by() == []
    assert again.piece("moves", 0) is None
    assert caplog.text.count("this piece is measured again") == 1
