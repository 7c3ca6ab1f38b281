"""How robustness to random shifts trades against l_inf robustness, in one exactly solvable model.

The model is Section 3 of Kamath et al., "You can't have it all: On Spatial vs Adversarial Robustness of
Neural Network Models": labels, one reliable bit x_0, and a Gaussian vector whose mean is a +-1 word.
Importing this package computes nothing and loads nothing: import the module that you need, or run

    python -m tradeoff.simulate
"""

__version__ = "0.1.0"
