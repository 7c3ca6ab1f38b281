"""An experiment from start to end: tasks -> records -> summary and figure, each step from files alone."""

from __future__ import annotations

from pathlib import Path

from empirical import compare, figures, summary, sweep
from empirical.data import DATASETS
from empirical.experiments import digits as experiment
from empirical.records import Record, RunConfig
from tradeoff import storage
from tradeoff.pictures import encode

ENLARGED = "the 1,797 digits of scikit-learn, enlarged from 8 x 8 to 28 x 28"


def digits(scale: str, *, device: str, workers: int, folder: Path, quiet: bool) -> list[Record]:
    """Run (or finish) the digits experiment, write summary and figure, and return the records."""
    tasks = experiment.tasks(DATASETS["digits"](), experiment.SCALES[scale], str(folder))
    records = sweep.run_all(tasks, device=device, workers=workers, quiet=quiet)
    text = publish(folder, records, {task.run.id: task.run for task in tasks})
    if not quiet:
        print(text)
        print(
            f"\nWritten: {folder / 'records.jsonl'}, {folder / 'configs.jsonl'}, {folder / 'networks'}, "
            f"{folder / 'summary.txt'}, {folder / 'digits.png'}, {folder / 'digits.svg'}"
        )
    return records


def publish(folder: Path, records: list[Record], configs: dict[str, RunConfig]) -> str:
    """Summary and figure from records and configs; the summary."""
    levels = summary.levels(records, configs)
    text = summary.text(levels, configs.values(), enlarged_from=ENLARGED) + "\n\n" + compare.text()
    steps = next(iter(configs.values())).measurement.attack_steps
    figure = figures.reproduce(
        levels, compare.curves(), data="enlarged scikit-learn digits", law=compare.LAW_TEXT, attack_steps=steps
    )
    storage.write_atomic(folder / "summary.txt", text + "\n")
    for kind in ("png", "svg"):
        storage.write_atomic(folder / f"digits.{kind}", encode(figure, kind))
    return text
