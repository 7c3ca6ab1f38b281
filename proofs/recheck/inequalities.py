"""Inequalities on boxes that tile a range, and between two numbers: what a file claims, and what was seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from proofs.recheck.intervals import BITS, ONE, Interval, RefusedError, evaluate, number

VERSION = 1
Ends = tuple[int, int]


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


def boxes(text: str) -> tuple[str, str]:
    """Re-check a file of boxes; what it claims, and what it shows in a few words."""
    head, *rows = text.splitlines()
    claim = opened(head)
    letters, ranges, shift = claim["letters"], claim["ranges"], BITS - claim["bits"]
    if not letters or len(set(letters)) < len(letters) or not all(map(str.isidentifier, letters)):
        raise RefusedError(f"letters {letters}: a range needs letters, each of them once, and no number is one")
    if shift < 0 or len(ranges) != len(letters) or not all(low < high for low, high in ranges):
        raise RefusedError("a range has a lower and a higher end")
    found: list[list[Ends]] = []
    signs: Counter[str] = Counter()
    for row in rows:
        sign, *ends = row.split()
        if len(ends) != 2 * len(letters):
            raise RefusedError(f"box {row}: a box has a lower and a higher end for each letter")
        if sign not in ("+", "-", "?"):
            raise RefusedError(f"box {row}: a sign is +, - or ?")
        pairs = [(int(ends[i]), int(ends[i + 1])) for i in range(0, len(ends), 2)]
        if not all(low < high for low, high in pairs):
            raise RefusedError(f"box {row}: a lower and a higher end, in this order")
        at = {name: (low << shift, high << shift) for name, (low, high) in zip(letters, pairs, strict=True)}
        if sign != "?":
            low, high = evaluate(claim["tree"], at)
            if not (low > 0 if sign == "+" else high < 0):
                raise RefusedError(f"box {row}: the sign is not shown, {low / ONE:.3g} to {high / ONE:.3g}")
        signs[sign] += 1
        found.append(pairs)
    if not tiles([(low, high) for low, high in ranges], found):
        raise RefusedError("the boxes do not tile the range")
    if claim["sign"] not in ("+", "-", ""):
        raise RefusedError("a claim for a whole range has a sign, + or -; a table has none")
    if claim["sign"] and set(signs) != {claim["sign"]}:
        raise RefusedError(f"the claim is {claim['sign']} all over, the boxes say {dict(signs)}")
    counted = ", ".join(f"{count} {sign}" for sign, count in sorted(signs.items()))
    return claim["sign"] or f"table: {counted}", f"{len(rows)} boxes: {counted}"


def opened(line: str) -> dict[str, Any]:
    """The head of a file, if it is of this version."""
    claim: dict[str, Any] = json.loads(line)
    if claim["version"] != VERSION:
        raise RefusedError(f"version {claim['version']} is not {VERSION}")
    return claim


def one_number(text: str) -> tuple[str, str]:
    """Re-check that a number lies where the file says."""
    claim = opened(text)
    return between(evaluate(claim["tree"], {}), claim)


def between(value: Interval, claim: dict[str, Any]) -> tuple[str, str]:
    low, high = Fraction(claim["low"]), Fraction(claim["high"])
    if not (number(claim["low"])[1] <= value[0] and value[1] <= number(claim["high"])[0]):
        raise RefusedError(f"{value[0] / ONE:.9g} to {value[1] / ONE:.9g} is not between {low} and {high}")
    if low <= 0 <= high:
        raise RefusedError(f"0 lies between {low} and {high}: that shows no order")
    return "+" if low > 0 else "-", f"between {float(low):.9g} and {float(high):.9g}"
