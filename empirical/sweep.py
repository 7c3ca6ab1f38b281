"""Many runs, each trained and measured once: what is finished is never done again.

A run is finished when its folder holds the weights and the record file holds its records. Networks are trained in
worker processes of one thread each; only this process writes records.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
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
from empirical.records import Record, RunConfig
from tradeoff import checks, storage

RECORDS, CONFIGS, NETWORKS = "records.jsonl", "configs.jsonl", "networks"
NETWORK_COST = {"std_cnn": 1.0}
"""Gradient cost relative to StdCNN, for the progress bar only; the group networks take about six times as long."""


@dataclass(frozen=True)
class Task:
    """One run, the grids at which it is measured, and where its network lives."""

    run: RunConfig
    eps_grid: tuple[float, ...]
    angle_grid: tuple[float, ...]
    folder: str

    @property
    def network_folder(self) -> Path:
        return Path(self.folder) / NETWORKS / self.run.training.id

    @property
    def expected(self) -> set[tuple[str, float | None]]:
        """What every finished run has records of. Clean accuracy is written last, so where it stands all does."""
        robust = {(name, eps) for name in ("one_minus_fooling", "adversarial_accuracy") for eps in self.eps_grid}
        turned = {(name, angle) for name in ("invariance", "spatial_accuracy") for angle in self.angle_grid}
        return robust | turned | {("clean_accuracy", None)}

    @property
    def cost(self) -> float:
        """Rough work in gradient evaluations of a StdCNN."""
        config = self.run.training
        steps = config.updates * config.batch_size * (1 + config.attack_steps * (config.eps > 0))
        attacked = self.run.measurement.images * self.run.measurement.attack_steps * len(self.eps_grid) / 2
        return (steps + attacked) * NETWORK_COST.get(config.network, 6.0)


def execute(task: Task, device_name: str, threads: int) -> list[Record]:
    """Train (or load) and measure one run; runs in a worker."""
    torch.set_num_threads(threads)
    device = choose(device_name)
    config, measured = task.run.training, task.run.measurement
    train_set, test_set = DATASETS[config.data]().split(config.held_out)
    model = training.train(config, train_set, task.network_folder, device)
    test_set = test_set.take(torch.arange(measured.images)).to(device)
    machine: dict[str, Any] = {
        "versions": records.versions(),
        "device": describe(device),
        "threads": threads,
        "code": records.code_identity(),
    }
    clean = profiles.clean_accuracy(model, test_set)
    found = [
        *profiles.robustness(model, test_set, task.eps_grid, steps=measured.attack_steps, seed=measured.seed),
        *profiles.invariance(model, test_set, task.angle_grid, draws=measured.rotation_draws, seed=measured.seed),
    ]
    seed = config.seed
    last = Record(task.run.id, "clean_accuracy", None, clean.hits, clean.trials, seed, **machine)
    return [*(record for profile in found for record in records.profile_records(profile, task.run, machine)), last]


def run_all(tasks: Sequence[Task], *, device: str, workers: int, quiet: bool) -> list[Record]:
    """The records of all tasks, those on file read and the others made; in the order of the tasks.

    Errors
    ------
    InputError
        Whatever a run refuses; the runs that were finished before stay on file.
    """
    choose(device)
    folder = storage.output_folder("out", tasks[0].folder)
    done = by_run(records.read(folder / RECORDS))
    missing = [task for task in tasks if not task.expected <= {(r.quantity, r.grid) for r in done.get(task.run.id, [])}]
    _describe_runs(folder, tasks)
    with _bar(sum(task.cost for task in missing), quiet=quiet) as advance:
        for task, found in _finished(missing, device, workers):
            records.append(folder / RECORDS, found)
            done[task.run.id] = found
            advance(task.cost)
    return [record for task in tasks for record in done[task.run.id]]


def by_run(found: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the run that they belong to; of two of the same quantity and grid value the later one."""
    runs: dict[str, dict[tuple[str, float | None], Record]] = {}
    for record in found:
        runs.setdefault(record.run, {})[record.quantity, record.grid] = record
    return {run: list(latest.values()) for run, latest in runs.items()}


def _finished(tasks: Sequence[Task], device: str, workers: int) -> Iterator[tuple[Task, list[Record]]]:
    """Each task with its records as it is finished; the longest start first."""
    if choose(device).type == "cuda" or workers == 1:
        for task in tasks:
            yield task, execute(task, device, max(1, (os.cpu_count() or 1) // workers))
        return
    if not tasks:
        return
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        ordered = sorted(tasks, key=lambda task: -task.cost)
        running: dict[Future[list[Record]], Task] = {pool.submit(execute, task, device, 1): task for task in ordered}
        try:
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        except BaseException:
            # Without this an interrupted or failed sweep would go on training until its queue is empty.
            pool.shutdown(wait=False, cancel_futures=True)
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
            raise


def _describe_runs(folder: Path, tasks: Sequence[Task]) -> None:
    """The config of every run, once, beside the records."""
    known = {line["run"] for line in storage.read_lines(folder / CONFIGS)}
    new = {task.run.id: task.run.content for task in tasks if task.run.id not in known}
    if new:
        lines = (json.dumps({"run": run, "config": content}, sort_keys=True) for run, content in new.items())
        storage.append_lines(folder / CONFIGS, lines)


def read_configs(folder: Path) -> dict[str, RunConfig]:
    """The configs of a folder by run id.

    Errors
    ------
    InputError
        If a config does not have the id that it is filed under: the file was changed.
    """
    found = {line["run"]: RunConfig.from_content(line["config"]) for line in storage.read_lines(folder / CONFIGS)}
    for run, config in found.items():
        if config.id != run:
            raise checks.InputError(
                f"{str(folder / CONFIGS)!r} files a config under {run}, but its id is {config.id}; restore the file"
            )
    return found


@contextmanager
def _bar(total: float, *, quiet: bool) -> Iterator[Callable[[float], object]]:
    """A bar over the estimated work, on the error stream where that is a terminal."""
    if quiet or not total or not sys.stderr.isatty():
        yield lambda done: None
        return
    from tqdm import tqdm

    layout = "{l_bar}{bar}| {elapsed} so far, {remaining} left"
    with tqdm(total=total, desc="training and measuring", bar_format=layout) as bar:
        yield bar.update
