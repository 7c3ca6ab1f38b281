"""Interrupted, killed, resumed: nothing finished is redone, and the result has the same bits."""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from empirical.data import DATASETS
from empirical.experiments import engine
from empirical.experiments.kamath import digits as experiment
from empirical.statistics import records
from tradeoff.shared import checks, storage

DEADLINE = 600
"""Seconds, against what should take a few, or some minutes on a busy machine."""
# Long enough for a checkpoint.
ONE = pytest.mark.slow(twin="test_ctrl_c_ends_in_one_sentence_and_the_run_goes_on_later")
TINY = experiment.Scale(1, 130, 16, 2, 1, (0.0, 0.1), (0.0, 90.0), ())
CHILD = """
import sys
from empirical.data import DATASETS
from empirical.experiments import engine
from empirical.experiments.kamath import digits as experiment
tiny = experiment.Scale(1, 130, 16, 2, 1, (0.0, 0.1), (0.0, 90.0), ())
tasks = experiment.tasks(DATASETS["digits"](), tiny, sys.argv[1])[:3]
engine.run_all(tasks, device="cpu", workers=int(sys.argv[2]), quiet=True, kernels="torch")
"""


needs_ps = pytest.mark.skipif(shutil.which("ps") is None, reason="the command ps tells whether a process goes on")


def tasks(folder: Path) -> list[engine.Task]:
    return experiment.tasks(DATASETS["digits"](), TINY, str(folder))[:3]


def run(folder: Path) -> list[records.Record]:
    return engine.run_all(tasks(folder), device="cpu", workers=1, quiet=True, kernels="torch")


def counts(found: list[records.Record]) -> list[tuple]:
    return [(r.run, r.quantity, r.grid, r.second, r.value, r.hits, r.trials) for r in found]


def weights(folder: Path) -> dict[str, bytes]:
    return {path.parent.name: path.read_bytes() for path in folder.rglob("weights.safetensors")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    run(folder)
    return folder


def test_every_run_has_its_network_its_config_and_its_records(whole):
    found = engine.by_run(records.read(whole / engine.RECORDS))
    configs = engine.read_configs(whole)
    for task in tasks(whole):
        places = {(r.quantity, r.grid, r.second) for r in found[task.run.id]}
        assert {quantity for quantity, _, _ in places} >= {"adversarial_accuracy", "invariance_given_correct"}
        assert {grid for quantity, grid, _ in places if quantity == "one_minus_fooling"} == {0.0, 0.1}
        assert engine.whole(found[task.run.id])
        assert configs[task.run.id] == task.run
        assert (task.network_folder / "weights.safetensors").exists()


def test_a_finished_sweep_does_nothing(whole, monkeypatch):
    def refuse(*args):
        raise AssertionError("done again")

    monkeypatch.setattr(engine, "execute", refuse)
    assert counts(run(whole)) == counts(records.read(whole / engine.RECORDS))


def test_records_stand_in_the_order_of_the_runs_whoever_was_first(whole, tmp_path):
    """Behind those of other runs, and the later one of two behind the earlier one."""
    folder = tmp_path / "copy"
    shutil.copytree(whole, folder)
    path = folder / engine.RECORDS
    lines = path.read_text().splitlines(keepends=True)
    foreign = {**json.loads(lines[0]), "run": "another"}
    del foreign[storage.CHECKSUM]
    other = storage.checked_line(foreign) + "\n"
    path.write_text("".join([*reversed(lines), other]))
    run(folder)
    found = [json.loads(line)["run"] for line in path.read_text().splitlines()]
    ids = [task.run.id for task in tasks(folder)]
    assert found == ["another", *sorted(found[1:], key=ids.index)]
    path.write_text("".join(sorted(lines, key=lambda line: -ids.index(json.loads(line)["run"]))))
    run(folder)
    assert path.read_bytes() == (whole / engine.RECORDS).read_bytes()


def test_lost_records_are_measured_again_from_the_network(whole, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(whole, folder)
    before = (folder / engine.RECORDS).read_text().splitlines()
    (folder / engine.RECORDS).write_text("\n".join(before[:-2]) + "\n" + before[-2][:50])
    assert sorted(set(counts(run(folder))), key=str) == sorted(
        set(counts(records.read(whole / engine.RECORDS))), key=str
    )
    assert weights(folder) == weights(whole)


@needs_ps
@pytest.mark.parametrize("workers", [pytest.param(1, marks=ONE), 2])
def test_kill_9_loses_nothing_finished_and_the_resumed_result_has_the_same_bits(whole, tmp_path, workers):
    """The child is killed when the first network is finished; run again, it ends where an uninterrupted run ends."""
    folder = tmp_path / "killed"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(folder), str(workers)])
    deadline = time.time() + DEADLINE
    while not weights(folder) if folder.exists() else True:
        assert time.time() < deadline, "the child did not finish a network"
        assert child.poll() is None, "the child ended by itself"
        time.sleep(0.01)
    workers_of_child = descendants(child.pid)
    assert len(workers_of_child) >= (workers if workers > 1 else 0)
    child.send_signal(signal.SIGKILL)
    child.wait()
    while any(state(pid) not in ("", "Z") for pid in workers_of_child):
        assert time.time() < deadline, "a worker outlived its parent"
        time.sleep(0.05)
    finished = {name: path.stat().st_mtime_ns for name, path in files(folder).items()}
    found = run(folder)
    assert counts(found) == counts(records.read(whole / engine.RECORDS))
    assert weights(folder) == weights(whole)
    assert all(files(folder)[name].stat().st_mtime_ns == when for name, when in finished.items())


def descendants(pid: int) -> list[int]:
    """The processes whose parent is ``pid``."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in found.splitlines() if int(line.split()[1]) == pid]


def state(pid: int) -> str:
    """The first letter of a process's state; empty if it is gone, Z if it only waits to be reaped."""
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()[:1]


def files(folder: Path) -> dict[str, Path]:
    return {path.parent.name: path for path in folder.rglob("weights.safetensors")}


def test_two_workers_find_what_one_finds(whole, tmp_path):
    """Every run has one thread, wherever it runs: the same bits, by the same kernels."""
    assert counts(engine.run_all(tasks(tmp_path), device="cpu", workers=2, quiet=True, kernels="torch")) == counts(
        run(whole)
    )
    assert weights(tmp_path) == weights(whole)


def test_two_sweeps_cannot_share_a_folder(tmp_path):
    with storage.locked(tmp_path), pytest.raises(checks.InputError, match="in use by another run"):
        run(tmp_path)


def test_a_config_line_of_something_else_is_refused(tmp_path):
    (tmp_path / engine.CONFIGS).write_text(storage.checked_line({"mood": "good"}) + "\n")
    with pytest.raises(checks.InputError, match="no config of this version"):
        engine.read_configs(tmp_path)


def test_a_changed_config_file_is_refused(whole, tmp_path):
    line = json.loads((whole / engine.CONFIGS).read_text().splitlines()[0])
    line["config"]["training"]["seed"] = 99
    del line["checksum"]
    (tmp_path / engine.CONFIGS).write_text(storage.checked_line(line) + "\n")
    with pytest.raises(checks.InputError, match="restore the file"):
        engine.read_configs(tmp_path)


def test_a_refusal_in_a_worker_reaches_the_terminal_as_one_sentence(tmp_path):
    first = tasks(tmp_path)[0]
    broken = replace(first, run=replace(first.run, training=replace(first.run.training, data_checksum="other")))
    with pytest.raises(checks.InputError, match="make a new config"):
        engine.run_all([broken, broken], device="cpu", workers=2, quiet=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C goes to a POSIX process group")
def test_ctrl_c_ends_in_one_sentence_and_the_run_goes_on_later(tmp_path):
    """The whole process group gets the signal, as from a terminal: exit code 130, no traceback of any process."""
    command = [sys.executable, "-m", "empirical", "reproduce", "digits", "--scale", "smoke", "--out", str(tmp_path)]
    # A shell in the background ignores SIGINT, and so would all that it starts, this test and its child among them.
    child = subprocess.Popen(
        command,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.time() + DEADLINE
    while not weights(tmp_path):
        assert time.time() < deadline, "the child did not finish a network"
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=DEADLINE)
    assert child.returncode == 130
    assert out == ""
    assert err.count("\n") == 1
    assert "run the same command to go on" in err


@needs_ps
def test_after_a_failure_no_worker_goes_on(tmp_path):
    """One run is refused at once, the others would take minutes: the call ends at once and leaves no process behind."""
    first = tasks(tmp_path)[0]
    long = [
        replace(first, run=replace(first.run, training=replace(first.run.training, updates=10**6, seed=s)))
        for s in (1, 2, 3)
    ]
    broken = replace(
        first, run=replace(first.run, training=replace(first.run.training, data_checksum="x", updates=10**7))
    )
    started = time.time()
    with pytest.raises(checks.InputError, match="make a new config"):
        engine.run_all([*long, broken], device="cpu", workers=2, quiet=True)
    assert time.time() - started < DEADLINE
    assert all(state(child.pid) in ("", "Z") for child in multiprocessing.active_children())
