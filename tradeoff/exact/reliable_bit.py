"""What an attack can do to x_0, the reliable bit: nothing below eps = 1, everything above.

Everything here is seen from the label: a rule's weight b on sign(x_0) counts for the label when x_0 agrees with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One of the cases of (label, x_0): its probability and whether x_0 ``agrees`` with the label.

    ``least`` and ``most``: the scores, times the label, between which an attack can choose what sign(x_0) contributes.
    """

    probability: float
    agrees: bool
    least: float
    most: float


def cases(p: float, b: float, eps: float) -> Iterator[Case]:
    """The cases for a rule with weight b on sign(x_0) and an attack of size eps on every coordinate.

    An attack of exactly 1 reaches x_0 = 0, which counts as +: it can turn -1 into + but not 1 into -.
    """
    labels = (1, -1) if eps == 1 else (1,)  # otherwise both labels are alike
    for y in labels:
        for agrees in (True, False):
            sign = y if agrees else -y
            reached = {sign} if eps < 1 else {sign, 1} if eps == 1 else {1, -1}
            scores = [y * b * one for one in reached]
            yield Case((p if agrees else 1 - p) / len(labels), agrees, min(scores), max(scores))
