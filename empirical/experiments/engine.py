"""Many runs, each trained and measured once: what is finished is never done again.

A run is finished when the record file holds its records, which are added all at once. Until then its weights and the
pieces of its measurement are kept, so that a run that was killed goes on. Networks are trained and measured in worker
processes of one thread each; only this process writes records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from empirical.compute.device import choose
from empirical.compute.kernels.choice import AUTO
from empirical.data import DATASETS
from empirical.experiments.config import RunConfig
from empirical.measurement import run as measurement
from empirical.statistics import records
from empirical.statistics.readings import Place
from empirical.statistics.records import SCHEMA, Record
from empirical.training import loop as training
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.workers import Progress, finished

RECORDS, CONFIGS, NETWORKS, MEASURED = "records.jsonl", "configs.jsonl", "networks", "measured"
LAST = "clean_accuracy"


@dataclass(frozen=True)
class Task:
    """One run, and the folder of the experiment that it belongs to."""

    run: RunConfig
    folder: str

    @property
    def network_folder(self) -> Path:
        return Path(self.folder) / NETWORKS / self.run.training.id

    @property
    def label(self) -> str:
        """What the measured network is called: its kind, its level and its seed."""
        training = self.run.training
        return f"{training.network}-theta{training.augment_deg:g}-eps{training.eps:g}-seed{training.seed}"

    @property
    def training_cost(self) -> float:
        """Rough work, in gradient evaluations of a StdCNN."""
        return training.update_cost(self.run.training) * self.run.training.updates

    @property
    def cost(self) -> float:
        """Rough work of training and measurement together, in gradient evaluations of a StdCNN."""
        measured = measurement.total_cost(self.run.images, self.run.plan)
        return self.training_cost + measured * training.network_cost(self.run.training.network)


def execute(task: Task, advance: Progress, *, device_name: str, kernels: str = AUTO) -> list[Record]:
    """Train (or load) and measure one run, on one thread of a CPU: its bits do not depend on the number of workers.

    But where auto ``kernels`` are chosen by the clock, and it decides otherwise between two that are as quick.
    """
    torch.set_num_threads(1)
    device = choose(device_name)
    config = task.run.training
    train_set, test_set = DATASETS[config.data]().split(config.held_out)
    update_cost, network_cost = training.update_cost(config), training.network_cost(config.network)
    model = training.train(
        config, train_set, task.network_folder, device, progress=lambda updates: advance(updates * update_cost)
    )
    measured = measurement.run(
        model,
        test_set.take(torch.arange(task.run.images)).to(device),
        task.run.plan,
        name=task.label,
        training_seed=config.seed,
        folder=Path(task.folder) / MEASURED,
        kernels=kernels,
        progress=lambda work: advance(work * network_cost),
    )
    return sorted(records.records_of(measured, run=task.run.id), key=lambda record: record.quantity == LAST)


def whole(found: Sequence[Record]) -> bool:
    """Whether these are all records of a run: LAST is written last, so where it stands, the others do."""
    return any(record.quantity == LAST for record in found)


def run_all(tasks: Sequence[Task], *, device: str, workers: int, quiet: bool, kernels: str = AUTO) -> list[Record]:
    """The records of all tasks, those on file read and the others made; in the order of the tasks.

    Raises
    ------
    InputError
        If another run works in the folder, and for whatever a run refuses; finished runs stay on file.
    """
    serial = choose(device).type == "cuda"
    folder = storage.output_folder("out", tasks[0].folder)
    with storage.locked(folder):
        done = by_run(_believed(folder / RECORDS))
        missing = [task for task in tasks if not whole(done.get(task.run.id, []))]
        _describe_runs(folder, tasks)
        with cli.bar(sum(task.cost for task in missing), "training and measuring", quiet=quiet) as advance:
            for task, found in finished(
                partial(execute, device_name=device, kernels=kernels),
                missing,
                cost=lambda task: task.cost,
                workers=1 if serial else workers,
                advance=advance,
            ):
                records.append(folder / RECORDS, found)
                done[task.run.id] = found
        _in_order(folder, tasks)
    return [record for task in tasks for record in done[task.run.id]]


def _in_order(folder: Path, tasks: Sequence[Task]) -> None:
    """Put the records of these tasks into their order, behind those of others: workers finish as chance has it."""
    on_file = [line for line in storage.read_lines(folder / RECORDS) if line is not None]
    place = {task.run.id: number for number, task in enumerate(tasks)}
    ordered = sorted(on_file, key=lambda line: place.get(line.get("run", ""), -1))
    if ordered != on_file:
        storage.write_atomic(folder / RECORDS, "".join(storage.checked_line(line) + "\n" for line in ordered))


def by_run(found: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the run that they belong to; of two of the same quantity and place the later one."""
    runs: dict[str, dict[Place, Record]] = {}
    for record in found:
        runs.setdefault(record.run, {})[record.quantity, record.grid, record.second] = record
    return {run: list(latest.values()) for run, latest in runs.items()}


def _believed(path: Path) -> list[Record]:
    """The records on file. Of a run that may have lost one to a damaged line none: it is recorded again.

    Records of a run are added all at once, so that a damaged line belongs to the run of the next whole line above it
    or below it, or to one of which no line is whole.
    """
    found = records.read_sound(path)
    again = "runs that this may belong to are recorded again, from their arrays and networks where these are on file"
    storage.tell_damaged(path, found, again=again)
    damaged = [number for number, record in enumerate(found) if record is None]
    beside = [record for number in damaged for record in (_next(found[:number][::-1]), _next(found[number:]))]
    doubtful = {record.run for record in beside if record is not None}
    kept = [record for record in found if record is not None and record.run not in doubtful]
    if damaged:
        storage.write_atomic(path, "".join(records.line(record) + "\n" for record in kept))
    return kept


def _next(found: Sequence[Record | None]) -> Record | None:
    return next((record for record in found if record is not None), None)


def _describe_runs(folder: Path, tasks: Sequence[Task]) -> None:
    """The config of every run, once, beside the records; a damaged line goes."""
    known, found = read_configs(folder), storage.read_lines(folder / CONFIGS)
    if None in found:
        whole_lines = (storage.checked_line(line) + "\n" for line in found if line is not None)
        storage.write_atomic(folder / CONFIGS, "".join(whole_lines))
    new = {task.run.id: task.run.content for task in tasks if task.run.id not in known}
    if new:
        described = [{"schema": SCHEMA, "run": run, "config": content} for run, content in new.items()]
        storage.append_lines(folder / CONFIGS, map(storage.checked_line, described))


def read_configs(folder: Path) -> dict[str, RunConfig]:
    """The configs of a folder by run id.

    Raises
    ------
    InputError
        If a stored config does not have the id that it is filed under, or is none of this package.
    """
    found = {}
    for line in storage.whole_lines(folder / CONFIGS, again="the next run of the command describes its runs again"):
        try:
            run, content = line["run"], line["config"]
            actual = storage.content_id(content)
            found[run] = RunConfig.from_content(content)
        except (KeyError, TypeError) as error:
            raise checks.InputError(
                f"{str(folder / CONFIGS)!r} holds a line that is no config of this version ({error}); name another "
                "folder, or delete this one to make the runs again"
            ) from None
        if actual != run:
            raise checks.InputError(
                f"{str(folder / CONFIGS)!r} files a config under {run}, but its id is {actual}; restore the file"
            )
    return found
