"""Assertions about sampled numbers. Each refuses a true law with probability at most FALSE_ALARM."""

from scipy.stats import binomtest

from tradeoff.shared.results import Frequency

FALSE_ALARM = 1e-6


def assert_frequency(seen: Frequency, expected: float) -> None:
    """Exact binomial test of ``seen`` against the law's rate; 50,000 trials see .015 nine times in ten."""
    p_value = binomtest(seen.hits, seen.trials, expected).pvalue
    assert p_value > FALSE_ALARM, f"{seen} has rate {seen.rate:.5f}, law says {expected:.5f} (p = {p_value:.1e})"
