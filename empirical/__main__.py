"""``python -m empirical``: one command after the other; each is a file in `empirical.commands`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from empirical.commands import COMMANDS, PROGRAM
from tradeoff.shared import checks, cli
from tradeoff.shared.names import quoted

TEXT = """\
empirical: real networks trained and attacked on real images, beside the model's predictions.

  python -m empirical measure --model example:std_theta0 example:std_eps01
                                                 a network of yours on both sides of the trade-off; see measure --help
  python -m empirical verify DIR --model SPEC    re-verify a measurement: its adversarial images, and all it published
  python -m empirical models --data cifar10      the networks that train knows: parameters, operations, options
  python -m empirical reproduce digits           Table 1 networks on the digits inside scikit-learn, both directions
  python -m empirical reproduce digits --help    options: scale, device, workers, out
  python -m empirical check-attack pgd           is an attack weak? known answers, paired tests, a bound
  python -m empirical check-attack mine.py:attack   the same for an attack of your own or of a library
  python -m empirical known-answers              the networks of known worst case as files, for any library
  python -m empirical examples                   train the six networks inside this package again, and compare
  python -m empirical figures rotation           a picture of the rotation convention
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Dispatch; 2 for input that cannot be used."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    kept = "; what is finished is kept, run the same command to go on"
    return cli.answered(PROGRAM, lambda: _command(given), interrupted=kept, extra="empirical")


def _command(given: list[str]) -> int:
    if cli.page(TEXT, given):
        return 0
    if given[0] not in COMMANDS:
        raise checks.InputError(f"command={quoted(given[0])} is unknown; use one of {', '.join(COMMANDS)}, or --help")
    return int(COMMANDS[given[0]](given[1:]))


if __name__ == "__main__":
    sys.exit(main())
