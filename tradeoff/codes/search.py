"""Words found by trying: for sizes that no construction has. A refusal says whether it is a proof."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from tradeoff.shared import checks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1 << 22
"""Longest word: its correlations take a second or two."""

EXHAUSTIVE = 20
"""Up to this length every word is tried."""

FLIPS, WORK = 100_000, 3 * 10**8
"""Bit flips tried before giving up: at most FLIPS, and about WORK / K, since one costs K operations. Seconds."""


def search(length: int, step: int, *, min_distance: float | Fraction = Fraction(3, 8), seed: int = 0) -> str:
    """A word that differs from each of its K - 1 other shifts in at least min_distance * length places.

    Up to length 20 it is a random one of all such words. Above, random words are improved bit by bit, while a flip
    lowers the sum of (A_j - A)^2 over the integer correlations A_j = length - 2 distance_j that exceed A, the least
    that their maximum can be. The path does not depend on min_distance, which only ends it: a search for what a
    refusal calls its best finds it.

    At 3/8, the distance of Section 3 of Kamath et al., a word exists for every length >= 2 and every step but
    (6, 1): every length up to 400 is searched in the tests, and above 161 a union bound over the lags proves it.

    Parameters
    ----------
    length, step : int
        d and the paper's m, which must divide it. With K = length/step = 1 no other shift exists: any word will do.
    min_distance : float or Fraction
        Smallest relative distance, in (0, 1]. A float stands for the nearest fraction with a denominator of at most
        10^7, so that 0.4 means 2/5; comparisons are exact.
    seed : int
        Another seed, another word.

    Raises
    ------
    InputError
        No word was found. That none exists is proved up to length 20, and above when the sum of the A_j excludes it
        (Plotkin 1960): over all K shifts it is a sum of squares, so that the relative distance is at most
        K / (2 (K - 1)), or a little less as A_j = length modulo 4. Otherwise a refusal proves nothing, and says so.

    Examples
    --------
    >>> search(15, 5)
    '-+--++--++--+--'
    """
    checks.at_most("length", checks.at_least("length", length, 1, what="the number of letters"), LONGEST)
    shifts = length // checks.divisor(step, length)
    share = checks.share("min_distance", min_distance)
    import numpy as np

    rng = np.random.default_rng(checks.at_least("seed", seed, 0, what="the number of a random stream"))
    if shifts == 1:
        return _written(rng.integers(0, 2, length))
    if length <= EXHAUSTIVE:
        return _any_of_all(length, step, share, rng)
    limit = Fraction(length - _least_largest(length, step), 2 * length)
    if share > limit:
        raise checks.InputError(
            f"min_distance={share} cannot be had by any word of length={length} with step={step}: the integer "
            f"correlations with its {shifts} shifts, itself among them, sum to at least {_least_sum(length, step)} and "
            f"equal {length} modulo 4, which leaves a relative distance of at most {limit}; "
            f"use min_distance={limit} or less, or a larger step"
        )
    return _climb(length, step, share, rng, seed)


def _least_sum(length: int, step: int) -> int:
    """Of the correlations with all K shifts: the squared sums of ``step`` columns of K letters, odd for odd K."""
    return step if length // step % 2 else 0


def _least_largest(length: int, step: int) -> int:
    """A value that the largest of the K - 1 nontrivial integer correlations of a word cannot stay below."""
    mean = ceil(Fraction(_least_sum(length, step) - length, length // step - 1))
    return mean + (length - mean) % 4


def _any_of_all(length: int, step: int, share: Fraction, rng: np.random.Generator) -> str:
    """A random one of the words that reach ``share``, out of all 2^length."""
    import numpy as np

    distances = _all_distances(length, step)
    needed = ceil(share * length)
    good = np.flatnonzero(distances >= needed)
    if good.size:
        return _written(rng.choice(good) >> np.arange(length) & 1)
    best = Fraction(int(distances.max()), length)
    larger = (s for s in range(step + 1, length) if length % s == 0 and _all_distances(length, s).max() >= needed)
    raise checks.InputError(
        f"no word of length={length} differs from all its shifts by step={step} in a share min_distance={share} of "
        f"its places: all {2**length} words were tried; the best has relative distance {best}; "
        f"use min_distance={best} or try length={length}, step={next(larger, length)}"
    )


def _all_distances(length: int, step: int) -> NDArray[np.int64]:
    """(2^length,) smallest distance of each word, read as a binary number, from its other shifts."""
    import numpy as np

    words = np.arange(1 << length, dtype=np.uint32)
    least = np.full(words.size, length, dtype=np.uint8)
    for lag in range(step, length // 2 + 1, step):  # a lag and its negative have the same distance
        turned = (words >> np.uint32(lag) | words << np.uint32(length - lag)) & np.uint32((1 << length) - 1)
        np.minimum(least, np.bitwise_count(words ^ turned), out=least)
    return least.astype(np.int64)


def _climb(length: int, step: int, share: Fraction, rng: np.random.Generator, seed: int) -> str:
    """The first good word on the path of random words and bit flips."""
    most = floor(length * (1 - 2 * share))  # correlation <= most if and only if distance >= share * length
    budget = min(FLIPS, 200 + WORK * step // length)
    best = length
    for columns, largest in _path(length, step, rng, budget):
        if largest <= most:
            return _written(columns.T.ravel() < 0)
        best = min(best, largest)
    found = Fraction(length - best, 2 * length)
    raise checks.InputError(
        f"no word of length={length}, step={step} with min_distance={share} was found, which proves nothing: "
        f"{budget} bit flips of random words were tried with seed={seed}; the best has relative distance {found}; "
        f"use another seed or min_distance={found}"
    )


def _path(length: int, step: int, rng: np.random.Generator, budget: int) -> Iterator[tuple[NDArray[np.int64], int]]:
    """Random words and their improvements: (step, K) columns and the largest of their nontrivial correlations."""
    import numpy as np

    from tradeoff.codes.groups import autocorrelation

    target, flips = _least_largest(length, step), 0
    while flips < budget:
        columns = 2 * rng.integers(0, 2, (step, length // step)) - 1  # row i: coordinates i, i + step, ...
        overlaps = autocorrelation(columns.T.ravel().astype(np.int8))[step::step]
        improved = True
        yield columns, int(overlaps.max())
        while improved and flips < budget:
            improved = False
            for place in rng.permutation(length)[: budget - flips]:
                flips += 1
                column, row = columns[place % step], place // step
                seen = np.concatenate([column[row:], column[:row]])
                moved = overlaps - 2 * seen[0] * (seen[1:] + seen[:0:-1])  # only the column's own terms change
                if _excess(moved, target) < _excess(overlaps, target):
                    column[row], overlaps, improved = -column[row], moved, True
                    yield columns, int(overlaps.max())


def _excess(overlaps: NDArray[np.int64], target: int) -> int:
    """Sum of squares above the target; integers, so that a seed gives the same word everywhere."""
    import numpy as np

    over = np.maximum(overlaps - target, 0)
    return int(over @ over)


def _written(minus: NDArray[np.generic]) -> str:
    """0 as + and 1 as -."""
    return "".join("-" if bit else "+" for bit in minus)
