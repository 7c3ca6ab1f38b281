"""Finite groups that permute the coordinates x_1..x_d: what a "rotation" or a "translation" is in the model.

The paper has one of them: r_j moves the first step*j coordinates to the end (Section 3). Its index runs over
j = 1..K with K = length/step, and r_K is the identity; here every index runs over 0..K-1, and 0 is the identity.
Everything the model needs of a group is its action on coordinates: r_j(x) = x[places(j)].
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradeoff.shared import checks
from tradeoff.shared.arrays import cached_array

Array = NDArray[Any]
MOST_PLACES = 1 << 27
"""Places in the table of a group that has one: a gigabyte."""
MOST_QUOTIENTS = 2048
"""Elements of a tabulated group whose products are tabulated: some seconds."""
SMALL = 1 << 14
"""Up to so many numbers an orbit is built rather than Fourier transforms taken."""


class Group(Protocol):
    """A group acting on ``length`` coordinates, its elements numbered from 0 (the identity) to ``order`` - 1."""

    @property
    def name(self) -> str: ...

    @property
    def length(self) -> int: ...

    @property
    def order(self) -> int: ...

    def places(self, j: Array) -> Array:
        """(..., length) index arrays: r_j(x) = x[places(j)], for indices j of any shape."""
        ...

    def quotient(self, j: Array, k: Array) -> Array:
        """The index of r_j^-1 r_k, broadcast over both."""
        ...

    def agreements(self, signs: NDArray[np.int8]) -> NDArray[np.int64]:
        """(order,) exact integers <c, r_j(c)> of a +-1 word."""
        ...

    def overlaps(self, weights: Array, x: Array) -> Array:
        """(order,) inner products <weights, r_j(x)>."""
        ...

    def mean(self, x: Array) -> Array:
        """(length,) the mean of r_j(x) over the group."""
        ...


def index(group: Group, j: object, *, name: str = "shift") -> int:
    """The number of an element; of the cyclic group -1 is the shift the other way round."""
    number, least = checks.integer(name, j), 0
    if isinstance(group, Rolls) and len(group.shape) == 1:
        least = 1 - group.order
    if not least <= number < group.order:
        raise checks.InputError(
            f"{name}={number} names no element of a group of {group.order}; use {least} to {group.order - 1}, "
            "0 being the identity"
        )
    return number % group.order


def move(group: Group, x: Array, j: int) -> Array:
    """r_j(x) along the last axis: x without x_0, any shape (..., length)."""
    return np.take(x, group.places(np.array(j)), axis=-1)


def move_rows(group: Group, x: Array, j: Array) -> Array:
    """Row i of the (n, length) array ``x`` moved by r_{j[i]}."""
    return np.take_along_axis(x, group.places(j), axis=1)


def orbit(group: Group, x: Array, members: Array | None = None) -> Array:
    """(K, length) array whose rows are r_j(x), for all j or for the given ones."""
    return np.asarray(x[group.places(np.arange(group.order) if members is None else members)])


@dataclass(frozen=True)
class Rolls:
    """Cyclic rolls along the axes of an array: r_j rolls axis i by -steps[i] times digit i of j.

    One axis is the paper's group of shifts by multiples of ``step``; two axes are the translations of an image.
    Digits are those of `numpy.unravel_index`: the last axis runs fastest.

    >>> move(Rolls((6,), (2,)), np.array([1, 2, 3, 4, 5, 6]), 1)
    array([3, 4, 5, 6, 1, 2])
    """

    shape: tuple[int, ...]
    steps: tuple[int, ...]

    def __post_init__(self) -> None:
        shape, steps = tuple(self.shape), tuple(self.steps)
        if len(shape) != len(steps) or not shape:
            raise checks.InputError(f"shape={shape} and steps={steps} must have one number for each axis")
        lengths = tuple(checks.at_least("length", length, 1, what="the length of an axis") for length in shape)
        # Lists and whole floats become what equality and hashing need.
        object.__setattr__(self, "shape", lengths)
        object.__setattr__(self, "steps", tuple(map(checks.divisor, steps, lengths)))

    @property
    def name(self) -> str:
        return "cyclic" if len(self.shape) == 1 else "rolls"

    @property
    def length(self) -> int:
        return math.prod(self.shape)

    @property
    def order(self) -> int:
        return math.prod(self.counts)

    @property
    def counts(self) -> tuple[int, ...]:
        """Elements along each axis."""
        return tuple(length // step for length, step in zip(self.shape, self.steps, strict=True))

    def places(self, j: Array) -> Array:
        j = np.asarray(j)
        flat = np.zeros((*j.shape, 1), dtype=np.intp)
        digits = np.unravel_index(j, self.counts)
        for length, step, digit in zip(self.shape, self.steps, digits, strict=True):
            axis = (np.asarray(digit)[..., None] * step + np.arange(length)) % length
            flat = (flat[..., :, None] * length + axis[..., None, :]).reshape(*j.shape, -1)
        return flat

    def quotient(self, j: Array, k: Array) -> Array:
        j, k = np.broadcast_arrays(j, k)
        pairs = zip(np.unravel_index(j, self.counts), np.unravel_index(k, self.counts), self.counts, strict=True)
        return np.asarray(np.ravel_multi_index([(b - a) % count for a, b, count in pairs], self.counts))

    def agreements(self, signs: NDArray[np.int8]) -> NDArray[np.int64]:
        return self._thinned(autocorrelation(signs.reshape(self.shape)))

    def overlaps(self, weights: Array, x: Array) -> Array:
        if self.length * self.order <= SMALL:
            return np.asarray(orbit(self, x) @ weights)
        spectrum = np.fft.rfftn(x.reshape(self.shape)) * np.conj(np.fft.rfftn(weights.reshape(self.shape)))
        return self._thinned(np.fft.irfftn(spectrum, self.shape, axes=range(len(self.shape))))

    def mean(self, x: Array) -> Array:
        split = [n for count, step in zip(self.counts, self.steps, strict=True) for n in (count, step)]
        counted = tuple(range(0, len(split), 2))
        parts = np.broadcast_to(x.reshape(split).mean(axis=counted, keepdims=True), split)
        return np.asarray(parts.reshape(-1))

    def _thinned(self, lags: Array) -> Array:
        """The lags that are multiples of the steps, in the order of the elements."""
        return np.asarray(lags[tuple(slice(None, None, step) for step in self.steps)].reshape(-1))


@dataclass(frozen=True)
class Permutations:
    """Any group of permutations, given by all of them; build it with `permutations`, which checks that it is one."""

    name: str
    length: int
    order: int
    data: bytes  # the table: equal groups are equal values, and hashing is quick

    @cached_array
    def table(self) -> NDArray[np.int64]:
        """(order, length): row j holds the places of r_j."""
        return np.frombuffer(self.data, dtype=np.int64).reshape(self.order, self.length)

    @cached_array
    def _quotients(self) -> NDArray[np.intp]:
        number = {row.tobytes(): j for j, row in enumerate(self.table)}
        inverse = np.argsort(self.table, axis=1)
        return np.array([[number[row[back].tobytes()] for row in self.table] for back in inverse], dtype=np.intp)

    def places(self, j: Array) -> Array:
        return self.table[j]

    def quotient(self, j: Array, k: Array) -> Array:
        if self.order > MOST_QUOTIENTS:
            raise checks.InputError(
                f"a group of {self.order} elements given by its table is too large to compose; use at most "
                f"{MOST_QUOTIENTS} elements, or rolls"
            )
        return self._quotients[j, k]

    def agreements(self, signs: NDArray[np.int8]) -> NDArray[np.int64]:
        return np.asarray(signs[self.table] @ signs.astype(np.int64))

    def overlaps(self, weights: Array, x: Array) -> Array:
        return np.asarray(x[self.table] @ weights)

    def mean(self, x: Array) -> Array:
        return np.asarray(x[self.table].mean(axis=0))


def permutations(table: Array, *, name: str = "permutations") -> Permutations:
    """The group whose element j moves x to x[table[j]]; row 0 must be the identity.

    Raises
    ------
    InputError
        Unless the rows are different permutations that form a group.

    Examples
    --------
    >>> quarter = np.rot90(np.arange(4).reshape(2, 2)).reshape(-1)  # a picture of 2 x 2 pixels, turned
    >>> turns = [np.arange(4), quarter, quarter[quarter], quarter[quarter[quarter]]]
    >>> permutations(np.array(turns)).order
    4
    """
    try:
        given = np.asarray(table)
    except ValueError:
        given = np.empty(0)  # rows of different lengths
    if given.ndim != 2 or not given.size or given.dtype.kind not in "iu":
        raise checks.InputError(
            f"table has shape {given.shape} and type {given.dtype}; give one row of the whole numbers 0..length-1 for "
            "each element"
        )
    rows = np.ascontiguousarray(given, dtype=np.int64)
    order, length = rows.shape
    identity = np.arange(length)
    if (np.sort(rows, axis=1) != identity).any() or (rows[0] != identity).any():
        raise checks.InputError("table holds a row that is no permutation of 0..length-1, or row 0 is not the identity")
    known = {row.tobytes() for row in rows}
    if len(known) < order:
        raise checks.InputError(f"table has {order} rows and only {len(known)} different ones; leave repetitions away")
    # Of a finite set it is enough that products stay inside.
    for row in rows:
        if any(product.tobytes() not in known for product in rows[:, row]):
            raise checks.InputError("table is not closed: the product of two of its rows is not among them; add it")
    return Permutations(name, length, order, rows.tobytes())


def cyclic(length: int, step: int) -> Rolls:
    """The paper's group: shifts by multiples of ``step``."""
    return Rolls((length,), (step,))


def two_rolls(length: int, step: int) -> Rolls:
    """All cyclic translations of an image with columns of ``step`` pixels, written column after column.

    Moving one column to the left is the paper's shift by ``step``; element j = (columns moved) * step + (rows moved).
    """
    return Rolls((length // checks.divisor(step, length), step), (1, 1))


def dihedral(length: int, step: int) -> Permutations:
    """The shifts by multiples of ``step`` (elements 0..K-1), and each after a reversal of x (elements K..2K-1).

    >>> move(dihedral(6, 3), np.array([1, 2, 3, 4, 5, 6]), 2)
    array([6, 5, 4, 3, 2, 1])
    """
    shifts = cyclic(length, step)
    if 2 * shifts.order * length > MOST_PLACES:
        raise checks.InputError(
            f"the dihedral group of length={length} and step={step} has {2 * shifts.order} elements, whose table "
            f"would fill {16 * shifts.order * length / 1e9:.1f} GB; use a larger step, or the cyclic group"
        )
    plain = shifts.places(np.arange(shifts.order))
    if (length, step) in ((1, 1), (2, 1)):
        raise checks.InputError(f"length={length} with step={step}: its reversal is a shift; use the cyclic group")
    table = np.concatenate([plain, length - 1 - plain])
    return Permutations("dihedral", length, 2 * shifts.order, np.ascontiguousarray(table, dtype=np.int64).tobytes())


Scalar = TypeVar("Scalar", bound=np.generic)


def shift(x: NDArray[Scalar], step: int, j: int = 1) -> NDArray[Scalar]:
    """r_j(x) along the last axis: x without x_0, any shape (..., length).

    >>> shift(np.array([1, 2, 3, 4, 5, 6]), step=2)
    array([3, 4, 5, 6, 1, 2])
    """
    return np.roll(x, -step * j, axis=-1)


def autocorrelation(signs: NDArray[np.int8]) -> NDArray[np.int64]:
    """Sum of c_t c_{t+k} for every lag k, exact integers in O(d log d); lags have as many axes as the word.

    The floating-point transform is rounded; a periodic autocorrelation of a +-1 word is congruent to its
    length modulo 4, which proves the rounding right as long as its error stays below 2.

    >>> autocorrelation(np.array([1, 1, 1, -1, -1, 1, -1], dtype=np.int8))
    array([ 7, -1, -1, -1, -1, -1, -1])
    """
    length = signs.size
    spectrum = np.fft.rfftn(signs.astype(np.float64))
    raw = np.fft.irfftn(np.abs(spectrum) ** 2, signs.shape, axes=range(signs.ndim))
    exact = np.rint(raw).astype(np.int64)
    if np.abs(raw - exact).max() > 0.05 or ((exact - length) % 4).any() or exact.flat[0] != length:
        raise ArithmeticError(f"the autocorrelation of a word of length {length} was lost in rounding")
    return exact
