import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import embeddings, samples, sides
from tradeoff.codes import families, groups
from tradeoff.codes import pixels as embedding
from tradeoff.codes.pixels import Embedding, polar, polar_edges, rolls, roughness, square, word
from tradeoff.codes.word import cyclic_word
from tradeoff.shared import checks

SIDES = [3, 5, 7, 9, 11, 13, 15, 17, 27, 29, 33]
IMAGES = [(8, 8), (32, 32), (7, 12)]


def numbered(length: int) -> tuple[np.ndarray, np.ndarray]:
    """x_0 = -1, and every coordinate shows its own number."""
    return np.array(-1), np.arange(length)


def moved_image(here: Embedding, x0: np.ndarray, x: np.ndarray, step: int, j: int) -> np.ndarray:
    return here.image(x0, groups.move(here.group(step), x, j))


@pytest.mark.parametrize("order", list(embedding.ORDERS))
@pytest.mark.parametrize("side", SIDES)
def test_a_quarter_turn_of_the_image_is_a_shift_by_a_quarter_of_the_coordinates(side, order):
    """rot90^j(image(x)) = image(r_j(x)) with step = d/4."""
    here = square(side, order=order)
    x0, x = numbered(here.length)
    for j in range(4):
        moved = moved_image(here, x0, x, here.length // 4, j)
        assert np.array_equal(np.rot90(here.image(x0, x), j, axes=(-2, -1)), moved)


@given(sides(), st.data())
def test_quarter_turns_are_shifts_in_any_order_of_the_quadrant_and_for_batches(side, data):
    here = square(side, order=data.draw(st.permutations(range((side**2 - 1) // 4))))
    x0, x = data.draw(samples(here.length))
    j = data.draw(st.integers(0, 3))
    moved = here.image(x0, np.roll(x, -j * here.length // 4, axis=-1))
    assert np.array_equal(np.rot90(here.image(x0, x), j, axes=(-2, -1)), moved)


@pytest.mark.parametrize("side", SIDES)
def test_the_image_upside_down_is_a_shift_by_half_the_coordinates(side):
    """image[::-1, ::-1] = image(r_1(x)) with step = d/2."""
    here = square(side)
    x0, x = numbered(here.length)
    assert np.array_equal(here.image(x0, x)[..., ::-1, ::-1], moved_image(here, x0, x, here.length // 2, 1))


@pytest.mark.parametrize("side", SIDES)
def test_the_centre_shows_x0(side):
    x0, x = numbered(side**2 - 1)
    assert square(side).image(x0, x)[0, side // 2, side // 2] == x0


@given(sides(), st.data())
def test_column_i_begins_in_the_cell_that_the_order_names(side, data):
    half = side // 2
    order = data.draw(st.permutations(range(half * (half + 1))))
    x0, x = numbered(side**2 - 1)
    quadrant = square(side, order=order).image(x0, x)[0, : half + 1, :half]
    assert quadrant.ravel()[order].tolist() == list(range(len(order)))


def test_orders_of_a_small_quadrant_by_hand():
    """Side 5, m = 6: which column of the word is in which cell of rows 0..2, columns 0..1."""
    x0, x = numbered(24)
    found = {name: square(5, order=name).image(x0, x)[0, :3, :2].tolist() for name in embedding.ORDERS}
    assert found == {
        "rows": [[0, 1], [2, 3], [4, 5]],
        "snake": [[0, 1], [3, 2], [4, 5]],
        "rings": [[4, 5], [3, 1], [2, 0]],
        "sectors": [[4, 5], [3, 0], [2, 1]],
    }


@given(embeddings(), st.data())
def test_coordinates_come_back_from_the_image(here, data):
    x0, x = data.draw(samples(here.length))
    found = here.coordinates(here.image(x0, x))
    assert all(np.array_equal(a, b) for a, b in zip(found, (x0, x), strict=True))


@given(embeddings(), st.data())
def test_an_image_comes_back_from_its_coordinates(here, data):
    image = here.image(*data.draw(samples(here.length)))
    assert np.array_equal(here.image(*here.coordinates(image)), image)


@given(embeddings(), st.data())
def test_an_image_has_the_shape_and_type_of_what_it_shows(here, data):
    x0, x = data.draw(samples(here.length))
    image = here.image(x0, x)
    assert (image.shape, image.dtype) == ((*x0.shape, here.channels, here.rows, here.columns), x.dtype)


@given(embeddings(), st.data())
def test_changing_the_coordinates_read_from_an_image_leaves_the_image_alone(here, data):
    image = here.image(*data.draw(samples(here.length)))
    before = image.copy()
    for part in here.coordinates(image):
        part[...] = -5
    assert np.array_equal(image, before)


def test_an_embedding_cannot_be_changed():
    given_places = np.array([1, 0])
    here = Embedding("own", 1, 2, given_places, None)
    given_places[:] = 0
    assert here.places.tolist() == [1, 0]
    with pytest.raises(ValueError, match="read-only"):
        here.places[0] = 0


@pytest.mark.parametrize(("rows", "columns"), IMAGES)
def test_a_roll_by_columns_is_a_shift_by_rows(rows, columns):
    """np.roll(image, -j, axis=1) = image(r_j(x)) with step = rows."""
    here = rolls(rows, columns)
    x0, x = numbered(here.length)
    for j in range(columns):
        assert np.array_equal(np.roll(here.image(x0, x), -j, axis=-1), moved_image(here, x0, x, rows, j))


@pytest.mark.parametrize(("rows", "columns"), IMAGES)
def test_rolls_along_both_axes_are_the_two_rolls_of_groups(rows, columns):
    """Element j = columns moved * rows + rows moved."""
    here = rolls(rows, columns)
    x0, x = numbered(here.length)
    for right, down in itertools.product(range(0, columns, 3), range(0, rows, 3)):
        moved = groups.move(groups.two_rolls(here.length, rows), x, right * rows + down)
        rolled = np.roll(here.image(x0, x), (-down, -right), axis=(-2, -1))
        assert np.array_equal(rolled, here.image(x0, moved))


@pytest.mark.parametrize(("rings", "angles"), [(4, 12), (3, 4), (5, 7)])
def test_a_turn_by_spokes_is_a_shift_by_whole_spokes(rings, angles):
    """np.roll(image, -q, axis=1) = image(r_1(x)) with step = rings * q, for q that divide the angles."""
    here = polar(rings, angles)
    x0, x = numbered(here.length)
    for q in (q for q in range(1, angles) if angles % q == 0):
        assert np.array_equal(np.roll(here.image(x0, x), -q, axis=-1), moved_image(here, x0, x, rings * q, 1))


def drawn(image: np.ndarray, pixels: int = 20) -> np.ndarray:
    """A (rings, angles) picture as a disc in a square of pixels, row 0 on top, by the edges alone; -1 outside."""
    across = (np.arange(pixels) - (pixels - 1) / 2) / (pixels / 2)
    right, up = np.meshgrid(across, -across)
    turns, radii = polar_edges(*image.shape)
    column = np.digitize(np.arctan2(up, right) % (2 * np.pi) - 2 * np.pi, turns) - 1
    row = np.digitize(np.hypot(up, right), radii) - 1
    inside = row < len(image)
    return np.where(inside, image[np.where(inside, row, 0), column], -1)


@pytest.mark.parametrize("angles", [4, 12])
def test_a_disc_turns_counterclockwise_like_an_image(angles):
    """A quarter of the spokes moved is rot90 of the disc as drawn with `polar_edges`."""
    here = polar(3, angles)
    x0, x = numbered(here.length)
    image, moved = (here.image(x0, groups.move(here.group(3), x, j))[0] for j in (0, angles // 4))
    assert np.array_equal(np.rot90(drawn(image)), drawn(moved))
    assert not np.array_equal(np.rot90(drawn(image), -1), drawn(moved))


def test_the_rings_of_a_disc_go_outwards():
    assert drawn(polar(2, 4).image(*numbered(8))[0] % 2)[9:11].tolist() == [[1] * 5 + [0] * 10 + [1] * 5] * 2


@pytest.mark.parametrize("side", [7, 9, 15, 17, 33])
def test_the_default_order_shows_the_word_in_large_regions(rng, side):
    """Smoother than row by row, far smoother than at random, and a border as long as a few times the half side."""
    text = word(side)
    by_order = {order: roughness(square(side, order=order), text) for order in embedding.ORDERS}
    shuffled = roughness(square(side, order=rng.permutation((side**2 - 1) // 4)), text)
    assert square(side).places.tolist() == square(side, order="sectors").places.tolist()
    assert by_order["sectors"] == min(by_order.values())
    assert by_order["sectors"] < 0.7 * shuffled
    assert by_order["sectors"] < 0.85 / (side - 1)


def test_roughness_by_hand():
    """Around the centre of 3 x 3 pixels are 8 pairs; one minus in the corner has different neighbours in 2 of them."""
    assert roughness(square(3, order="rows"), "-+++++++") == 2 / 8
    assert roughness(rolls(2, 2), "+-+-") == 2 / 4
    assert roughness(rolls(1, 1), "+") == 0


@given(embeddings(), st.data())
def test_turning_every_sign_leaves_roughness_as_it_is(here, data):
    letters = data.draw(st.lists(st.sampled_from("+-"), min_size=here.length, max_size=here.length))
    text = "".join(letters)
    assert roughness(here, text) == roughness(here, families.negative(text))


def correlations(text: str) -> list[Fraction]:
    """Exact correlations with the quarter turns."""
    agreements = cyclic_word(text, len(text) // 4).agreements[1:]
    return [Fraction(int(a), len(text)) for a in agreements]


@given(sides(), st.data())
def test_the_three_correlations_of_a_word_equal_the_one_asked_for(side, data):
    count = (side**2 - 1) // 4
    asked = Fraction(data.draw(st.integers(-(count // 3), count)), count)
    assert correlations(word(side, asked)) == [asked] * 3


@given(sides(), st.fractions(-1, 2, max_denominator=200))
def test_a_word_exists_exactly_for_whole_multiples_from_minus_a_third_to_1(side, asked):
    possible = Fraction(-1, 3) <= asked <= 1 and (asked * (side**2 - 1) / 4).denominator == 1
    try:
        assert len(word(side, asked)) == side**2 - 1
    except checks.InputError:
        assert not possible
    else:
        assert possible


def accepted(side: int) -> set[Fraction]:
    """Correlations with a word among all fractions of the length; the agreements are whole numbers."""
    found = set()
    for agreement in range(1 - side**2, side**2):
        try:
            found.add(correlations(word(side, Fraction(agreement, side**2 - 1)))[0])
        except checks.InputError:
            continue
    return found


def test_of_all_words_of_3_by_3_pixels_exactly_the_accepted_correlations_occur():
    every = map("".join, itertools.product("+-", repeat=8))
    equal = {rho[0] for rho in map(correlations, every) if len(set(rho)) == 1}
    assert equal == accepted(3) == {0, Fraction(1, 2), 1}


@pytest.mark.parametrize("side", [5, 7, 9, 11])
def test_of_all_words_of_larger_images_exactly_the_accepted_correlations_occur(side):
    """Agreements are sums over columns; so all words are seen by adding the 16 possible columns m times."""
    columns = [np.array(column) for column in itertools.product((-1, 1), repeat=4)]
    one = {tuple(int(column @ np.roll(column, j)) for j in (1, 2, 3)) for column in columns}
    sums = {(0, 0, 0)}
    for _ in range((side**2 - 1) // 4):
        sums = {tuple(a + b for a, b in zip(total, column, strict=True)) for total in sums for column in one}
    assert {Fraction(total[0], side**2 - 1) for total in sums if len(set(total)) == 1} == accepted(side)


@pytest.mark.parametrize("side", [7, 9, 15, 17, 33])
def test_one_quarter_is_the_word_of_golay_columns(side):
    length = side**2 - 1
    assert word(side) == word(side, "1/4") == word(side, 0.25) == families.golay_quarter(length, length // 4)


@given(sides())
def test_zero_is_the_word_orthogonal_to_its_turns(side):
    assert word(side, 0) == families.golay_zero(side**2 - 1, (side**2 - 1) // 4)


def test_a_float_means_the_nearest_simple_fraction():
    assert word(5, -1 / 3) == word(5, "-1/3") == "++++++" + "--++++" + "++----" + "------"


@given(sides(), st.fractions(Fraction(-1, 3), 1, max_denominator=60))
def test_every_way_out_that_a_refusal_names_works(side, asked):
    try:
        word(side, asked)
    except checks.InputError as refusal:
        ways = [way.split("=") for way in str(refusal).rsplit("; use ", 1)[1].split(" or ")]
        assert {name for name, _ in ways} <= {"side", "correlation"}
        for name, value in ways:
            word(int(value), asked) if name == "side" else word(side, value)


REFUSED = [
    (lambda: square(8), r"side=8 must be odd and at least 3, .*; use side=7 or side=9"),
    (lambda: square(1), r"side=1 must be odd .*; use side=3 or side=5"),
    (lambda: square("wide"), "side='wide' is not a whole number"),
    (lambda: square(2049), "side=2049 is more than can be done here; use at most 2047"),
    (lambda: square(3, order="spiral"), "order='spiral' is unknown; use one of sectors, rings, rows, snake"),
    (lambda: square(3, order=[0, 0]), r"order=\[0, 0\] must name each of the 2 cells of the quadrant once"),
    (lambda: square(3, order=[0, 1, 2]), "whole numbers 0 to 1, or one of sectors, rings, rows, snake"),
    (lambda: square(3, order=[0.0, 1.0]), "whole numbers 0 to 1"),
    (lambda: square(3, order=[[0, 1]]), "must name each of the 2 cells"),
    (lambda: rolls(0, 3), "rows=0 must be at least 1: it is a number of pixels; use rows=1"),
    (lambda: polar(3, 4000), "angles=4000 is more than can be done here; use at most 2047"),
    (lambda: polar_edges(3, 0.5), "angles=0.5 is not a whole number"),
    (lambda: Embedding("own", -1, -2, [0, 1], None), "rows=-1 must be at least 1"),
    (lambda: Embedding("own", 1, 3, [0, 1], None), r"places=\[0, 1\] and centre=None must name each pixel of 1 x 3"),
    (lambda: Embedding("own", 1, 3, [0, 1], 1), "centre=1 must name each pixel of 1 x 3 once; .* 0 to 2"),
    (lambda: square(3).image(1, np.zeros(9)), r"x0 has shape \(\) and x has shape \(9,\).* shows 8 coordinates"),
    (lambda: square(3).image(1, np.zeros((2, 8))), r"give x the shape \(8,\)"),
    (lambda: rolls(2, 2).image(np.ones(5), np.zeros((1, 4))), r"give x the shape \(5, 4\)"),
    (lambda: square(3).coordinates(np.zeros((3, 3))), r"image has shape \(3, 3\).* end with \(1, 3, 3\)"),
    (lambda: rolls(2, 3).coordinates(np.zeros((2, 3, 2))), r"end with \(2, 2, 3\); reshape it"),
    (lambda: rolls(1, 2).coordinates(np.array([[[0, 1]], [[1, -1]]])), "more than one value in channel 1"),
    (lambda: roughness(square(3), "+-"), "word has 2 letters and the embedding shows 8 coordinates"),
    (lambda: roughness(square(3), "+-x"), "contains 'x'"),
    (lambda: word(10), "side=10 must be odd"),
    (lambda: word(9, "many"), "correlation='many' is not a number: .* from -1/3 to 1"),
    (lambda: word(9, -0.5), "correlation=-0.5 is not allowed: .* from -1/3 to 1"),
    (lambda: word(9, "5/4"), "correlation=5/4 is not allowed"),
    (lambda: word(3, "-1/3"), r"correlation \* 2 must be whole; use side=5 or correlation=0$"),
    (lambda: word(11), r"side=11 has no word with correlation=1/4: .* correlation \* 30 must be whole"),
    (lambda: word(11), "use side=9 or side=15 or correlation=7/30 or correlation=4/15$"),
    (lambda: word(13), r"correlation \* 42 .* use side=9 or side=15 or correlation=5/21 or correlation=11/42$"),
]


@pytest.mark.parametrize(("call", "part"), REFUSED)
def test_what_cannot_be_shown_or_built_is_refused_with_the_reason(call, part):
    with pytest.raises(checks.InputError, match=part):
        call()
