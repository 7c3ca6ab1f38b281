import numpy as np
import pytest

from tradeoff.codes import finite_fields
from tradeoff.codes.groups import autocorrelation
from tradeoff.shared import checks

CLASS_PRIMES = [5, 13, 29, 53, 173, 229, 293]
"""All primes x^2 + 4 below 300."""


# Slow: what makes galois compile one more field, for a second or, in a BCH code, for several.
SLOW_ONE = pytest.mark.slow(twin="test_sidelnikov_correlations_are_at_most_zero_for_q_one_modulo_four")
SLOW_SIDE = pytest.mark.slow(twin="test_sidelnikov_has_a_word_for_the_pixels_of_an_odd_image_but_its_first")
SLOW_BCH = pytest.mark.slow(
    twin="test_the_default_bch_word_keeps_the_distance_of_the_largest_code_that_has_three_eighths"
)
SLOW_MESSAGE = pytest.mark.slow(twin="test_every_bch_message_keeps_the_distance_or_is_refused")

ONE_MODULO_FOUR = [
    *(5, 9, 13, 17, 29, 49, 1009),
    *(pytest.param(order, marks=SLOW_ONE) for order in (25, 81, 121, 125, 289)),
]
THREE_MODULO_FOUR = [3, 7, 11, 19, 23, 27, 31, 343, 1019]
IMAGE_SIDES = [
    *(3, 5, 7, 27),
    *(pytest.param(side, marks=SLOW_SIDE) for side in (9, 11, 13, 17, 19, 23, 25, 29, 31)),
]
MESSAGES = [
    pytest.param(dimension, step, marks=() if (dimension, step) in ((5, 1), (7, 3), (11, 15)) else SLOW_MESSAGE)
    for dimension in (5, 7, 11)
    for step in (1, 3, 5, 15)
]


def correlations(text):
    """Nontrivial periodic autocorrelations, as integers."""
    signs = np.where(np.frombuffer(text.encode(), dtype=np.uint8) == ord("+"), 1, -1).astype(np.int8)
    return autocorrelation(signs)[1:]


def values(text):
    return set(correlations(text).tolist())


@pytest.mark.parametrize("degree", [*range(2, 13), 16, 20])
def test_m_sequence_has_every_correlation_exactly_minus_one(degree):
    assert values(finite_fields.m_sequence(2**degree - 1, 1)) == {-1}


@pytest.mark.parametrize("order", ONE_MODULO_FOUR)
def test_sidelnikov_correlations_are_at_most_zero_for_q_one_modulo_four(order):
    text = finite_fields.sidelnikov(order - 1, 1)
    assert len(text) == order - 1
    assert values(text) == {0, -4}


@pytest.mark.parametrize("order", THREE_MODULO_FOUR)
def test_sidelnikov_correlations_are_two_or_minus_two_for_q_three_modulo_four(order):
    assert values(finite_fields.sidelnikov(order - 1, 1)) == ({2, -2} if order > 3 else {-2})


@pytest.mark.parametrize("side", IMAGE_SIDES)
def test_sidelnikov_has_a_word_for_the_pixels_of_an_odd_image_but_its_first(side):
    text = finite_fields.sidelnikov(side**2 - 1, 1)
    assert values(text) == {0, -4}
    # By hand for a quarter turn: 0 or -4, as 8 K divides length or not.
    quarter = correlations(text)[(side**2 - 1) // 4 - 1]
    assert quarter == (-4 if side in (3, 11, 19, 27) else 0)


def test_sidelnikov_sign_of_zero_is_plus():
    """g^t = -1 at half the length."""
    for length in (12, 24, 48):
        assert finite_fields.sidelnikov(length, 1)[length // 2] == "+"


@pytest.mark.parametrize("prime", CLASS_PRIMES)
def test_quartic_classes_have_correlations_one_or_minus_three(prime):
    text = finite_fields.ding_helleseth_lam(prime, 1)
    assert values(text) == {1, -3}
    # The sign at 0 is free: -1 is in the third class, so the signs at k and -k differ, and the terms with 0 cancel.
    assert values("+" + text[1:]) == {1, -3}


@pytest.mark.parametrize("prime", [37, 61, 101, 109])
def test_quartic_classes_need_a_prime_x_squared_plus_four(prime):
    """Primes 5 modulo 8 of another form, built all the same, exceed 1: the refusal is right."""
    powers = finite_fields.primitive_powers(prime, 1).ravel()
    plus = set(powers[np.arange(prime - 1) % 4 < 2].tolist())
    assert correlations("".join("+" if t in plus else "-" for t in range(prime))).max() > 1


@pytest.mark.parametrize(
    ("family", "length", "expected"),
    [
        ("sidelnikov", 999_982, {2, -2}),
        ("sidelnikov", 1009**2 - 1, {0, -4}),
        ("ding_helleseth_lam", 994_013, {1, -3}),
    ],
)
def test_long_words_keep_their_law(family, length, expected):
    assert values(getattr(finite_fields, family)(length, 1)) == expected


@pytest.mark.parametrize(("prime", "degree"), [(3, 2), (3, 4), (7, 3), (101, 1)])
def test_powers_of_a_primitive_element_run_through_all_units(prime, degree):
    powers = finite_fields.primitive_powers(prime, degree)
    assert len({tuple(row) for row in powers.tolist()} - {(0,) * degree}) == prime**degree - 1


def test_prime_powers_are_recognised():
    """Against the definition: p^k with p prime."""
    primes = [p for p in range(2, 400) if all(p % q for q in range(2, p))]
    expected = {p**k: (p, k) for p in primes for k in range(1, 9)}
    for number in range(-1, 400):
        assert finite_fields.prime_power(number) == expected.get(number)


@pytest.mark.parametrize(
    ("length", "dimension", "distance"),
    [
        (7, 4, 3),
        pytest.param(15, 5, 7, marks=SLOW_BCH),
        pytest.param(31, 6, 15, marks=SLOW_BCH),
        pytest.param(63, 10, 27, marks=SLOW_BCH),
        pytest.param(127, 15, 55, marks=SLOW_BCH),
        pytest.param(255, 21, 111, marks=SLOW_BCH),
    ],
)
def test_the_default_bch_word_keeps_the_distance_of_the_largest_code_that_has_three_eighths(
    length, dimension, distance
):
    import galois

    distances = finite_fields.bch_distances(length)
    assert distances[dimension] == distance
    assert 8 * distance >= 3 * length > 8 * max([d for k, d in distances.items() if k > dimension], default=0)
    larger = min(k for k in distances if k > dimension) if length > 7 else dimension
    for k in {dimension, larger}:
        code = galois.BCH(length, k)
        assert (code.k, code.d) == (k, distances[k])
    text = finite_fields.bch(length, 1)
    assert ((length - correlations(text)) >= 2 * distance).all()
    assert text == finite_fields.bch(length, 1, dimension=dimension, message="0" * (dimension - 1) + "1")


@pytest.mark.parametrize(("dimension", "step"), MESSAGES)
def test_every_bch_message_keeps_the_distance_or_is_refused(dimension, step):
    """Two different shifts are two words of the code; the refused words are those that another shift fixes."""
    distance = finite_fields.bch_distances(15)[dimension]
    refusals = []
    for number in range(1 << min(dimension, 7)):
        try:
            text = finite_fields.bch(15, step, dimension=dimension, message=f"{number:0{dimension}b}")
        except checks.InputError as refusal:
            refusals.append(str(refusal))
        else:
            assert (15 - correlations(text)[step - 1 :: step] >= 2 * distance).all()
    assert all("different shifts" in refusal for refusal in refusals)
    assert bool(refusals) == (step < 15)


@pytest.mark.parametrize("degree", range(3, 12))
def test_a_bch_code_of_dimension_m_plus_one_has_nearly_half_the_length_as_distance(degree):
    """So a default dimension exists for every length."""
    length = 2**degree - 1
    assert finite_fields.bch_distances(length)[degree + 1] == (length - 1) // 2


REFUSED = [
    ("m_sequence", 64, 16, {}, "length 2\\^k - 1 .* got length=64; try length=63, step=9"),
    ("m_sequence", 1, 1, {}, "got length=1; try length=3, step=1"),
    ("m_sequence", 2**23 - 1, 1, {}, "got length=8388607; try length=4194303, step=1"),
    ("m_sequence", 7, 2, {}, "step=2 does not divide the word length 7"),
    ("sidelnikov", 14, 7, {}, "length \\+ 1 to be an odd prime power .* got length=14; try length=12, step=6"),
    ("sidelnikov", 7, 1, {}, "try length=6, step=1"),
    ("sidelnikov", 8, 3, {}, "step=3 does not divide"),
    ("ding_helleseth_lam", 17, 1, {}, "prime length x\\^2 \\+ 4 .* got length=17; try length=13, step=1"),
    ("ding_helleseth_lam", 13, 2, {}, "step=2 does not divide"),
    ("bch", 16, 4, {}, "length 2\\^m - 1 .* got length=16; try length=15, step=3"),
    ("bch", 15, 4, {}, "step=4 does not divide"),
    ("bch", 15, 1, {"dimension": 6}, "dimension=6 is not that of a BCH code .* use one of \\[5, 7, 11\\]"),
    ("bch", 15, 1, {"dimension": 1}, "k = 1 has constant words only"),
    ("bch", 15, 1, {"message": "0001"}, "message='0001' must have 5 letters 0 or 1 .* use message=00001"),
    ("bch", 15, 1, {"message": "0002a"}, "must have 5 letters"),
    (
        "bch",
        15,
        1,
        {"message": "11111"},
        "only 1 different shifts by step=1 instead of 15: it equals its own shift by 1",
    ),
    ("bch", 15, 1, {"dimension": 7, "message": "1101101"}, "only 3 different shifts .* use message=0000001"),
]


@pytest.mark.parametrize(("family", "length", "step", "options", "part"), REFUSED)
def test_words_that_cannot_be_built_are_refused_with_the_reason(family, length, step, options, part):
    with pytest.raises(checks.InputError, match=part):
        getattr(finite_fields, family)(length, step, **options)


@pytest.mark.parametrize("family", ["m_sequence", "sidelnikov", "ding_helleseth_lam"])
@pytest.mark.parametrize(
    ("length", "step"), [(64, 16), (10_000, 100), (33, 11), (0, 1), (-5, -5), (2**23, 2**21), (225, 15), (50, 0)]
)
def test_the_way_out_that_a_refusal_names_works(family, length, step):
    build = getattr(finite_fields, family)
    with pytest.raises(checks.InputError) as refusal:
        build(length, step)
    suggestion = dict(part.split("=") for part in str(refusal.value).rsplit("try ", 1)[1].split(", "))
    assert len(build(int(suggestion["length"]), int(suggestion["step"]))) == int(suggestion["length"])


def test_importing_the_builders_loads_nothing_slow(children):
    modules = "tradeoff.codes.finite_fields, tradeoff.codes.search"
    code = f"import sys, {modules}; print({{'numpy', 'galois', 'numba'}} & set(sys.modules))"
    assert children.run("-c", code).stdout == "set()\n"
