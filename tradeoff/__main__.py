"""``python -m tradeoff``: what can be done here."""

from tradeoff import __version__

TEXT = f"""\
tradeoff {__version__}: robustness to random shifts against l_inf robustness, in an exactly solvable model.

  python -m tradeoff.simulate          accuracies of decision rules, computed and sampled; Theorem 2 tested; a figure
  python -m tradeoff.simulate --help   all options: word, step, group, p, radii, rules, trials, ...
  python -m tradeoff.words             which words exist for a length and a step, with a picture
  python -m proofs                     the printed claims about this model, checked by machine
  python -m empirical                  real networks on real images, beside the prediction

In Python: from tradeoff.exact import accuracy, from tradeoff.sampled import montecarlo (see the README's tour)."""

if __name__ == "__main__":
    print(TEXT)
