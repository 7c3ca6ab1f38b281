"""Ctrl-C, and output that fails: what was done is said and kept."""

import errno
import re
import signal

from tests.processes import DEADLINE
from tradeoff import simulate
from tradeoff.shared import streams
from tradeoff.simulation import run

QUICK = ["--trials", "200", "--scaled-radius", "0", "1", "--no-figure"]


TELLS = """
import sys
from tradeoff import simulate
from tradeoff.sampled import blocks
plain, calls = blocks._counted, []
def told(*given):
    if len(calls) == 1:  # a second block is asked for, so the first is counted
        print("counted", file=sys.stderr, flush=True)
    calls.append(given)
    return plain(*given)
blocks._counted = told
sys.exit(simulate.main(sys.argv[1:]))
"""
"""The command in a process that says when the first samples are counted."""


def test_ctrl_c_prints_what_has_been_counted_and_writes_nothing(tmp_path, children):
    """A real process, a real signal: exit code 130, the table with its intervals, one sentence, no files."""
    arguments = [
        "--trials",
        "2e9",
        "--scaled-radius",
        "1",
        "--rules",
        "bayes",
        "--workers",
        "1",
        "--out",
        str(tmp_path),
    ]
    process = children.start("-c", TELLS, *arguments)
    assert process.stderr.readline() == "counted\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE)
    assert process.returncode == 130
    assert re.search(r"bayes +0\.9795 .*\n +0\.97\d\d±", out)
    assert "interrupted after" in err
    assert "no files were written" in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_ctrl_c_before_anything_is_counted_ends_in_one_sentence(monkeypatch, capsys, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "answer", interrupted)
    assert simulate.main(["--out", str(tmp_path)]) == 130
    assert "interrupted before anything was counted" in capsys.readouterr().err


def test_output_that_fails_does_not_take_the_files_along(tmp_path, monkeypatch, capsys):
    """Table, rows, figure and record are made before the error is told."""

    def full(*texts, file=None, **options):
        if file is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        said.append(" ".join(map(str, texts)))

    said: list[str] = []
    monkeypatch.setattr("builtins.print", full)
    monkeypatch.setattr(streams, "fails", lambda: True)
    assert simulate.main(["--length", "16", "--trials", "50", "--rules", "bayes", "--out", str(tmp_path)]) == 2
    assert said == [
        f"{simulate.PROGRAM}: the output cannot be written (No space left on device); send it somewhere else"
    ]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".jsonl", ".jsonl", ".png", ".svg"]
