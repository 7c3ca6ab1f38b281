"""Re-check certificates with other means than they were made with: ``python proofs/recheck.py results/certificates``.

Nothing of the prover is used. A ``.boxes`` file claims the sign of an expression on boxes that tile a range; here it is
computed by intervals of whole multiples of 2^-128, every function from its own series with a bound of the error. A
``.smt2`` file claims that formulas have or do not have a solution; cvc5 is asked, if it is installed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import Any

VERSION = 1
BITS = 128
ONE = 1 << BITS
Interval = tuple[int, int]
Ends = tuple[int, int]
SERIES_ERROR = 1 << 12
"""Units of 2^-128 that a series of at most 200 terms, each rounded by a unit or two, can be wrong by; with its tail."""
NORMAL_ERROR = 1 << 52
"""The same for the series of Phi up to 6: its terms reach exp(18) < 2^27, so 200^2 2^27 units and some more."""
FAR = 6
ROOT_2_PI = (
    Fraction(39894228040143267793994605993438186847, 10**38),
    Fraction(39894228040143267793994605993438186848, 10**38),
)
"""Between these lies 1/sqrt(2 pi)."""


class RefusedError(ValueError):
    """A certificate that does not show what it claims."""


def number(text: str) -> Interval:
    value = Fraction(text)
    return _floor(value), -_floor(-value)


def _floor(value: Fraction) -> int:
    return value.numerator * ONE // value.denominator


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


def power(base: Interval, exponent: Fraction) -> Interval:
    if exponent < 0:
        return inverse(power(base, -exponent))
    if exponent.denominator == 2:
        return power(root(base), 2 * exponent)
    if exponent.denominator != 1:
        raise RefusedError(f"the power {exponent} is not known here")
    result = (ONE, ONE)
    for _ in range(int(exponent)):
        result = times(result, base)
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
    """Phi at a point: 1/2 + sum (-1)^n x^(2n+1)/(n! 2^n (2n+1)) / sqrt(2 pi) up to |x| = 6, and 0 or 1 beyond."""
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
    scale = (_floor(ROOT_2_PI[0]), _floor(ROOT_2_PI[1]) + 1)
    low, high = times(around, scale)
    return ONE // 2 + low, ONE // 2 + high


def _rising(function: Any) -> Any:
    return lambda one: (function(one[0])[0], function(one[1])[1])


FUNCTIONS = {"Phi": _rising(_normal), "log": _rising(_log), "exp": _rising(_exp)}


def evaluate(tree: Any, letters: dict[str, Interval]) -> Interval:
    """An interval that contains a tree's values: [name, parts...], a letter, or a number as text."""
    if isinstance(tree, str):
        return letters[tree] if tree in letters else number(tree)
    name, *parts = tree
    if name == "^":
        return power(evaluate(parts[0], letters), Fraction(parts[1]))
    values = [evaluate(one, letters) for one in parts]
    if name == "+":
        return sum(low for low, _ in values), sum(high for _, high in values)
    if name == "*":
        result = values[0]
        for one in values[1:]:
            result = times(result, one)
        return result
    if name not in FUNCTIONS:
        raise RefusedError(f"{name} is not known here")
    found: Interval = FUNCTIONS[name](values[0])
    return found


def tiles(whole: Sequence[Ends], boxes: Sequence[Sequence[Ends]]) -> bool:
    """Whether the boxes fill the whole and nothing else: one box alike, or two such sets on both sides of a cut."""
    if len(boxes) == 1:
        return list(boxes[0]) == list(whole)
    for side, (low, high) in enumerate(whole):
        cuts = sorted({box[side][0] for box in boxes} - {low}, key=lambda cut: abs(2 * cut - low - high))
        for cut in cuts:
            left = [box for box in boxes if box[side][1] <= cut]
            right = [box for box in boxes if box[side][0] >= cut]
            if left and right and len(left) + len(right) == len(boxes):
                first, second = list(whole), list(whole)
                first[side], second[side] = (low, cut), (cut, high)
                return tiles(first, left) and tiles(second, right)
    return False


def boxes(path: Path) -> str:
    """Re-check a file of boxes; what it shows in a few words."""
    head, *rows = path.read_text().splitlines()
    claim = json.loads(head)
    if claim["version"] != VERSION:
        raise RefusedError(f"version {claim['version']} is not {VERSION}")
    letters, shift = claim["letters"], BITS - claim["bits"]
    found: list[list[Ends]] = []
    signs: Counter[str] = Counter()
    for row in rows:
        sign, *ends = row.split()
        if sign not in ("+", "-", "?"):
            raise RefusedError(f"box {row}: a sign is +, - or ?")
        pairs = [(int(ends[i]), int(ends[i + 1])) for i in range(0, len(ends), 2)]
        at = {name: (low << shift, high << shift) for name, (low, high) in zip(letters, pairs, strict=True)}
        if sign != "?":
            low, high = evaluate(claim["tree"], at)
            if not (low > 0 if sign == "+" else high < 0):
                raise RefusedError(f"box {row}: the sign is not shown, {low / ONE:.3g} to {high / ONE:.3g}")
        signs[sign] += 1
        found.append(pairs)
    if not tiles([(low, high) for low, high in claim["ranges"]], found):
        raise RefusedError("the boxes do not tile the range")
    if path.name.startswith("ranges-") and claim["sign"] not in ("+", "-"):
        raise RefusedError("a claim for a whole range has a sign, + or -")
    if claim["sign"] and set(signs) != {claim["sign"]}:
        raise RefusedError(f"the claim is {claim['sign']} all over, the boxes say {dict(signs)}")
    return f"{len(rows)} boxes: " + ", ".join(f"{count} {sign}" for sign, count in sorted(signs.items()))


def question(path: Path) -> str:
    """Ask cvc5 a file of formulas; its answer must not contradict the status."""
    text = path.read_text()
    if f"certificate version {VERSION}:" not in text:
        raise RefusedError(f"this is not version {VERSION}")
    status = text.partition("(set-info :status ")[2].partition(")")[0]
    try:
        import cvc5
    except ModuleNotFoundError:
        return "not asked: cvc5 is not installed"
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("nl-ext-tplanes", "true")
    solver.setOption("rlimit", "1000000")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, path.name)
    symbols, answer = parser.getSymbolManager(), ""
    while not (command := parser.nextCommand()).isNull():
        answer += str(command.invoke(solver, symbols))
    if answer.split()[0] not in (status, "unknown"):
        raise RefusedError(f"cvc5 says {answer.split()[0]}, the file {status}")
    return answer.split()[0]


CHECKS = {".boxes": boxes, ".smt2": question}


def main(arguments: Sequence[str]) -> int:
    """Check every certificate in the given folders; 1 if one is refused or there is none."""
    paths = [path for folder in arguments for path in sorted(Path(folder).rglob("*")) if path.suffix in CHECKS]
    refused = 0
    for path in paths:
        try:
            print(f"{path.name}: {CHECKS[path.suffix](path)}")
        except Exception as error:  # whatever is wrong with one file, the others are checked
            refused += 1
            print(f"{path.name}: REFUSED, {type(error).__name__}: {error}")
    print(f"{len(paths)} certificates, {refused} refused")
    return 1 if refused or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
