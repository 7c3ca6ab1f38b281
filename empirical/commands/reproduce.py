"""``python -m empirical reproduce``: an experiment from start to end, each step from files alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.commands import PROGRAM, named
from empirical.compare import curves as compare
from empirical.data import DATASETS
from empirical.experiments import engine
from empirical.experiments import levels as summary
from empirical.experiments.config import RunConfig
from empirical.experiments.kamath import digits as experiment
from empirical.report.figures import digits as figures
from empirical.report.text import digits as words
from empirical.statistics.records import Record
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import option, switch, text
from tradeoff.shared.drawing import encode

ABOUT = """\
Trains the networks of an experiment, measures their robustness and invariance profiles, and sets both directions of the
paper beside the model's prediction: a summary in words, one figure, and every count as a record. Interrupted and run
again, it goes on where it was."""
EXPERIMENTS = ("digits",)
SCALE_NAMES = ("smoke", "small")


@dataclass(frozen=True)
class ReproduceOptions:
    """How an experiment is run; none of it is part of a run's identity but the scale, which chooses the runs."""

    scale: str = option(
        text,
        "smoke (40 s, to see that it works) or small (10 minutes on 2 cores) (default: small)",
        metavar="NAME",
        default="small",
    )
    device: str = option(text, "auto, cpu or cuda (default: auto)", metavar="NAME", default="auto")
    workers: int = option(
        checks.integer, "processes that train and measure on the CPU (default: 2)", metavar="N", default=2
    )
    out: str | None = option(
        text, "folder for networks, records, figure (default: runs/digits-<scale>)", metavar="DIR", default=None
    )
    quiet: bool = option(switch, "no progress bar and no summary on the terminal", default=False)

    def __post_init__(self) -> None:
        checks.known("scale", self.scale, SCALE_NAMES)
        checks.at_least("workers", self.workers, 1, what="a number of processes")


def main(arguments: Sequence[str]) -> int:
    """Run the experiment that is named in front of the flags."""
    name, rest = named(arguments, "experiment", EXPERIMENTS)
    made = cli.parser(f"{PROGRAM} reproduce {name}", ABOUT, ReproduceOptions)
    options = ReproduceOptions(**cli.read(made, rest, ReproduceOptions)[0])
    digits(
        options.scale,
        device=options.device,
        workers=options.workers,
        folder=Path(options.out or f"runs/digits-{options.scale}"),
        quiet=options.quiet,
    )
    return 0


def digits(scale: str, *, device: str, workers: int, folder: Path, quiet: bool) -> list[Record]:
    """Run (or finish) the digits experiment, write summary and figure, and return the records."""
    tasks = experiment.tasks(DATASETS["digits"](), experiment.SCALES[scale], str(folder))
    records = engine.run_all(tasks, device=device, workers=workers, quiet=quiet)
    said = publish(folder, records, {task.run.id: task.run for task in tasks})
    if not quiet:
        print(said)
        print(
            f"\nWritten: {folder / 'records.jsonl'}, {folder / 'configs.jsonl'}, {folder / 'networks'}, "
            f"{folder / 'summary.txt'}, {folder / 'digits.png'}, {folder / 'digits.svg'}"
        )
    return records


def publish(folder: Path, records: list[Record], configs: dict[str, RunConfig]) -> str:
    """Summary and figure from records and configs; the summary."""
    levels = summary.levels(records, configs)
    said = words.text(levels, configs) + "\n\n" + compare.text()
    figure = figures.reproduce(levels, compare.curves(), data="enlarged scikit-learn digits", law=compare.LAW_TEXT)
    storage.write_atomic(folder / "summary.txt", said + "\n")
    for kind in ("png", "svg"):
        storage.write_atomic(folder / f"digits.{kind}", encode(figure, kind))
    return said
