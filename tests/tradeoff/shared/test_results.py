import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tradeoff.shared.results import Band, Frequency, Interval


@st.composite
def frequencies(draw: st.DrawFn) -> Frequency:
    trials = draw(st.integers(1, 10_000))
    return Frequency(draw(st.integers(0, trials)), trials)


@given(frequencies(), frequencies(), frequencies())
def test_merging_is_associative(a, b, c):
    """(a + b) + c = a + (b + c)."""
    assert (a + b) + c == a + (b + c)


@given(frequencies(), st.floats(0.5, 0.999))
def test_interval_ends_have_their_tail_probability(seen, level):
    """Pr(Bin(n, low) >= k) = Pr(Bin(n, high) <= k) = (1 - level)/2, the definition of Clopper and Pearson."""
    interval, tail = seen.interval(level), (1 - level) / 2
    if seen.hits:
        assert binom.sf(seen.hits - 1, seen.trials, interval.low) == pytest.approx(tail, rel=1e-6)
    if seen.hits < seen.trials:
        assert binom.cdf(seen.hits, seen.trials, interval.high) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize(("hits", "end"), [(0, 0.0), (50, 1.0)])
def test_a_certain_event_keeps_its_end(hits, end):
    interval = Frequency(hits, 50).interval()
    assert end in (interval.low, interval.high)


@pytest.mark.parametrize(("hits", "trials"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(hits, trials):
    with pytest.raises(ValueError, match=f"got hits={hits}, trials={trials}"):
        Frequency(hits, trials)


@pytest.mark.parametrize("level", [0.0, 1.0, 1.5])
def test_a_level_outside_the_unit_interval_is_refused(level):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        Frequency(1, 2).interval(level)


def test_an_interval_is_ordered_and_a_printed_band_need_not_be():
    with pytest.raises(ValueError, match="low <= high"):
        Interval(0.6, 0.4)
    assert 0.5 not in Band(0.6, 0.4)
