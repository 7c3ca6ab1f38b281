"""Exact tests of counts, one-sided but for one: no normal law comes in, so they hold for a handful of images, too."""

from __future__ import annotations

from tradeoff.shared import checks
from tradeoff.shared.results import Frequency, Interval

MOST = 1 << 53
"""Counts up to here are exact in double precision."""


def upper_tail(hits: int, trials: int, chance: float) -> float:
    """P(at least ``hits`` in ``trials``) where each comes with probability ``chance``.

    >>> upper_tail(5, 5, 0.5)
    0.03125
    """
    from scipy.special import bdtrc

    hits, trials = _counts(hits, trials)
    chance = checks.probability("chance", chance, what="the probability of a hit")
    return float(bdtrc(hits - 1, trials, chance)) if hits else 1.0


def mcnemar_one_sided(against: int, in_favour: int) -> float:
    """p-value of so many pairs against a side, among those that differ, if either side is as likely (McNemar 1947).

    >>> mcnemar_one_sided(7, 0), mcnemar_one_sided(0, 0)
    (0.0078125, 1.0)
    """
    pairs = _pairs(against, in_favour)
    return upper_tail(pairs[0], sum(pairs), 0.5)


def mcnemar_two_sided(lost: int, gained: int) -> float:
    """McNemar's exact test of two sides of which either may be the larger one.

    >>> mcnemar_two_sided(1, 9), mcnemar_two_sided(0, 0)
    (0.021484375, 1.0)
    """
    few, many = sorted(_pairs(lost, gained))
    return min(1.0, 2 * mcnemar_one_sided(many, few))


def at_least(hits: int, trials: int, level: float) -> float:
    """Lower end of the one-sided Clopper-Pearson interval: above the true rate with probability at most ``level``.

    >>> round(at_least(5, 64, 0.01), 4)
    0.0204
    """
    return _ends(hits, trials, level).low


def at_most(hits: int, trials: int, level: float) -> float:
    """Upper end of the same interval: below the true rate with probability at most ``level``.

    >>> round(at_most(59, 64, 0.01), 4)
    0.9796
    """
    return _ends(hits, trials, level).high


def _counts(hits: int, trials: int) -> tuple[int, int]:
    trials = checks.at_most("trials", checks.at_least("trials", trials, 0, what="a number of trials"), MOST)
    return checks.at_most("hits", checks.at_least("hits", hits, 0, what="how many of them hit"), trials), trials


def _pairs(one: int, other: int) -> list[int]:
    counts = [checks.at_least("pairs", count, 0, what="how many pairs go one way") for count in (one, other)]
    return [checks.at_most("pairs", count, MOST // 2) for count in counts]


def _ends(hits: int, trials: int, level: float) -> Interval:
    hits, trials = _counts(hits, checks.at_least("trials", trials, 1, what="a number of trials"))
    if not 0 < checks.real("level", level) < 0.5:
        raise checks.InputError(f"level={level} must lie strictly between 0 and 0.5; 0.01 is usual")
    return Frequency(hits, trials).interval(1 - 2 * level)
