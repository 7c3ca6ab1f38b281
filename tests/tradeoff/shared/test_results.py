import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tradeoff.shared.results import Band, Estimate, Frequency, Interval, Profile


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


def test_a_profile_of_answers_and_one_of_counts_have_one_form():
    """Rates are what an attack on a network would measure; intervals are what the values allow."""
    theory = Profile("adversarial_accuracy", (0.0, 1.0, 2.0), (0.9, Estimate(0.5, 0.1), Band(0.2, 0.3)))
    assert theory.rates == (0.9, 0.5, 0.3)
    assert theory.intervals() == (Interval(0.9, 0.9), Interval(0.4, 0.6), Interval(0.2, 0.3))
    assert theory.at(2.0) == Band(0.2, 0.3)
    seen = Profile("adversarial_accuracy", (0.0, 1.0), (Frequency(9, 10), Frequency(5, 10)))
    assert seen.intervals(0.95) == (Frequency(9, 10).interval(0.95), Frequency(5, 10).interval(0.95))
    assert (seen + seen).at(1.0) == Frequency(10, 20)


def test_profiles_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one value for each grid value, got 2 and 1"):
        Profile("invariance", (0.0, 90.0), (1.0,))
    short = Profile("invariance", (0.0,), (Frequency(1, 2),))
    with pytest.raises(ValueError, match="do not merge"):
        short + Profile("spatial_accuracy", (0.0,), (Frequency(1, 2),))
