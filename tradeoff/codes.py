"""A +-1 word and its orbit under cyclic shifts: the part of coding theory that the model needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradeoff import checks, shifts


@dataclass(frozen=True, eq=False)
class Patterns:
    """The K-patterns of a word up to sign, each shown with a leading +.

    All accuracies depend on the word through ``signs`` and ``frequencies`` alone, and on the length only through
    the radius of the attack.
    """

    signs: NDArray[np.float64]  # (P, shifts), entries -1 and 1
    frequencies: NDArray[np.float64]  # (P,), sum 1
    index: NDArray[np.intp]  # (length,) pattern of each coordinate
    leading: NDArray[np.float64]  # (length,) -1 where the coordinate shows the negative of its pattern


@dataclass(frozen=True)
class CyclicWord:
    """A generator word c in {-1, 1}^d with the shifts r_j by multiples of ``step``.

    Parameters
    ----------
    text : str
        The word, written with + and -.
    step : int
        The paper's m: coordinates moved by the smallest shift; must divide the length.

    Errors
    ------
    InputError
        Another letter than + and -, or a step that does not divide the length.

    Notes
    -----
    Section 3 of Kamath et al. calls the orbit of one word a cyclic code. In coding theory a cyclic code is a
    linear span; only the orbit matters here.

    Examples
    --------
    >>> word = CyclicWord("+++--+-", step=1)
    >>> word.correlations
    array([ 1.        , -0.14285714, -0.14285714, -0.14285714, -0.14285714,
           -0.14285714, -0.14285714])
    >>> word.relative_distance
    0.5714285714285714
    """

    text: str
    step: int

    def __post_init__(self) -> None:
        checks.word(self.text)
        checks.divisor(self.step, self.length)

    @property
    def length(self) -> int:
        """d, the number of coordinates beside x_0."""
        return len(self.text)

    @property
    def shifts(self) -> int:
        """K = length / step, the number of shifts, the identity among them."""
        return self.length // self.step

    @cached_property
    def signs(self) -> NDArray[np.int8]:
        """(length,) array of -1 and +1."""
        return np.where(np.frombuffer(self.text.encode(), dtype=np.uint8) == ord("+"), 1, -1).astype(np.int8)

    @cached_property
    def unit(self) -> NDArray[np.float64]:
        """(length,) array u = c / sqrt(d), the direction of the class mean."""
        return np.asarray(self.signs / np.sqrt(self.length))

    @cached_property
    def correlations(self) -> NDArray[np.float64]:
        """(shifts,) array rho_j = <u, r_j(u)>, rational with denominator d; rho_0 = 1."""
        return np.asarray(shifts.autocorrelation(self.signs)[:: self.step] / self.length)

    @cached_property
    def mean_correlation(self) -> float:
        """rho_bar: the mean of rho_j, equal to the squared length of the orbit's mean."""
        # Summed as integers: whether it is zero decides which formula applies.
        return int(shifts.autocorrelation(self.signs)[:: self.step].sum()) / (self.length * self.shifts)

    @property
    def relative_distance(self) -> float:
        """delta: smallest share of coordinates in which the word differs from another of its shifts.

        With one shift only (step = length) no other shift exists, and the answer is infinite.
        """
        if self.shifts == 1:
            return float("inf")
        return float(1 - self.correlations[1:].max()) / 2

    @cached_property
    def orbit(self) -> NDArray[np.float64]:
        """(shifts, length) array whose row j is r_j(u)."""
        return shifts.orbit(self.unit, self.step)

    @cached_property
    def patterns(self) -> Patterns:
        """What an orbit of coordinates sees: the pattern of t is (c_t, c_{t+m}, ..., c_{t+(K-1)m})."""
        columns = shifts.orbit(self.signs, self.step).T
        leading = columns[:, 0]
        found, index, counts = np.unique(columns * leading[:, None], axis=0, return_inverse=True, return_counts=True)
        return Patterns(found.astype(np.float64), counts / self.length, index.reshape(-1), leading.astype(np.float64))
