from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from tradeoff.codes import search as module
from tradeoff.codes.groups import autocorrelation
from tradeoff.codes.search import search
from tradeoff.shared import checks


def divisors(length):
    return [step for step in range(1, length + 1) if length % step == 0]


def distance(text, step):
    """Smallest number of places in which a word differs from another of its shifts, counted one by one."""
    return min(
        (
            sum(a != b for a, b in zip(text, text[lag:] + text[:lag], strict=True))
            for lag in range(step, len(text), step)
        ),
        default=len(text),
    )


def fast_distance(text, step):
    signs = np.where(np.frombuffer(text.encode(), dtype=np.uint8) == ord("+"), 1, -1).astype(np.int8)
    return int(len(text) - autocorrelation(signs)[step::step].max(initial=-len(text))) // 2


@pytest.mark.parametrize("length", range(2, 21))
def test_every_short_length_and_step_but_6_and_1_has_a_word(length):
    for step in divisors(length):
        if (length, step) != (6, 1):
            text = search(length, step)
            assert len(text) == length
            assert 8 * distance(text, step) >= 3 * length


def test_6_and_1_is_refused_after_all_64_words():
    best = max(distance("".join(word), 1) for word in product("+-", repeat=6))
    assert best == 2  # of the 9/4 that 3/8 asks for
    part = "all 64 words were tried; the best has relative distance 1/3; use min_distance=1/3 or try length=6, step=2"
    with pytest.raises(checks.InputError, match=part):
        search(6, 1)
    assert distance(search(6, 1, min_distance=1 / 3), 1) == 2
    assert distance(search(6, 2), 2) >= 3


@pytest.mark.parametrize("length", range(2, 11))
def test_the_table_of_all_words_is_the_definition(length):
    for step in divisors(length)[:-1]:
        table = module._all_distances(length, step)
        words = ["".join("-" if number >> t & 1 else "+" for t in range(length)) for number in range(1 << length)]
        assert table.tolist() == [distance(word, step) for word in words]


def test_every_length_from_21_to_400_has_a_word_for_all_shifts():
    """Together with the table up to 20 and the union bound from 162 on: every length but 6."""
    for length in range(21, 401):
        assert 8 * fast_distance(search(length, 1), 1) >= 3 * length


def test_above_161_random_words_prove_that_a_good_one_exists():
    """Lag k splits a word into cycles of n = length/gcd letters, E exp(x A) = (cosh^n x + sinh^n x)^(length/n)."""
    x = np.linspace(1e-3, 1, 1000)

    def rate(cycle):  # of Pr(A > length/4) <= exp(-rate length), for each x
        return float((x / 4 - np.log(np.cosh(x)) - np.log1p(np.tanh(x) ** cycle) / cycle).max())

    assert rate(3) == min(rate(cycle) for cycle in range(3, 50))
    assert 1 / rate(3) == pytest.approx(36.14, abs=0.01)
    assert 1 / rate(2) == pytest.approx(63.32, abs=0.01)

    def expected_bad_lags(length):
        return length / 2 * np.exp(-rate(3) * length) + np.exp(-rate(2) * length)

    assert expected_bad_lags(162) < 1 < expected_bad_lags(161)
    assert (np.diff([expected_bad_lags(length) for length in range(162, 2000)]) < 0).all()


@pytest.mark.parametrize("length", [21, 24, 30, 36, 60, 64, 81, 96, 100, 105, 120])
def test_every_step_of_longer_words_has_one(length):
    for step in divisors(length):
        assert 8 * distance(search(length, step), step) >= 3 * length


@pytest.mark.parametrize("length", [2**20, 2**20 - 3])
def test_a_million_letters_are_searched_in_seconds(length):
    assert 8 * fast_distance(search(length, 1), 1) >= 3 * length


HARDER = [
    (64, 1, 0.45),
    (100, 1, 0.45),
    (1024, 1, 0.46),
    (64, 32, 1.0),
    (63, 21, 2 / 3),
    (96, 24, Fraction(2, 3)),
    (80, 5, 0.4),
]


@pytest.mark.parametrize(("length", "step", "share"), HARDER)
def test_more_than_three_eighths_is_kept_exactly(length, step, share):
    needed = Fraction(share).limit_denominator(1000) * length
    assert distance(search(length, step, min_distance=share), step) >= needed


def test_the_least_that_counts_is_exact():
    """3/8 of 80 is 30 places; a word with 30 is good, and for the next fraction it is not."""
    for share, least in [(3 / 8, 30), (Fraction(30, 80) + Fraction(1, 10**9), 32)]:
        found = [distance(search(80, 1, min_distance=share, seed=seed), 1) for seed in range(12)]
        assert min(found) == least


@pytest.mark.parametrize("length", [12, 40])
def test_a_seed_gives_its_word_again_and_another_seed_another(length):
    words = [search(length, 1, seed=seed) for seed in range(5)]
    assert words == [search(length, 1, seed=seed) for seed in range(5)]
    assert len(set(words)) == 5


@pytest.mark.parametrize("length", range(4, 17))
def test_no_word_exceeds_the_bound_from_the_sum(length):
    """Against all words; the bound is attained often, so it cannot be lowered by one step."""
    for step in divisors(length)[:-1]:
        best = int(module._all_distances(length, step).max())
        assert length - 2 * best >= module._least_largest(length, step)
        assert Fraction(best, length) <= Fraction(length // step, 2 * (length // step - 1))
    if length in (7, 11, 12, 13, 15):  # step 1: m-sequence, Legendre, almost perfect, quartic classes, m-sequence
        assert length - 2 * int(module._all_distances(length, 1).max()) == module._least_largest(length, 1)


REFUSED = [
    (
        (21, 1),
        {"min_distance": 0.6},
        "cannot be had by any word .* sum to at least 1 .* use min_distance=10/21 or less",
    ),
    ((64, 16), {"min_distance": 2 / 3}, "equal 64 modulo 4, which leaves a relative distance of at most 21/32"),
    ((12, 1), {"min_distance": 0.6}, "all 4096 words were tried; the best has relative distance 1/2"),
    ((8, 3), {}, "step=3 does not divide the word length 8"),
    ((0, 1), {}, "length=0 must be at least 1"),
    ((2**23, 1), {}, "length=8388608 is more than can be done here"),
    ((8, 1), {"min_distance": 0}, "min_distance=0 is not allowed: .* must lie in"),
    ((8, 1), {"min_distance": 1.01}, "min_distance=1.01 is not allowed"),
    ((8, 1), {"min_distance": Fraction(9, 8)}, "min_distance=9/8 is not allowed"),
    ((8, 1), {"min_distance": 1e-9}, "min_distance=1e-09 is not allowed"),
    ((8, 1), {"min_distance": float("nan")}, "not a number"),
    ((8, 1), {"seed": -1}, "seed=-1 must be at least 0"),
]


@pytest.mark.parametrize(("size", "options", "part"), REFUSED)
def test_refusals_say_why(size, options, part):
    with pytest.raises(checks.InputError, match=part):
        search(*size, **options)


@pytest.mark.parametrize(("length", "step", "share"), [(47, 1, 0.5), (63, 1, 0.5)])
def test_a_spent_budget_proves_nothing_and_its_best_is_found_again(length, step, share, monkeypatch):
    monkeypatch.setattr(module, "FLIPS", 2000)
    with pytest.raises(checks.InputError, match=r"which proves nothing: 2000 bit flips .* with seed=3") as refusal:
        search(length, step, min_distance=share, seed=3)
    best = Fraction(str(refusal.value).rsplit("min_distance=", 1)[1])
    text = search(length, step, min_distance=best, seed=3)
    assert Fraction(distance(text, step), length) == best < share


@pytest.mark.parametrize("length", [1, 2, 7, 30])
def test_any_word_will_do_when_there_is_no_other_shift(length):
    assert len(search(length, length, min_distance=1)) == length
