"""Exact tests of counts, one-sided but for one: no normal law comes in, so they hold for a handful of images, too."""

from __future__ import annotations

from tradeoff.shared.results import Frequency


def upper_tail(hits: int, trials: int, chance: float) -> float:
    """P(at least ``hits`` in ``trials``) where each comes with probability ``chance``.

    >>> upper_tail(5, 5, 0.5)
    0.03125
    """
    from scipy.special import bdtrc

    return float(bdtrc(hits - 1, trials, chance)) if hits else 1.0


def mcnemar_one_sided(against: int, in_favour: int) -> float:
    """p-value of so many pairs against a side, among those that differ, if either side is as likely (McNemar 1947).

    >>> mcnemar_one_sided(7, 0), mcnemar_one_sided(0, 0)
    (0.0078125, 1.0)
    """
    return upper_tail(against, against + in_favour, 0.5)


def mcnemar_two_sided(lost: int, gained: int) -> float:
    """McNemar's exact test of two sides of which either may be the larger one.

    >>> mcnemar_two_sided(1, 9), mcnemar_two_sided(0, 0)
    (0.021484375, 1.0)
    """
    return min(1.0, 2 * mcnemar_one_sided(max(lost, gained), min(lost, gained)))


def at_least(hits: int, trials: int, level: float) -> float:
    """Lower end of the one-sided Clopper-Pearson interval: above the true rate with probability at most ``level``.

    >>> round(at_least(5, 64, 0.01), 4)
    0.0204
    """
    return Frequency(hits, trials).interval(1 - 2 * level).low


def at_most(hits: int, trials: int, level: float) -> float:
    """Upper end of the same interval: below the true rate with probability at most ``level``.

    >>> round(at_most(59, 64, 0.01), 4)
    0.9796
    """
    return Frequency(hits, trials).interval(1 - 2 * level).high
