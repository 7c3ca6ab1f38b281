"""``python -m empirical reproduce``: an experiment from start to end, each step from files alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.commands import PROGRAM, kernels_option, named
from empirical.experiments import EXPERIMENTS, SCALE_NAMES
from empirical.report import REPORTS
from tradeoff.shared import checks, cli
from tradeoff.shared.cli import option, place, switch, text
from tradeoff.shared.names import shown
from tradeoff.shared.result_files import Outputs

ABOUT = """\
Trains the networks of an experiment, measures their robustness and invariance profiles, and sets both directions of the
paper beside the model's prediction: a summary in words, one figure, and every count as a record. Interrupted and run
again, it goes on where it was."""


@dataclass(frozen=True)
class ReproduceOptions:
    """How an experiment is run; none of it is part of a run's identity but the scale, which chooses the runs."""

    scale: str = option(
        text,
        "smoke (40 s, to see that it works) or small (a quarter of an hour on 2 cores) (default: small)",
        metavar="NAME",
        default="small",
    )
    device: str = option(text, "auto, cpu or cuda (default: auto)", metavar="NAME", default="auto")
    workers: int = option(
        checks.integer, "processes that train and measure on the CPU (default: 2)", metavar="N", default=2
    )
    kernels: str = kernels_option()
    out: str | None = option(
        place, "folder for networks, records, figure (default: runs/NAME-SCALE)", metavar="DIR", default=None
    )
    quiet: bool = option(switch, "no progress bar and no summary on the terminal", default=False)

    def __post_init__(self) -> None:
        checks.known("scale", self.scale, SCALE_NAMES)
        checks.processes("workers", self.workers)


def main(arguments: Sequence[str]) -> int:
    """Run the experiment that is named in front of the flags, or finish it, and publish it."""
    name, rest = named(arguments, "experiment", list(EXPERIMENTS))
    made = cli.parser(f"{PROGRAM} reproduce {name}", ABOUT, ReproduceOptions)
    options = ReproduceOptions(**cli.read(made, rest, ReproduceOptions)[0])
    from empirical.experiments import engine

    folder = Path(options.out or f"runs/{name}-{options.scale}")
    tasks = EXPERIMENTS[name](options.scale, str(folder))
    records = engine.run_all(
        tasks, device=options.device, kernels=options.kernels, workers=options.workers, quiet=options.quiet
    )
    outputs = Outputs(folder)
    files = outputs.add("report", lambda: REPORTS[name](records, {task.run.id: task.run for task in tasks}))
    if not options.quiet:
        kept = [engine.RECORDS, engine.CONFIGS, engine.NETWORKS, engine.MEASURED]
        print(files.get("summary.txt", ""))
        print("Written: " + ", ".join(shown(folder / file) for file in [*kept, *files]))
    outputs.check()
    return 0
