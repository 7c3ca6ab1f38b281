"""``python -m empirical examples``: the networks inside this package, trained again and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from empirical.commands import PROGRAM
from tradeoff.shared import cli
from tradeoff.shared.cli import Command

ABOUT = """\
Trains the six small networks that are inside this package again, on the digits inside scikit-learn, and says for each
whether its weights equal the shipped ones bit for bit (so on the same machine), or how far they are. Interrupted and
run again, it goes on where it was."""


@dataclass(frozen=True)
class ExampleOptions:
    """Where the remade examples go."""

    workers: int = cli.workers_option("train on the CPU")
    out: str = cli.out_option("the networks", "runs/examples")
    quiet: bool = cli.quiet_option()


def _examples(given: dict[str, Any]) -> int:
    """Train them and say how far each is from the shipped one."""
    options = ExampleOptions(**given)
    from empirical.training import example_networks

    for one in example_networks.remake(Path(options.out), workers=options.workers, quiet=options.quiet):
        cli.show(str(one))
    return 0


COMMAND = Command(f"{PROGRAM} examples", ABOUT, (ExampleOptions,), _examples)
