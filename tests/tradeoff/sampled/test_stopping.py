import numpy as np
import pytest
from scipy.stats import binom

from tests.statistics import FALSE_ALARM
from tradeoff.sampled import stopping
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency

SEEDS = 2000


def draws(rng, rate):
    return lambda n: [Frequency(int(rng.binomial(n, rate)), n)]


@pytest.mark.parametrize(
    "rate", [0.02, 0.3, pytest.param(0.5, marks=pytest.mark.slow(twin="test_intervals_cover_whenever_sampling_stops"))]
)
def test_intervals_cover_whenever_sampling_stops(rate, monkeypatch):
    """At most 5 % of runs miss at level .95: a binomial test of 2,000 runs, false alarm 1e-6."""
    monkeypatch.setattr(stopping, "FIRST", 64)
    monkeypatch.setattr(stopping, "GROWTH", 1.1)
    missed = 0
    for seed in range(SEEDS):
        done = stopping.until(draws(np.random.default_rng(seed), rate), halfwidth=0.05, level=0.95)
        assert done.narrow
        missed += rate not in done.found[0].interval(done.level)
    assert binom.sf(missed - 1, SEEDS, 0.05) > FALSE_ALARM


def test_stopping_at_the_first_interval_that_excludes_a_value_would_not_cover_without_the_rule():
    """What the rule is for: who looks forty times at level .95 and stops when .5 is excluded is wrong far too often."""

    def chased(level):
        wrong = 0
        for seed in range(500):
            rng, hits = np.random.default_rng(seed), 0
            for k in range(1, 41):
                hits += int(rng.binomial(100, 0.5))
                if 0.5 not in Frequency(hits, 100 * k).interval(level(k)):
                    wrong += 1
                    break
        return wrong

    fixed, spent = chased(lambda k: 0.95), chased(lambda k: 1 - 0.05 / (k * (k + 1)))
    assert binom.sf(fixed - 1, 500, 0.05) < FALSE_ALARM
    assert binom.sf(spent - 1, 500, 0.05) > FALSE_ALARM


def test_the_alphas_of_all_looks_add_up():
    assert sum(1 / (k * (k + 1)) for k in range(1, 100_000)) == pytest.approx(1, abs=1e-4)


def test_all_rates_are_narrow_in_the_end():
    rng = np.random.default_rng(0)
    done = stopping.until(lambda n: [Frequency(int(rng.binomial(n, rate)), n) for rate in (0.01, 0.5)], halfwidth=0.01)
    assert max(stopping.half_width(one, done.level) for one in done.found) <= 0.01
    assert done.looks > 1


def test_an_interruption_reports_what_there_is():
    """An answer with fewer trials than asked for: interrupted."""
    asked = []

    def more(n):
        asked.append(n)
        return [Frequency(n // 4, n // 2)] if len(asked) == 2 else [Frequency(n // 2, n)]

    done = stopping.until(more, halfwidth=1e-4)
    assert not done.narrow
    assert done.found[0].trials == asked[0] + asked[1] // 2


@pytest.mark.parametrize("halfwidth", [0.01, 0.001])
def test_the_forecast_is_about_right_for_a_rate_of_one_half(halfwidth):
    needed = stopping.trials_needed(halfwidth)
    done = stopping.until(draws(np.random.default_rng(0), 0.5), halfwidth=halfwidth)
    assert needed / 2 < done.found[0].trials < 2.2 * needed


@pytest.mark.parametrize("halfwidth", [0.0, -1.0, 0.5, float("nan")])
def test_a_half_width_that_makes_no_sense_is_refused(halfwidth):
    with pytest.raises(checks.InputError, match="until_halfwidth"):
        stopping.until(lambda n: [Frequency(0, n)], halfwidth=halfwidth)


def test_a_half_width_beyond_all_patience_is_refused_in_advance():
    with pytest.raises(checks.InputError, match=r"would need up to .* samples, more than 1.0e\+12"):
        stopping.until(lambda n: pytest.fail("nothing may be drawn"), halfwidth=1e-7)


def test_an_interrupt_between_looks_keeps_the_last_look():
    asked = []

    def more(n):
        asked.append(n)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return [Frequency(n // 3, n)]

    done = stopping.until(more, halfwidth=1e-4)
    assert (done.narrow, done.looks, done.found[0].trials) == (False, 2, sum(asked[:2]))
    with pytest.raises(KeyboardInterrupt):
        stopping.until(lambda n: (_ for _ in ()).throw(KeyboardInterrupt()), halfwidth=1e-4)


@pytest.mark.parametrize("halfwidth", [1e-6, 3.3e-7, 1e-8, 1e-99, 1e-162, 5e-324])
def test_the_half_width_that_a_refusal_names_would_do(halfwidth):
    with pytest.raises(checks.InputError) as refusal:
        stopping.until(lambda n: pytest.fail("nothing may be drawn"), halfwidth=halfwidth)
    named = float(str(refusal.value).rsplit("use ", 1)[1].split(" ")[0])
    assert stopping.trials_needed(named) <= 10**12
