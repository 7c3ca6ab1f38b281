"""``python -m empirical reproduce``: an experiment from start to end, each step from files alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from empirical.commands import PROGRAM, device_option, front_option, kernels_option
from empirical.experiments import EXPERIMENTS, SCALE_NAMES
from empirical.report import REPORTS, SUMMARIES
from tradeoff.shared import cli
from tradeoff.shared.cli import Command, one_of, option
from tradeoff.shared.names import shown
from tradeoff.shared.result_files import Outputs

ABOUT = """\
Trains the networks of an experiment, measures their robustness and invariance profiles, and sets both directions of the
paper beside the model's prediction: a summary in words, one figure, and every count as a record. Interrupted and run
again, it goes on where it was."""


@dataclass(frozen=True)
class ReproduceOptions:
    """How an experiment is run; none of it is part of a run's identity but the scale, which chooses the runs."""

    experiment: str = front_option(
        one_of(EXPERIMENTS), "the experiment", metavar="NAME", missing=f"use one of {', '.join(EXPERIMENTS)}"
    )
    scale: str = option(
        one_of(SCALE_NAMES),
        "how much of everything: to see that it works, 40 s (smoke), or a quarter of an hour on 2 cores (small)",
        default="small",
    )
    workers: int = cli.workers_option("train and measure on the CPU")
    device: str = device_option()
    kernels: str = kernels_option()
    out: str | None = cli.out_option("networks, records, figure", usual="runs/NAME-SCALE")
    no_figure: bool = cli.no_figure_option()
    quiet: bool = cli.quiet_option()


def _reproduce(given: dict[str, Any]) -> int:
    """Run the experiment that is named in front of the flags, or finish it, and publish it."""
    options = ReproduceOptions(**given)
    name = options.experiment
    from empirical.experiments import engine

    folder = Path(options.out or f"runs/{name}-{options.scale}")
    tasks = EXPERIMENTS[name](options.scale, str(folder))
    records = engine.run_all(
        tasks, device=options.device, kernels=options.kernels, workers=options.workers, quiet=options.quiet
    )
    outputs, configs = Outputs(folder), {task.run.id: task.run for task in tasks}
    files = outputs.add("report", lambda: REPORTS[name](records, configs, drawn=not options.no_figure))
    if "summary.txt" in files:
        cli.show(SUMMARIES[name](records, configs))
    kept = [engine.RECORDS, engine.CONFIGS, engine.NETWORKS, engine.MEASURED]
    cli.mention("Written: " + ", ".join(shown(folder / file) for file in [*kept, *files]))
    outputs.check()
    return 0


COMMAND = Command(f"{PROGRAM} reproduce", ABOUT, (ReproduceOptions,), _reproduce)
