"""A +-1 word and its orbit under a group: the part of coding theory that the model needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from tradeoff.codes import groups
from tradeoff.codes.groups import Group
from tradeoff.shared import checks
from tradeoff.shared.arrays import cached_array, freeze_fields

MOST_PRODUCTS = 1 << 24
"""Inner products held at once; factoring a matrix of that size takes a minute."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """The patterns of a word up to sign, each shown with a leading +: what the orbit of one coordinate shows.

    All accuracies depend on the word through ``signs`` and ``frequencies`` alone, and on the length only through
    the radius of the attack.
    """

    signs: NDArray[np.float64]  # (P, members), entries -1 and 1
    frequencies: NDArray[np.float64]  # (P,), sum 1
    index: NDArray[np.intp]  # (length,) pattern of each coordinate
    leading: NDArray[np.float64]  # (length,) -1 where the coordinate shows the negative of its pattern

    def __post_init__(self) -> None:
        freeze_fields(self)

    @property
    def texts(self) -> list[str]:
        """Each pattern written with + and -."""
        return ["".join("+" if sign > 0 else "-" for sign in row) for row in self.signs]


@dataclass(frozen=True)
class Word:
    """A word c in {-1, 1}^d and the group that moves it: r_j(c) for j = 0..K-1, r_0 the identity.

    Parameters
    ----------
    text : str
        The word, written with + and -.
    group : Group
        Acts on as many coordinates as the word has letters.

    Raises
    ------
    InputError
        Another letter than + and -, or a group of another length.

    Notes
    -----
    Section 3 of Kamath et al. calls the orbit of one word under shifts a cyclic code. In coding theory a cyclic
    code is a linear span; only the orbit matters here.

    Examples
    --------
    >>> word = Word("+++-", groups.dihedral(4, 2))  # two shifts, and both after a reversal
    >>> word.correlations
    array([1., 0., 0., 0.])
    """

    text: str
    group: Group

    def __post_init__(self) -> None:
        checks.word(self.text)
        if len(self.text) != self.group.length:
            raise checks.InputError(
                f"word has {len(self.text)} letters and the group moves {self.group.length} coordinates; "
                "make them equal"
            )

    @property
    def length(self) -> int:
        """d, the number of coordinates beside x_0."""
        return len(self.text)

    @property
    def shifts(self) -> int:
        """K, the number of elements of the group, the identity among them."""
        return self.group.order

    @cached_array
    def signs(self) -> NDArray[np.int8]:
        """(length,) array of -1 and +1."""
        return np.where(np.frombuffer(self.text.encode(), dtype=np.uint8) == ord("+"), 1, -1).astype(np.int8)

    @cached_array
    def unit(self) -> NDArray[np.float64]:
        """(length,) array u = c / sqrt(d), the direction of the class mean."""
        return np.asarray(self.signs / np.sqrt(self.length))

    @cached_array
    def agreements(self) -> NDArray[np.int64]:
        """(K,) exact integers <c, r_j(c)> = length - 2 distance."""
        return self.group.agreements(self.signs)

    @cached_array
    def correlations(self) -> NDArray[np.float64]:
        """(K,) array rho_j = <u, r_j(u)>, rational with denominator d; rho_0 = 1."""
        return np.asarray(self.agreements / self.length)

    @cached_property
    def mean_correlation(self) -> float:
        """rho_bar: the mean of rho_j, equal to the squared length of the orbit's mean."""
        # Summed as integers: whether it is zero decides which formula applies.
        return int(self.agreements.sum()) / (self.length * self.shifts)

    @property
    def relative_distance(self) -> float:
        """delta: smallest share of coordinates in which the word differs from another element of its orbit.

        With the identity alone no other element exists, and the answer is infinite.
        """
        if self.shifts == 1:
            return float("inf")
        return float(1 - self.correlations[1:].max()) / 2

    def gram(self, rows: Sequence[int], columns: Sequence[int]) -> NDArray[np.float64]:
        """(rows, columns) inner products <r_j(u), r_k(u)> = rho of r_j^-1 r_k."""
        if len(rows) * len(columns) > MOST_PRODUCTS:
            raise checks.InputError(
                f"the inner products of {len(rows)} and {len(columns)} moved words would fill "
                f"{24e-9 * len(rows) * len(columns):.0f} GB; use a larger step, fewer members or rules other than "
                "augmented, or sample in Python (tradeoff.sampled.montecarlo, path='orbit')"
            )
        j, k = np.asarray(rows)[:, None], np.asarray(columns)[None, :]
        return np.asarray(self.correlations[self.group.quotient(j, k)])

    @cached_array
    def orbit(self) -> NDArray[np.float64]:
        """(K, length) array whose row j is r_j(u)."""
        return groups.orbit(self.group, self.unit)

    @cached_array
    def mean(self) -> NDArray[np.float64]:
        """(length,) the mean of the orbit, of squared length rho_bar."""
        return self.group.mean(self.unit)

    @property
    def different(self) -> int:
        """How many different words the orbit holds: fewer than K when the word equals one of its own shifts."""
        return self.shifts // int((self.agreements == self.length).sum())

    @property
    def patterns(self) -> Patterns:
        """What the orbit of a coordinate shows: the pattern of t is (r_0(c)_t, r_1(c)_t, ..., r_{K-1}(c)_t)."""
        return patterns(self, tuple(range(self.shifts)))


def cyclic_word(text: str, step: int) -> Word:
    """A word with the paper's group: shifts by multiples of ``step`` (the paper's m), which must divide the length.

    >>> word = cyclic_word("+++--+-", step=1)
    >>> word.correlations
    array([ 1.        , -0.14285714, -0.14285714, -0.14285714, -0.14285714,
           -0.14285714, -0.14285714])
    >>> word.relative_distance
    0.5714285714285714
    """
    return Word(text, groups.cyclic(len(checks.word(text)), step))


@lru_cache(maxsize=64)
def patterns(word: Word, members: tuple[int, ...]) -> Patterns:
    """The patterns of the given elements of the group alone."""
    columns = groups.orbit(word.group, word.signs, np.array(members)).T
    leading = columns[:, 0]
    found, index, counts = np.unique(columns * leading[:, None], axis=0, return_inverse=True, return_counts=True)
    return Patterns(found.astype(np.float64), counts / word.length, index.reshape(-1), leading.astype(np.float64))
