"""Many runs, each trained and measured once: what is finished is never done again.

A run is finished when its folder holds the weights and the record file holds its records. Networks are trained in
worker processes of one thread each; only this process writes records.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from empirical.compute.device import choose, describe
from empirical.data import DATASETS
from empirical.experiments.config import RunConfig, profile_records, run_identity
from empirical.measurement import profiles
from empirical.statistics import records
from empirical.statistics.records import SCHEMA, Record
from empirical.training import loop as training
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.workers import Progress, finished

RECORDS, CONFIGS, NETWORKS = "records.jsonl", "configs.jsonl", "networks"


@dataclass(frozen=True)
class Task:
    """One run, and the folder of the sweep that it belongs to."""

    run: RunConfig
    folder: str

    @property
    def network_folder(self) -> Path:
        return Path(self.folder) / NETWORKS / self.run.training.id

    @property
    def eps_cost(self) -> float:
        """Rough work for one eps, in gradient evaluations of a StdCNN; half of the images stand, on average."""
        measured = self.run.measurement
        return measured.images * measured.attack_steps / 2 * training.network_cost(self.run.training.network)

    @property
    def cost(self) -> float:
        trained = training.update_cost(self.run.training) * self.run.training.updates
        return trained + self.eps_cost * len(self.run.measurement.eps_grid)


def execute(task: Task, advance: Progress, *, device_name: str) -> list[Record]:
    """Train (or load) and measure one run, on one thread of a CPU: its bits do not depend on the number of workers."""
    torch.set_num_threads(1)
    device = choose(device_name)
    config, measured = task.run.training, task.run.measurement
    train_set, test_set = DATASETS[config.data]().split(config.held_out)
    update_cost = training.update_cost(config)
    model = training.train(
        config, train_set, task.network_folder, device, progress=lambda updates: advance(updates * update_cost)
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
    return [*(record for profile in found for record in profile_records(profile, task.run, machine)), last]


def run_all(tasks: Sequence[Task], *, device: str, workers: int, quiet: bool) -> list[Record]:
    """The records of all tasks, those on file read and the others made; in the order of the tasks.

    Errors
    ------
    InputError
        If another run works in the folder, and for whatever a run refuses; finished runs stay on file.
    """
    serial = choose(device).type == "cuda"
    folder = storage.output_folder("out", tasks[0].folder)
    with storage.locked(folder):
        done = by_run(records.read(folder / RECORDS))
        missing = [task for task in tasks if all(r.quantity != "clean_accuracy" for r in done.get(task.run.id, []))]
        _describe_runs(folder, tasks)
        with cli.bar(sum(task.cost for task in missing), "training and measuring", quiet=quiet) as advance:
            for task, found in finished(
                partial(execute, device_name=device),
                missing,
                cost=lambda task: task.cost,
                workers=1 if serial else workers,
                advance=advance,
            ):
                records.append(folder / RECORDS, found)
                done[task.run.id] = found
    return [record for task in tasks for record in done[task.run.id]]


def by_run(found: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the run that they belong to; of two of the same quantity and grid value the later one."""
    runs: dict[str, dict[tuple[str, float | None], Record]] = {}
    for record in found:
        runs.setdefault(record.run, {})[record.quantity, record.grid] = record
    return {run: list(latest.values()) for run, latest in runs.items()}


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
            actual = run_identity(content)
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
