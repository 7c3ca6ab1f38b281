"""``python -m tradeoff.simulate``: a scenario in, a table, rows and a figure out. No mathematics here.

Only the flags are read at import, so that --help answers at once; the rest loads when a run starts.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from tradeoff.shared import cli
from tradeoff.shared.cli import Command
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import PROGRAM, run
from tradeoff.simulation.scenario import Scenario

DESCRIPTION = """\
How does robustness to random shifts trade against l_inf robustness, in the model of Kamath et al.?

Prints each rule's standard, spatial, adversarial and joint accuracy, computed and sampled, tests Theorem 2 as
printed and as corrected, and writes rows (JSON lines) and a figure. Without flags: length 64, four quarter turns,
the word whose shift correlations are exactly 1/4, p = 0.7."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, run, and return the exit code: 2 for input that cannot be used."""
    lost = " before anything was counted; nothing was written"
    return cli.answered(PROGRAM, lambda: COMMAND(arguments), interrupted=lost)


def _simulate(given: dict[str, Any], chosen: dict[str, Any]) -> int:
    options = RunOptions(**chosen)
    return run(resolve(given, options), options)


COMMAND = Command(PROGRAM, DESCRIPTION, (Scenario, RunOptions), _simulate)


if __name__ == "__main__":
    sys.exit(main())
