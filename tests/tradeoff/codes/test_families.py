import numpy as np
import pytest

from tradeoff.codes import FAMILIES, families
from tradeoff.codes.word import cyclic_word
from tradeoff.shared import checks

PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 61, 101]


@pytest.mark.parametrize(("shifts", "step"), [(2, 8), (2, 32), (4, 4), (4, 12), (4, 16), (8, 8), (8, 24), (16, 8)])
def test_golay_quarter_has_every_correlation_exactly_one_quarter(shifts, step):
    word = cyclic_word(families.golay_quarter(shifts * step, step), step)
    assert word.correlations.tolist() == [1.0] + [0.25] * (shifts - 1)
    assert word.relative_distance == 3 / 8


@pytest.mark.parametrize(("shifts", "step"), [(2, 2), (2, 6), (4, 1), (4, 5), (8, 2), (8, 6), (16, 4)])
def test_golay_zero_has_every_correlation_exactly_zero(shifts, step):
    word = cyclic_word(families.golay_zero(shifts * step, step), step)
    assert word.correlations.tolist() == [1.0] + [0.0] * (shifts - 1)


@pytest.mark.parametrize(("shifts", "step"), [(2, 1), (2, 3), (4, 1), (4, 7), (8, 2), (16, 4)])
def test_half_a_turn_of_an_antiperiodic_word_is_its_negative(shifts, step):
    word = cyclic_word(families.antiperiodic(shifts * step, step), step)
    assert np.array_equal(np.roll(word.signs, word.length // 2), -word.signs)
    others = np.delete(word.correlations, [0, shifts // 2])
    assert (others == 0).all()
    assert word.mean_correlation == 0


@pytest.mark.parametrize("prime", PRIMES)
def test_legendre_correlations_are_at_most_one_over_the_length(prime):
    word = cyclic_word(families.legendre(prime, 1), 1)
    assert word.correlations[1:].max() <= 1 / prime + 1e-15


@pytest.mark.parametrize("length", [2, 4, 8, 16, 64])
def test_a_golay_pair_has_cancelling_aperiodic_autocorrelations(length):
    first, second = ([1 if s == "+" else -1 for s in text] for text in families.golay_pair(length))
    total = np.correlate(first, first, "full") + np.correlate(second, second, "full")
    assert total.tolist() == [0] * (length - 1) + [2 * length] + [0] * (length - 1)


REFUSED = [
    ("golay_quarter", 48, 16, "got 48/16 = 3"),
    ("golay_quarter", 64, 64, r"got 64/64 = 1; try length=16, step=4"),
    ("golay_quarter", 24, 6, "multiple of 4"),
    ("golay_quarter", 32, 4, "multiple of 8"),
    ("golay_zero", 8, 1, "multiple of 2"),
    ("antiperiodic", 8, 1, "multiple of 2"),
    ("golay_quarter", 12, 3, "congruent to the length modulo 4"),
    ("golay_zero", 6, 3, "congruent to the length modulo 4"),
    ("golay_quarter", 32, 4, "other words may exist: see family=search"),
    ("legendre", 15, 1, "odd prime length, got length=15"),
    ("legendre", 7, 2, "does not divide"),
]


@pytest.mark.parametrize(("family", "length", "step", "part"), REFUSED)
def test_words_that_cannot_be_built_are_refused_with_the_reason(family, length, step, part):
    with pytest.raises(checks.InputError, match=part):
        FAMILIES[family].build(length, step)


@pytest.mark.parametrize("family", ["golay_quarter", "golay_zero", "antiperiodic"])
@pytest.mark.parametrize(("length", "step"), [(12, 3), (24, 6), (32, 4), (8, 1), (4, 4), (48, 16), (62, 1), (3, 1)])
def test_the_way_out_that_a_refusal_names_works(family, length, step):
    build = FAMILIES[family].build
    try:
        build(length, step)
    except checks.InputError as refusal:
        suggestion = dict(part.split("=") for part in str(refusal).rsplit("try ", 1)[1].split(", "))
        assert len(build(int(suggestion["length"]), int(suggestion["step"]))) == int(suggestion["length"])
