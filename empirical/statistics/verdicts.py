"""From differences over training seeds to a sentence: shown, reversed, equivalent within a margin, or undecided.

The margin, the level and the limit on clean accuracy are fixed here, before any run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from empirical.statistics import student
from empirical.statistics.over_seeds import several
from tradeoff.shared import checks
from tradeoff.shared.results import Interval

Verdict = Literal["shown", "reversed", "equivalent", "undecided"]
LEVEL = 0.95
MARGIN = 0.02
"""Differences in a rate that lie within +-0.02 count as equivalent."""
MOST_CLEAN_DIFFERENCE = 0.05
"""Networks whose mean clean accuracies differ by more are not compared: the comparison is undecided."""


@dataclass(frozen=True)
class Comparison:
    """Paired differences (after minus before) over training seeds, of a rate that the paper says falls."""

    name: str
    differences: tuple[float, ...]
    clean_before: float
    clean_after: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.differences))

    @property
    def interval(self) -> Interval:
        """Student's t interval for the mean over training seeds; infinite for a single seed."""
        n = len(self.differences)
        error = float(np.std(self.differences, ddof=1)) / math.sqrt(n) if n > 1 else math.inf
        return student.interval(self.mean, error, n, level=LEVEL)

    @property
    def clean_difference(self) -> float:
        return abs(self.clean_after - self.clean_before)

    @property
    def verdict(self) -> Verdict:
        """What the interval says; undecided where clean accuracy differs too much."""
        if self.clean_difference > MOST_CLEAN_DIFFERENCE:
            return "undecided"
        interval = self.interval
        if interval.low >= -MARGIN and interval.high <= MARGIN:
            return "equivalent"
        if interval.high < 0:
            return "shown"
        return "reversed" if interval.low > 0 else "undecided"

    def sentence(self, given_correct: Comparison | None = None) -> str:
        """The comparison in words, with its numbers; the rate given correctly classified beside it."""
        interval, n = self.interval, len(self.differences)
        spread = (
            f"95 % t interval {interval.low:+.3f} to {interval.high:+.3f}"
            if n > 1
            else "one training seed, so no interval"
        )
        text = f"{self.name}: {self.mean:+.3f} ({spread}, {n} seed{'s' if n > 1 else ''}): {MEANING[self.verdict]}"
        if self.clean_difference > MOST_CLEAN_DIFFERENCE:
            text += (
                f", because clean accuracy differs by {100 * self.clean_difference:.1f} points "
                f"({self.clean_before:.3f} and {self.clean_after:.3f})"
            )
        if given_correct is not None:
            beside = given_correct.interval
            span = f" ({beside.low:+.3f} to {beside.high:+.3f})" if n > 1 else ""
            text += f". Given correctly classified: {given_correct.mean:+.3f}{span}"
        return text + "."


MEANING = {
    "shown": "SHOWN, it falls as the paper says",
    "reversed": "REVERSED, it rises where the paper says it falls",
    "equivalent": f"EQUIVALENT within {MARGIN}",
    "undecided": "UNDECIDED",
}


def compare(
    name: str,
    before: Sequence[float],
    after: Sequence[float],
    clean_before: Sequence[float],
    clean_after: Sequence[float],
) -> Comparison:
    """A comparison of two lists of rates, one for each training seed in the order of the first."""
    given = {"before": before, "after": after, "clean_before": clean_before, "clean_after": clean_after}
    rates = {which: [checks.real(which, value) for value in several(which, values)] for which, values in given.items()}
    if len(rates["before"]) != len(rates["after"]):
        raise checks.InputError(
            f"before and after hold {len(before)} and {len(after)} rates; pass one of each for every training seed"
        )
    differences = tuple(b - a for a, b in zip(rates["before"], rates["after"], strict=True))
    return Comparison(name, differences, float(np.mean(rates["clean_before"])), float(np.mean(rates["clean_after"])))
