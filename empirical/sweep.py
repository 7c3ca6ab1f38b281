"""Many runs, each trained and measured once: what is finished is never done again.

A run is finished when its folder holds the weights and the record file holds its records. Networks are trained in
worker processes of one thread each; only this process writes records.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from empirical import profiles, records, training
from empirical.data import DATASETS
from empirical.device import choose, describe
from empirical.records import SCHEMA, Record, RunConfig
from tradeoff import checks, storage

RECORDS, CONFIGS, NETWORKS, LOCK = "records.jsonl", "configs.jsonl", "networks", ".lock"
NETWORK_COST = {"std_cnn": 1.0}
"""Gradient cost relative to StdCNN, for the progress bar only; the group networks take about six times as long."""
Progress = Callable[[float], object]


@dataclass(frozen=True)
class Task:
    """One run, and the folder of the sweep that it belongs to."""

    run: RunConfig
    folder: str

    @property
    def network_folder(self) -> Path:
        return Path(self.folder) / NETWORKS / self.run.training.id

    @property
    def update_cost(self) -> float:
        """Rough work of one training update, in gradient evaluations of a StdCNN."""
        config = self.run.training
        return config.batch_size * (1 + config.attack_steps) * NETWORK_COST.get(config.network, 6.0)

    @property
    def eps_cost(self) -> float:
        """The same for one eps; half of the images stand, on average."""
        measured = self.run.measurement
        return measured.images * measured.attack_steps / 2 * NETWORK_COST.get(self.run.training.network, 6.0)

    @property
    def cost(self) -> float:
        return self.update_cost * self.run.training.updates + self.eps_cost * len(self.run.measurement.eps_grid)


def execute(task: Task, device_name: str, advance: Progress) -> list[Record]:
    """Train (or load) and measure one run, on one thread of a CPU: its bits do not depend on the number of workers."""
    torch.set_num_threads(1)
    device = choose(device_name)
    config, measured = task.run.training, task.run.measurement
    train_set, test_set = DATASETS[config.data]().split(config.held_out)
    model = training.train(
        config, train_set, task.network_folder, device, progress=lambda updates: advance(updates * task.update_cost)
    )
    test_set = test_set.take(torch.arange(measured.images)).to(device)
    machine: dict[str, Any] = {
        "versions": records.versions(),
        "device": describe(device),
        "threads": 1,
        "code": records.code_identity(),
    }
    clean = profiles.clean_accuracy(model, test_set)
    found = [
        *profiles.robustness(
            model,
            test_set,
            measured.eps_grid,
            steps=measured.attack_steps,
            seed=measured.seed,
            progress=lambda eps: advance(eps * task.eps_cost),
        ),
        *profiles.invariance(model, test_set, measured.angle_grid, draws=measured.rotation_draws, seed=measured.seed),
    ]
    # Clean accuracy is written last: where it stands, the whole run does.
    last = Record(task.run.id, "clean_accuracy", None, clean.hits, clean.trials, config.seed, **machine)
    return [*(record for profile in found for record in records.profile_records(profile, task.run, machine)), last]


def run_all(tasks: Sequence[Task], *, device: str, workers: int, quiet: bool) -> list[Record]:
    """The records of all tasks, those on file read and the others made; in the order of the tasks.

    Errors
    ------
    InputError
        If another run works in the folder, and for whatever a run refuses; finished runs stay on file.
    """
    choose(device)
    folder = storage.output_folder("out", tasks[0].folder)
    with _locked(folder):
        done = by_run(records.read(folder / RECORDS))
        missing = [task for task in tasks if all(r.quantity != "clean_accuracy" for r in done.get(task.run.id, []))]
        _describe_runs(folder, tasks)
        with _bar(sum(task.cost for task in missing), quiet=quiet) as advance:
            for task, found in _finished(missing, device, workers, advance):
                records.append(folder / RECORDS, found)
                done[task.run.id] = found
    return [record for task in tasks for record in done[task.run.id]]


def by_run(found: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the run that they belong to; of two of the same quantity and grid value the later one."""
    runs: dict[str, dict[tuple[str, float | None], Record]] = {}
    for record in found:
        runs.setdefault(record.run, {})[record.quantity, record.grid] = record
    return {run: list(latest.values()) for run, latest in runs.items()}


def _finished(
    tasks: Sequence[Task], device: str, workers: int, advance: Progress
) -> Iterator[tuple[Task, list[Record]]]:
    """Each task with its records as it is finished; the longest start first."""
    if choose(device).type == "cuda" or workers == 1 or not tasks:
        for task in tasks:
            yield task, execute(task, device, advance)
        return
    context = multiprocessing.get_context("spawn")
    work, shown = context.Value("d", 0.0), 0.0
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(work,)) as pool:
        ordered = sorted(tasks, key=lambda task: -task.cost)
        running: dict[Future[list[Record]], Task] = {pool.submit(_in_worker, task, device): task for task in ordered}
        try:
            while running:
                for future in wait(running, timeout=0.5, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
                advance(work.value - shown)
                shown = work.value
        except BaseException:
            # Without this an interrupted or failed sweep would go on training until its queue is empty.
            pool.shutdown(wait=False, cancel_futures=True)
            children = set(multiprocessing.active_children()) - others
            for child in children:
                child.terminate()
            for child in children:
                child.join()
            raise


_work: Any = None
"""In a worker: the work done by all workers, shared with the process that shows the bar."""


def _start_worker(work: Any) -> None:
    """Share the counter, and end when the parent does: a killed parent must not leave workers that go on writing."""
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer, in one sentence
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _in_worker(task: Task, device: str) -> list[Record]:
    def advance(work: float) -> None:
        with _work.get_lock():
            _work.value += work

    return execute(task, device, advance)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The folder for one run alone; the lock goes with the process, however it ends."""
    try:
        import fcntl
    except ImportError:  # not on Windows: there two runs in one folder are up to the user
        yield
        return
    with open(folder / LOCK, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise checks.InputError(
                f"out={str(folder)!r} is in use by another run; wait for it, or name another folder"
            ) from None
        yield


def _describe_runs(folder: Path, tasks: Sequence[Task]) -> None:
    """The config of every run, once, beside the records."""
    known = read_configs(folder)
    new = {task.run.id: task.run.content for task in tasks if task.run.id not in known}
    if new:
        lines = (
            json.dumps({"schema": SCHEMA, "run": run, "config": content}, sort_keys=True)
            for run, content in new.items()
        )
        storage.append_lines(folder / CONFIGS, lines)


def read_configs(folder: Path) -> dict[str, RunConfig]:
    """The configs of a folder by run id.

    Errors
    ------
    InputError
        If a stored config does not have the id that it is filed under, or is none of this package.
    """
    found = {}
    for line in storage.read_lines(folder / CONFIGS):
        try:
            run, content = line["run"], line["config"]
            actual = records.run_identity(content)
            found[run] = RunConfig.from_content(content)
        except (KeyError, TypeError) as error:
            raise checks.InputError(
                f"{str(folder / CONFIGS)!r} holds a line that is no config of this version ({error}); restore the file"
            ) from None
        if actual != run:
            raise checks.InputError(
                f"{str(folder / CONFIGS)!r} files a config under {run}, but its id is {actual}; restore the file"
            )
    return found


@contextmanager
def _bar(total: float, *, quiet: bool) -> Iterator[Progress]:
    """A bar over the estimated work, on the error stream where that is a terminal."""
    if quiet or not total or not sys.stderr.isatty():
        yield lambda work: None
        return
    from tqdm import tqdm

    layout = "{l_bar}{bar}| {elapsed} so far, {remaining} left"
    with tqdm(total=total, desc="training and measuring", bar_format=layout) as bar:
        yield bar.update
