"""Inequalities on boxes that tile a range, and between two numbers: what a file claims, and what was seen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from proofs.recheck.intervals import BITS, Interval, evaluate, number, rounded
from proofs.recheck.limits import RefusedError, few, fraction, integer, missing_bits

VERSION = 1
Ends = tuple[int, int]


def tiles(whole: Sequence[Ends], boxes: Sequence[Sequence[Ends]]) -> bool:
    """Whether the boxes fill the whole and nothing else: one box alike, or two such sets on both sides of a cut."""
    if len(boxes) == 1:
        return list(boxes[0]) == list(whole)
    for side, (low, high) in enumerate(whole):
        ordered = sorted(boxes, key=lambda box: box[side][0])
        reached = list(accumulate((box[side][1] for box in ordered), max))
        # The boxes before each of these places end where those from there on begin, or before.
        places = [i for i in range(1, len(ordered)) if reached[i - 1] <= ordered[i][side][0]]
        if places:
            middle = min(places, key=lambda i: abs(2 * ordered[i][side][0] - low - high))
            cut, first, second = ordered[middle][side][0], list(whole), list(whole)
            first[side], second[side] = (low, cut), (cut, high)
            return tiles(first, ordered[:middle]) and tiles(second, ordered[middle:])
    return False


def boxes(text: str) -> tuple[str, str]:
    """Re-check a file of boxes; what it claims, and what it shows in a few words."""
    head, *rows = text.splitlines()
    claim = opened(head)
    few(rows, claim["tree"])
    letters, ranges, shift = claim["letters"], claim["ranges"], missing_bits(claim["bits"], BITS)
    if not letters or len(set(letters)) < len(letters) or not all(map(str.isidentifier, letters)):
        raise RefusedError(f"letters {letters}: a range needs letters, each of them once, and no number is one")
    if len(ranges) != len(letters) or not all(low < high for low, high in ranges):
        raise RefusedError("a range has a lower and a higher end")
    found: list[list[Ends]] = []
    signs: Counter[str] = Counter()
    for row in rows:
        sign, *ends = row.split()
        if len(ends) != 2 * len(letters):
            raise RefusedError(f"box {row}: a box has a lower and a higher end for each letter")
        if sign not in ("+", "-", "?"):
            raise RefusedError(f"box {row}: a sign is +, - or ?")
        pairs = [(integer(ends[i]), integer(ends[i + 1])) for i in range(0, len(ends), 2)]
        if not all(low < high for low, high in pairs):
            raise RefusedError(f"box {row}: a lower and a higher end, in this order")
        at = {name: (low << shift, high << shift) for name, (low, high) in zip(letters, pairs, strict=True)}
        if sign != "?":
            low, high = evaluate(claim["tree"], at)
            if not (low > 0 if sign == "+" else high < 0):
                raise RefusedError(f"box {row}: the sign is not shown, {rounded(low)} to {rounded(high)}")
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
    low, high = fraction(claim["low"]), fraction(claim["high"])
    if not (number(claim["low"])[1] <= value[0] and value[1] <= number(claim["high"])[0]):
        raise RefusedError(f"{rounded(value[0])} to {rounded(value[1])} is not between {low} and {high}")
    if low <= 0 <= high:
        raise RefusedError(f"0 lies between {low} and {high}: that shows no order")
    return "+" if low > 0 else "-", f"between {float(low):.9g} and {float(high):.9g}"
