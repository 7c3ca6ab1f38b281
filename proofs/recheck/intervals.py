"""Numbers as intervals of whole multiples of 2^-128, every function from its own series with a bound of the error."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

from proofs.recheck.limits import MOST_BITS, RefusedError, bounded, exponent, fraction

BITS = 128
ONE = 1 << BITS
Interval = tuple[int, int]
SERIES_ERROR = 1 << 12
"""Units of 2^-128 that a series of at most 200 terms, each rounded by a unit or two, can be wrong by; with its tail."""
NORMAL_ERROR = 1 << 66
"""The same for the series of Phi up to 8: its terms reach exp(32) < 2^47, so 200^2 2^47 units and some more."""
FAR, LARGE = 8, 1000
ROOT_2_PI = (
    Fraction(39894228040143267793994605993438186847, 10**38),
    Fraction(39894228040143267793994605993438186848, 10**38),
)
"""Between these lies 1/sqrt(2 pi)."""


def number(text: Any) -> Interval:
    value = fraction(text)
    return _floor(value), -_floor(-value)


def _floor(value: Fraction) -> int:
    return value.numerator * ONE // value.denominator


def rounded(value: int) -> str:
    """A number of units of 2^-128 as it is told."""
    return f"{value / ONE:.9g}" if value.bit_length() < LARGE else "a number of hundreds of digits"


def times(first: Interval, second: Interval) -> Interval:
    ends = [a * b for a in first for b in second]
    return min(ends) >> BITS, -(-max(ends) >> BITS)


def inverse(one: Interval) -> Interval:
    low, high = one
    if low <= 0 <= high:
        raise RefusedError("a quotient by an interval around 0")
    return ONE * ONE // high, -(-ONE * ONE // low)


def root(one: Interval) -> Interval:
    if one[0] < 0:
        raise RefusedError("the root of a negative number")
    return isqrt(one[0] * ONE), isqrt(one[1] * ONE) + 1


def power(base: Interval, by: Fraction) -> Interval:
    if by < 0:
        return inverse(power(base, -by))
    if by.denominator == 2:
        return power(root(base), 2 * by)
    if by.denominator != 1:
        raise RefusedError(f"the power {by} is not known here")
    result = (ONE, ONE)
    for _ in range(int(by)):
        result = bounded(times(result, base))
    return result


def _atanh_series(z: int) -> int:
    """2 atanh(z) for |z| <= 1/3, to SERIES_ERROR."""
    total, term, n = 0, z, 0
    square = z * z >> BITS
    while abs(term) > 1:
        total += term // (2 * n + 1)
        term, n = term * square >> BITS, n + 1
    return 2 * total


LOG_2 = _atanh_series(ONE // 3)


def _log(value: int) -> Interval:
    if value <= 0:
        raise RefusedError("the logarithm of a number that is not positive")
    places = value.bit_length() - 1 - BITS
    scaled = value >> places if places >= 0 else value << -places  # in [1, 2); the shift to the right loses a unit
    result = _atanh_series((scaled - ONE) * ONE // (scaled + ONE)) + places * LOG_2
    error = SERIES_ERROR * (2 + abs(places))
    return result - error, result + error


def _exp(value: int) -> Interval:
    places = value // LOG_2
    if abs(places) > MOST_BITS:
        raise RefusedError("the exponential of a number as large or as small is not known here")
    rest = value - places * LOG_2
    total, term, n = 0, ONE, 0
    while term > 0:
        total += term
        n += 1
        term = (term * rest >> BITS) // n
    error = SERIES_ERROR * (2 + abs(places))
    low, high = total - error, total + error
    return (low << places, high << places) if places >= 0 else (low >> -places, -(-high >> -places))


def _normal(value: int) -> Interval:
    """Phi at a point: 1/2 + sum (-1)^n x^(2n+1)/(n! 2^n (2n+1)) / sqrt(2 pi) up to |x| = 8, and 0 or 1 beyond."""
    if abs(value) > FAR * ONE:
        edge = _normal(FAR * ONE)[0]
        return (edge, ONE) if value > 0 else (0, ONE - edge)
    total, term, n = 0, value, 0
    square = value * value >> BITS
    while abs(term) > 1 or n < FAR * FAR:  # past n = x^2 each term is below half of the one before
        total += term // (2 * n + 1)
        n += 1
        term = -(term * square >> BITS) // (2 * n)
    around = (total - NORMAL_ERROR, total + NORMAL_ERROR)
    low, high = times(around, INVERSE_ROOT_2_PI)
    return ONE // 2 + low, ONE // 2 + high


INVERSE_ROOT_2_PI = (_floor(ROOT_2_PI[0]), _floor(ROOT_2_PI[1]) + 1)


def _rising(function: Any) -> Any:
    return lambda one: (function(one[0])[0], function(one[1])[1])


LEAST_PARTS = {"pi": 0, "^": 2}
MOST_PARTS = {"pi": 0, "^": 2, "Phi": 1, "log": 1, "exp": 1}
FUNCTIONS = {"Phi": _rising(_normal), "log": _rising(_log), "exp": _rising(_exp)}


def evaluate(tree: Any, letters: dict[str, Interval]) -> Interval:
    """An interval that contains a tree's values: [name, parts...], a letter, or a number as text."""
    if isinstance(tree, str):
        return letters[tree] if tree in letters else number(tree)
    return bounded(_value(*tree, letters=letters))


def _value(name: str, *parts: Any, letters: dict[str, Interval]) -> Interval:
    if not LEAST_PARTS.get(name, 1) <= len(parts) <= MOST_PARTS.get(name, len(parts)):
        raise RefusedError(f"{name} of {len(parts)} parts is not known here")
    if name == "pi":
        return inverse(times((2 * ONE, 2 * ONE), times(INVERSE_ROOT_2_PI, INVERSE_ROOT_2_PI)))
    if name == "^":
        return power(evaluate(parts[0], letters), exponent(parts[1]))
    values = [evaluate(one, letters) for one in parts]
    if name == "+":
        return sum(low for low, _ in values), sum(high for _, high in values)
    if name == "*":
        result = values[0]
        for one in values[1:]:
            result = bounded(times(result, one))
        return result
    if name not in FUNCTIONS:
        raise RefusedError(f"{name} is not known here")
    found: Interval = FUNCTIONS[name](values[0])
    return found
