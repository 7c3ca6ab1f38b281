"""Coordinates as pixels: turns and translations of an image are shifts of the model. A derivation of our own.

In the square embedding a quarter turn of the image is exactly the shift by a quarter of the coordinates:

>>> here = square(7)
>>> x0, x = np.array(1.0), np.arange(48.0)
>>> moved = groups.move(here.group(12), x, 1)  # r_1 with step = length/4 = 12
>>> np.array_equal(np.rot90(here.image(x0, x), axes=(-2, -1)), here.image(x0, moved))
True
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np

from tradeoff.codes import groups
from tradeoff.codes.families import from_columns, golay_pair, halved
from tradeoff.codes.groups import Array
from tradeoff.shared import checks
from tradeoff.shared.arrays import freeze

MOST_SIDE = 2047
"""Longest side of an image: four million pixels."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """Which pixel shows which coordinate, and where x_0 is; `square`, `rolls` and `polar` make them.

    Parameters
    ----------
    name : str
        For messages.
    rows, columns : int
        Size of the image.
    places : (length,) array of int
        The pixel, row * columns + column, that shows coordinate t = 0..length-1 of x.
    centre : int or None
        The pixel that shows x_0; None where x_0 fills a second channel.

    Raises
    ------
    InputError
        Unless places and centre name every pixel once.

    Examples
    --------
    >>> triple = Embedding("triple", rows=1, columns=3, places=[2, 0], centre=1)
    >>> triple.image(np.array(9), np.array([5, 6]))
    array([[[6, 9, 5]]])
    >>> triple.coordinates(np.array([[[6, 9, 5]]]))
    (array(9), array([5, 6]))
    """

    name: str
    rows: int
    columns: int
    places: Array
    centre: int | None

    def __post_init__(self) -> None:
        for name in ("rows", "columns"):
            checks.at_least(name, getattr(self, name), 1, what="a number of pixels")
        places = np.array(self.places)
        shown = places if self.centre is None else np.append(places, self.centre)
        count = self.rows * self.columns
        if places.ndim != 1 or shown.dtype.kind not in "iu" or not np.array_equal(np.sort(shown), np.arange(count)):
            raise checks.InputError(
                f"places={checks.shorten(places.ravel().tolist())} and centre={self.centre} must name each pixel of "
                f"{self.rows} x {self.columns} once; use the whole numbers 0 to {count - 1}"
            )
        object.__setattr__(self, "places", freeze(places))

    @property
    def length(self) -> int:
        """d, the number of coordinates beside x_0."""
        return int(self.places.size)

    @property
    def channels(self) -> int:
        """1 with x_0 in the centre, 2 with x_0 in a channel of its own."""
        return 2 if self.centre is None else 1

    def group(self, step: int) -> groups.Rolls:
        """The shifts by multiples of ``step``: length/4 for quarter turns of a square, rows for rolls by a column."""
        return groups.cyclic(self.length, step)

    def image(self, x0: Array, x: Array) -> Array:
        """The images (..., channels, rows, columns) of x_0 (...,) and x (..., length), of the type of both together.

        Errors: InputError for other shapes.
        """
        first, others = np.asarray(x0), np.asarray(x)
        if others.shape != (*first.shape, self.length):
            raise checks.InputError(
                f"x0 has shape {first.shape} and x has shape {others.shape}; the {self.name} embedding shows "
                f"{self.length} coordinates for each x0; give x the shape {(*first.shape, self.length)}"
            )
        size = self.rows * self.columns
        pixels = np.empty((*first.shape, self.channels, size), np.result_type(first, others))
        pixels[..., 0, self.places] = others
        if self.centre is None:
            pixels[..., 1, :] = first[..., None]
        else:
            pixels[..., 0, self.centre] = first
        return pixels.reshape(*first.shape, self.channels, self.rows, self.columns)

    def coordinates(self, image: Array) -> tuple[Array, Array]:
        """x_0 (...,) and x (..., length) of images (..., channels, rows, columns): the inverse of `image`.

        Errors: InputError for other shapes, or where the channel of x_0 is not constant.
        """
        image, shape = np.asarray(image), (self.channels, self.rows, self.columns)
        if image.shape[-3:] != shape:
            raise checks.InputError(
                f"image has shape {image.shape}; the {self.name} embedding has images (..., channels, rows, columns) "
                f"that end with {shape}; reshape it"
            )
        pixels = image.reshape(*image.shape[:-2], self.rows * self.columns)
        x = pixels[..., 0, self.places]
        if self.centre is not None:
            return np.array(pixels[..., 0, self.centre]), x
        if (pixels[..., 1, :] != pixels[..., 1, :1]).any():
            raise checks.InputError(
                "image has more than one value in channel 1, which shows x_0 and is constant; "
                "fill it with one value, for instance its mean"
            )
        return np.array(pixels[..., 1, 0]), x


def square(side: int, *, order: str | Sequence[int] | Array = "sectors") -> Embedding:
    """Images with x_0 in the centre, whose quarter turn ``numpy.rot90`` is r_1 with step = m = length/4.

    Coordinate t = i + m l is cell i of the quadrant with rows 0..h and columns 0..h-1, turned l times by
    (row, column) -> (column, side - 1 - row); length = side^2 - 1 and side = 2h + 1. With step = length/2, r_1 is the
    half turn ``image[..., ::-1, ::-1]``.

    Parameters
    ----------
    side : int
        Odd, from 3 on: of an even side a quarter turn leaves no pixel for x_0.
    order : str or (m,) sequence of int
        Which cell of the quadrant, numbered row by row, is number i: all of them, or a name out of `ORDERS`. No
        accuracy of the model depends on it. With "sectors" equal columns of a word lie together, so that small
        convolution kernels can see it.

    Raises
    ------
    InputError
        An even or too large side, or an order that is no permutation of 0..m-1.

    Examples
    --------
    >>> square(5, order="rows").image(99, np.arange(24))[0]
    array([[ 0,  1, 10,  8,  6],
           [ 2,  3, 11,  9,  7],
           [ 4,  5, 99, 17, 16],
           [19, 21, 23, 15, 14],
           [18, 20, 22, 13, 12]])
    """
    half = _half(side)
    side, quadrants = 2 * half + 1, []
    rows, columns = np.divmod(_cells(order, half), half)
    for _ in range(4):
        quadrants.append(rows * side + columns)
        rows, columns = columns, side - 1 - rows
    return Embedding("square", side, side, np.concatenate(quadrants), centre=side * side // 2)


def rolls(rows: int, columns: int) -> Embedding:
    """Images whose roll ``numpy.roll(image, -j, axis=-1)`` is r_j with step = rows: x is written column after column.

    Rolls along both axes are `groups.two_rolls` with the same step. As no pixel stays where it is, x_0 has a channel
    of its own. Errors: InputError for sizes below 1 or above `MOST_SIDE`.

    >>> rolls(2, 3).image(9, np.arange(6))
    array([[[0, 2, 4],
            [1, 3, 5]],
           [[9, 9, 9],
            [9, 9, 9]]])
    """
    return _by_columns("rolls", ("rows", rows), ("columns", columns))


def polar(rings: int, angles: int) -> Embedding:
    """Discs as images of rings x angles pixels: row 0 is the inmost ring, a column is a spoke; see `polar_edges`.

    A turn by q * 360/angles degrees, counterclockwise as in ``numpy.rot90``, is ``numpy.roll(image, -q, axis=-1)``:
    r_q with step = rings, r_1 with step = rings * q. Errors: InputError for sizes below 1 or above `MOST_SIDE`.

    >>> polar(5, 12).group(5).order  # turns by 30 degrees
    12
    """
    return _by_columns("polar", ("rings", rings), ("angles", angles))


def polar_edges(rings: int, angles: int) -> tuple[Array, Array]:
    """Borders of the pixels of `polar` in the unit disc: angles (angles + 1,) in radians and radii (rings + 1,).

    Both are what ``pcolormesh`` of polar axes takes. Angles fall, so that r_1 turns counterclockwise.

    >>> turns, radii = polar_edges(2, 4)
    >>> (turns / np.pi).tolist(), radii.tolist()
    ([0.0, -0.5, -1.0, -1.5, -2.0], [0.0, 0.5, 1.0])
    """
    here = polar(rings, angles)
    return np.linspace(0, -2 * np.pi, here.columns + 1), np.linspace(0, 1, here.rows + 1)


def roughness(embedding: Embedding, word: str) -> float:
    """The share of different signs among pixels side by side or one above the other, x_0 left out: in [0, 1].

    Errors: InputError for a word of another length.

    >>> round(roughness(square(33), word(33)), 3), round(roughness(square(33, order="rows"), word(33)), 3)
    (0.022, 0.037)
    """
    if len(checks.word(word)) != embedding.length:
        raise checks.InputError(
            f"word has {len(word)} letters and the embedding shows {embedding.length} coordinates; make them equal"
        )
    signs = np.array([1 if letter == "+" else -1 for letter in word])
    picture = embedding.image(np.array(0), signs)[0]
    products = np.concatenate([np.ravel(picture[1:] * picture[:-1]), np.ravel(picture[:, 1:] * picture[:, :-1])])
    return float((products < 0).sum() / max(1, np.count_nonzero(products)))


def word(side: int, correlation: float | str | Fraction = Fraction(1, 4)) -> str:
    """A word for `square` images whose correlations with its three quarter turns all equal ``correlation`` exactly.

    They are means over the m = length/4 columns (c_i, c_{i+m}, c_{i+2m}, c_{i+3m}), and with the turns by 1, 2 and 3
    those of ++++ are (1, 1, 1), of +++- (0, 0, 0), of ++-- (0, -1, 0), of +-+- (-1, 1, -1). 1/4 gives the words of
    `families.golay_quarter` and 0 those of `families.golay_zero`.

    Parameters
    ----------
    side : int
        Odd, from 3 on.
    correlation : float, str or Fraction
        From -1/3 to 1, written like 1/4 or 0.25, and a multiple of 1/m: such words exist, and no others.

    Raises
    ------
    InputError
        A side or a correlation that is not allowed, or no word for both, with sides and correlations that have one.

    Examples
    --------
    >>> from tradeoff.codes.word import cyclic_word
    >>> cyclic_word(word(5, "1/6"), step=6).correlations * 6
    array([6., 1., 1., 1.])
    """
    side = 2 * _half(side) + 1
    count = (side**2 - 1) // 4
    # The four turned words have inner products with eigenvalues 1 - rho and 1 + 3 rho, which are not negative.
    rule = "it is the correlation of a word with each of its three turns, from -1/3 to 1; write it like 1/4 or 0.25"
    share = checks.fraction("correlation", correlation, lambda rho: Fraction(-1, 3) <= rho <= 1, rule)
    if count % share.denominator:
        raise checks.InputError(_refusal(side, share))
    excess = int(share * count)
    special = ["++++"] * excess if excess > 0 else ["+-+-"] * -excess + ["++--"] * (-2 * excess)
    return from_columns(special + halved(golay_pair(4), count - len(special)))


def _half(side: int) -> int:
    """h of side = 2h + 1."""
    side = checks.at_most("side", side, MOST_SIDE)
    if side < 3 or side % 2 == 0:
        raise checks.InputError(
            f"side={side} must be odd and at least 3, so that the centre is a pixel that turns leave where it is; "
            f"use side={max(side - 1, 3)} or side={max(side + 1, 5)}"
        )
    return side // 2


def _cells(order: str | Sequence[int] | Array, half: int) -> Array:
    """(m,) number, row * half + column, of the quadrant's cell that shows column i of a word."""
    every = np.arange(half * (half + 1))
    if isinstance(order, str):
        return np.lexsort(ORDERS[checks.known("order", order, ORDERS)](*np.divmod(every, half), half))
    cells = np.asarray(order)
    if cells.ndim != 1 or cells.dtype.kind not in "iu" or not np.array_equal(np.sort(cells), every):
        raise checks.InputError(
            f"order={checks.shorten(cells.ravel().tolist())} must name each of the {every.size} cells of the quadrant "
            f"once; use the whole numbers 0 to {every.size - 1}, or one of {', '.join(ORDERS)}"
        )
    return cells


def _sectors(rows: Array, columns: Array, half: int) -> tuple[Array, Array]:
    """Clockwise around the middle of the quadrant, from its right on: a run of cells is a sector."""
    down, right = 2 * rows - half, 2 * columns - half + 1
    # Angles differ by more than 1e-7 or not at all; rounding makes the order the same on every machine.
    return down**2 + right**2, np.round(np.arctan2(down, right) % (2 * np.pi), 9)


ORDERS: dict[str, Callable[[Array, Array, int], tuple[Array, Array]]] = {
    "sectors": _sectors,
    "rings": lambda rows, columns, half: (columns - rows, half - np.minimum(rows, columns)),
    "rows": lambda rows, columns, half: (columns, rows),
    "snake": lambda rows, columns, half: (np.where(rows % 2, -columns, columns), rows),
}
"""Orders of a quadrant's cells, as sorting keys, the last first. Rings lie around the centre of the image."""


def _by_columns(name: str, *sizes: tuple[str, int]) -> Embedding:
    for size, value in sizes:
        checks.at_most(size, checks.at_least(size, value, 1, what="a number of pixels"), MOST_SIDE)
    rows, columns = (checks.integer(size, value) for size, value in sizes)
    return Embedding(name, rows, columns, np.arange(rows * columns).reshape(rows, columns).T.ravel(), centre=None)


def _refusal(side: int, share: Fraction) -> str:
    # <c, r(c)> = d - 2 D with D even, since the product of all c_t c_{r(t)} is 1; and it is d rho with d = 4m.
    count = (side**2 - 1) // 4
    sides = [n for n in range(3, MOST_SIDE + 1, 2) if (n**2 - 1) // 4 % share.denominator == 0]
    near = [n for n in sides if n < side][-1:] + [n for n in sides if n > side][:1]
    shares = [Fraction(whole, count) for whole in (floor(share * count), ceil(share * count))]
    ways = [f"side={n}" for n in near] + [f"correlation={rho}" for rho in shares if rho >= Fraction(-1, 3)]
    return (
        f"side={side} has no word with correlation={share}: length times correlation equals the length modulo 4, and "
        f"length = 4 * {count}, so that correlation * {count} must be whole; use {' or '.join(ways)}"
    )
