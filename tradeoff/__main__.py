"""``python -m tradeoff``: what can be done here."""

import sys

from tradeoff import __version__
from tradeoff.shared import cli

TEXT = f"""\
tradeoff {__version__}: robustness to random shifts against l_inf robustness, in an exactly solvable model.

  python -m tradeoff.simulate          accuracies of decision rules, computed and sampled; Theorem 2 tested; a figure
  python -m tradeoff.simulate --help   all options: word, step, group, p, radii, rules, trials, ...
  python -m tradeoff.words             which words exist for a length and a step, with a picture
  python -m proofs                     the printed claims about this model, checked by machine
  python -m empirical                  real networks on real images, beside the prediction

In Python: from tradeoff.exact import accuracy, from tradeoff.sampled import montecarlo (docs/tutorials/theory.md)."""


def main() -> int:
    """Print the page; the exit code."""
    print(TEXT)
    return 0


if __name__ == "__main__":
    sys.exit(cli.answered("python -m tradeoff", main, interrupted=""))
