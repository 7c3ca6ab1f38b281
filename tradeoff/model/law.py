"""The law of (X, Y) in Section 3 of Kamath et al., for any word, step, p and signal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes.word import Word
from tradeoff.model import normal_variates
from tradeoff.shared import checks
from tradeoff.shared.names import quoted


@dataclass(frozen=True)
class CyclicGaussian:
    """Y is -1 or 1, each with probability 1/2; X_0 = Y with probability p, else -Y; X_t ~ N(s Y c_t / sqrt(d), 1).

    Parameters
    ----------
    word : Word
        The word c of length d and its shifts.
    p : float
        Probability that x_0 shows the label, in [1/2, 1).
    signal : float
        s, the length of the mean vector; the paper has 2.

    Examples
    --------
    >>> from tradeoff.codes.word import cyclic_word
    >>> law = CyclicGaussian(cyclic_word("+++--+-", step=1), p=0.7)
    >>> x0, x, y = law.sample(5, np.random.default_rng(0))
    >>> x0.shape, x.shape, y.shape
    ((5,), (5, 7), (5,))
    """

    word: Word
    p: float
    signal: float = 2.0

    def __post_init__(self) -> None:
        if not isinstance(self.word, Word):
            raise checks.InputError(
                f"word={quoted(self.word)} is no Word with a group that moves it; write cyclic_word('++-+', step=1)"
            )
        object.__setattr__(self, "p", checks.reliability("p", self.p))
        object.__setattr__(self, "signal", checks.signal("signal", self.signal))

    @property
    def log_odds(self) -> float:
        """L = log(p / (1 - p)), the evidence in the sign of x_0."""
        return math.log(self.p / (1 - self.p))

    def eps(self, scaled_radius: float) -> float:
        """The l_inf radius in feature units, a / sqrt(d)."""
        return checks.radius("scaled_radius", scaled_radius) / math.sqrt(self.word.length)

    def sample(
        self, n: int, rng: np.random.Generator, *, compiled: bool = False
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """n independent draws: x_0 (n,) and labels (n,) in {-1, 1}, x_1..x_d as (n, length)."""
        y = np.where(rng.random(n) < 0.5, 1.0, -1.0)
        x0 = np.where(rng.random(n) < self.p, y, -y)
        return x0, normal_variates.around(rng, self.signal * y, self.word.unit, compiled=compiled), y
