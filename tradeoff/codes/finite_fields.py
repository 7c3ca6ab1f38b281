"""Words from finite fields: maximal-length, Sidelnikov, quartic-class and BCH words.

Each builder takes ``(length, step)`` and refuses sizes that it does not have; a word that is good for step 1 is good
for every step, since a larger step only leaves shifts out. NumPy and galois (whose compiler takes seconds at its first
field) are loaded by the functions, not by this file.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import TYPE_CHECKING, Any

from tradeoff.shared import checks
from tradeoff.shared.names import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 1 << 22
"""Longest word: a few seconds of work, and every field needed has a Conway polynomial in the table of galois."""

LONGEST_BCH = (1 << 11) - 1
"""Longest BCH word: galois takes about seven seconds to build this code."""


def m_sequence(length: int, step: int) -> str:
    """Maximal-length word: every nontrivial correlation is exactly -1/length, for length 2^k - 1, k = 2..22.

    a_{t+k} is the sum of f_i a_{t+i} modulo 2 for a primitive polynomial f of degree k, started at 1, 0, ..., 0; an
    a_t of 0 is written +. The nonzero words of k bits each appear once, so a word and its shift agree in one place
    less than they differ (Golomb 1967, Shift Register Sequences).

    Raises
    ------
    InputError
        Another length, or a step that does not divide it.

    Examples
    --------
    >>> m_sequence(7, 1)
    '-++-+--'
    """
    rule = f"a length 2^k - 1 from 3 to {LONGEST - 1}"
    _size("m_sequence", length, step, rule, lambda n: 3 <= n <= LONGEST and n & (n + 1) == 0)
    import galois

    degree = length.bit_length()
    taps = int(galois.primitive_poly(2, degree)) - (1 << degree)
    state, bits = 1, bytearray()  # bit i of the state is a_{t+i}
    for _ in range(length):
        bits.append(state & 1)
        state = state >> 1 | ((state & taps).bit_count() & 1) << (degree - 1)
    return _written(bytes(bits))


def sidelnikov(length: int, step: int) -> str:
    """Sidelnikov word: length q - 1 for an odd prime power q; n^2 - 1 pixels for an odd prime power n.

    The sign at t is the quadratic character of g^t + 1, g a primitive element of the field of q elements, and + where
    g^t = -1. For q = 1 modulo 4, n^2 among them, nontrivial correlations times length are 0 or -4; for
    q = 3 modulo 4 they are 2 or -2, which at length 6 is above 1/4 (Sidelnikov 1969; Lempel, Cohn, Eastman 1977).

    Raises
    ------
    InputError
        Another length, or a step that does not divide it.

    Examples
    --------
    >>> sidelnikov(8, 1)
    '++-++---'
    """
    rule = f"length + 1 to be an odd prime power and length at most {LONGEST}"
    _size(
        "sidelnikov", length, step, rule, lambda n: 2 <= n <= LONGEST and n % 2 == 0 and prime_power(n + 1) is not None
    )
    import numpy as np

    prime, degree = prime_power(length + 1) or (0, 0)
    powers = primitive_powers(prime, degree)
    labels = powers @ prime ** np.arange(degree)
    # A table of squares instead of logarithms: even powers are squares, and 0 counts as one.
    minus = np.zeros(length + 1, dtype=np.uint8)
    minus[labels[1::2]] = 1
    successors = np.where(powers[:, 0] == prime - 1, labels - (prime - 1), labels + 1)
    return _written(minus[successors].tobytes())


def ding_helleseth_lam(length: int, step: int) -> str:
    """Quartic-class word: nontrivial correlations 1/p or -3/p, for a prime length p = x^2 + 4.

    The sign at t is + where t is g^i with i = 0 or 1 modulo 4, g a primitive root of p, and - elsewhere; the sign at 0
    does not matter, as those at k and -k differ (p = 5 modulo 8). Ding, Helleseth and Lam 1999.

    Raises
    ------
    InputError
        Another length, or a step that does not divide it.

    Examples
    --------
    >>> ding_helleseth_lam(13, 1)
    '-+++-++--+---'
    """

    def fits(n: int) -> bool:
        return 5 <= n <= LONGEST and n % 2 == 1 and isqrt(n - 4) ** 2 == n - 4 and prime_power(n) == (n, 1)

    rule = f"a prime length x^2 + 4 (5, 13, 29, 53, 173, ...) of at most {LONGEST}"
    _size("ding_helleseth_lam", length, step, rule, fits)
    import numpy as np

    exponents = np.arange(length - 1)
    minus = np.ones(length, dtype=np.uint8)
    minus[primitive_powers(length, 1)[exponents % 4 < 2, 0]] = 0
    return _written(minus.tobytes())


def bch(length: int, step: int, *, dimension: int | None = None, message: str | None = None) -> str:
    """A word of the narrow-sense primitive BCH code of a length 2^m - 1, m = 3..11, whose K shifts all differ.

    The code is cyclic, so two shifts of the word that differ do so in at least the code's designed distance (Bose and
    Ray-Chaudhuri 1960).

    Parameters
    ----------
    length, step : int
        The code's length, and the paper's m, which must divide it.
    dimension : int, optional
        k of the code. Default: the largest with designed distance >= 3/8 length: (length, k, distance) = (7, 4, 3),
        (15, 5, 7), (31, 6, 15), (63, 10, 27), (127, 15, 55), (255, 21, 111), (511, 31, 219), (1023, 46, 439),
        (2047, 67, 879). One exists for every m: k = m + 1 has distance (length - 1)/2.
    message : str, optional
        k letters 0 and 1, encoded systematically; 0 is written +. Default: 0...01, the first in counting order. It
        encodes the generator polynomial, which no smaller shift fixes: a word that a shift fixes generates a code of
        such words, and for k > 1 this code holds a maximal-length word, which is none.

    Raises
    ------
    InputError
        Another length or dimension, or a message whose word equals one of its other shifts: the code holds the
        all-ones word and, for larger k, words of smaller period. The paper's Section 3 names no such condition.

    Examples
    --------
    >>> bch(15, 1)
    '++++-+-++--+---'
    """
    rule = f"a length 2^m - 1 from 7 to {LONGEST_BCH}"
    _size("bch", length, step, rule, lambda n: 7 <= n <= LONGEST_BCH and n & (n + 1) == 0)
    distances = bch_distances(length)
    if dimension is None:
        dimension = max(k for k, distance in distances.items() if 8 * distance >= 3 * length)
    elif dimension not in distances:
        raise checks.InputError(
            f"dimension={dimension} is not that of a BCH code of length {length} (k = 1 has constant words only); "
            f"use one of {checks.shorten(sorted(distances))}"
        )
    first = "0" * (dimension - 1) + "1"
    message = first if message is None else message
    if len(message) != dimension or set(message) - set("01"):
        raise checks.InputError(
            f"message={quoted(message)} must have {dimension} letters 0 or 1 (the dimension); use message={first}"
        )
    import galois
    import numpy as np

    code: Any = galois.BCH(length, d=distances[dimension])  # by k it tries one distance after the other
    text = _written(np.asarray(code.encode(galois.GF2([int(bit) for bit in message])), dtype=np.uint8).tobytes())
    shifts = length // step
    size = next(j for j in range(1, shifts + 1) if text[step * j :] + text[: step * j] == text)
    if size < shifts:
        raise checks.InputError(
            f"message={message} gives a word with only {size} different shifts by step={step} instead of {shifts}: "
            f"it equals its own shift by {size * step}, at distance 0; use message={first}"
        )
    return text


def bch_distances(length: int) -> dict[int, int]:
    """Dimension above 1 -> designed distance of the narrow-sense BCH codes of length 2^m - 1, by cyclotomic cosets.

    >>> bch_distances(15)
    {11: 3, 7: 5, 5: 7}
    """
    zeros: set[int] = set()  # exponents e with g(alpha^e) = 0, closed under doubling
    found: dict[int, int] = {}
    for exponent in range(1, length):
        if exponent not in zeros:
            if zeros:
                found[length - len(zeros)] = exponent
            while exponent not in zeros:
                zeros.add(exponent)
                exponent = 2 * exponent % length
    return found


def prime_power(number: int) -> tuple[int, int] | None:
    """(p, k) with p^k = number and p prime, or nothing.

    >>> prime_power(361), prime_power(31), prime_power(21)
    ((19, 2), (31, 1), None)
    """
    if number < 2:
        return None
    prime = next((q for q in range(2, isqrt(number) + 1) if number % q == 0), number)
    degree, power = 1, prime
    while power < number:
        degree, power = degree + 1, power * prime
    return (prime, degree) if power == number else None


def primitive_powers(prime: int, degree: int) -> NDArray[np.int64]:
    """(q - 1, degree) array: row t holds the coefficients of g^t, constant first; g generates the units of GF(q).

    >>> primitive_powers(5, 1).ravel().tolist()
    [1, 2, 4, 3]
    """
    import galois
    import numpy as np

    if degree == 1:
        jump = np.array([[galois.primitive_root(prime)]])
    else:
        # Multiplication by x modulo the Conway polynomial; a galois field of this order would be compiled anew.
        lowest_first = np.array(galois.conway_poly(prime, degree).coeffs[::-1], dtype=np.int64)
        jump = np.vstack([np.eye(degree, k=1, dtype=np.int64)[:-1], -lowest_first[:-1] % prime])
    powers = np.eye(1, degree, dtype=np.int64)
    while len(powers) < prime**degree - 1:
        powers = np.vstack([powers, powers @ jump % prime])
        jump = jump @ jump % prime
    return powers[: prime**degree - 1]


def _size(family: str, length: int, step: int, rule: str, fits: Callable[[int], bool]) -> None:
    """Refuse a length that a family does not have, naming the nearest one and a step like the wanted one."""
    if not fits(length):
        start = min(max(length, 1), LONGEST)
        near = (size for gap in range(LONGEST) for size in (start - gap, start + gap))
        size = next(size for size in near if fits(size))
        best = max(divisor for divisor in range(1, max(step, 1) + 1) if size % divisor == 0)
        raise checks.InputError(f"family={family} needs {rule}, got length={length}; try length={size}, step={best}")
    checks.divisor(step, length)


def _written(minus: bytes) -> str:
    """Bytes 0 and 1 as + and -."""
    return minus.translate(bytes.maketrans(b"\0\1", b"+-")).decode()
