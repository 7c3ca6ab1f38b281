"""``python -m empirical examples``: the networks inside this package, trained again and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from empirical.commands import PROGRAM
from tradeoff.shared import checks, cli
from tradeoff.shared.cli import option, place, switch

ABOUT = """\
Trains the six small networks that are inside this package again, on the digits inside scikit-learn, and says for each
whether its weights equal the shipped ones bit for bit (so on the same machine), or how far they are. Interrupted and
run again, it goes on where it was."""


@dataclass(frozen=True)
class ExampleOptions:
    """Where the remade examples go."""

    out: str = option(place, "folder for the networks (default: runs/examples)", metavar="DIR", default="runs/examples")
    workers: int = option(checks.integer, "processes that train on the CPU (default: 2)", metavar="N", default=2)
    quiet: bool = option(switch, "no progress bar", default=False)

    def __post_init__(self) -> None:
        checks.processes("workers", self.workers)


def main(arguments: Sequence[str]) -> int:
    """Train them and say how far each is from the shipped one."""
    made = cli.parser(f"{PROGRAM} examples", ABOUT, ExampleOptions)
    options = ExampleOptions(**cli.read(made, arguments, ExampleOptions)[0])
    from empirical.training import example_networks

    for one in example_networks.remake(Path(options.out), workers=options.workers, quiet=options.quiet):
        print(one)
    return 0
