"""Hypothesis strategies; each generates only legal objects."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from tradeoff.codes import GROUPS, groups, pixels
from tradeoff.codes.pixels import Embedding
from tradeoff.codes.word import Word, cyclic_word
from tradeoff.model.law import CyclicGaussian


@st.composite
def words(draw: st.DrawFn, most_shifts: int = 6, most_step: int = 8, least_shifts: int = 1) -> Word:
    """Any word with up to most_shifts shifts, its own shifts possibly equal."""
    shifts = draw(st.integers(least_shifts, most_shifts))
    step = draw(st.integers(1, most_step))
    letters = draw(st.lists(st.sampled_from("+-"), min_size=shifts * step, max_size=shifts * step))
    return cyclic_word("".join(letters), step)


def reliabilities() -> st.SearchStrategy[float]:
    """The whole range of p, without the last digits before 1."""
    return st.floats(0.5, 0.999)


def signals() -> st.SearchStrategy[float]:
    return st.floats(0.1, 6.0)


def radii() -> st.SearchStrategy[float]:
    return st.floats(0.0, 8.0)


@st.composite
def laws(draw: st.DrawFn, **limits: int) -> CyclicGaussian:
    return CyclicGaussian(draw(words(**limits)), draw(reliabilities()), draw(signals()))


@st.composite
def moved_words(draw: st.DrawFn) -> Word:
    """A word with any kind of group: shifts, rolls along two axes, dihedral, or turns of a square picture."""
    kind = draw(st.sampled_from(["cyclic", "rolls", "two steps", "dihedral", "turns"]))
    if kind == "turns":
        group = quarter_turns(draw(st.integers(2, 3)))
    elif kind == "two steps":
        counts, steps = (draw(st.tuples(st.integers(1, 3), st.integers(1, 2))) for _ in range(2))
        group = groups.Rolls(tuple(c * m for c, m in zip(counts, steps, strict=True)), steps)
    else:
        shifts, step = draw(st.integers(1, 4)), draw(st.integers(1, 3 if kind == "rolls" else 6))
        assume(kind != "dihedral" or shifts * step > 2)
        group = GROUPS[kind](shifts * step, step)
    letters = draw(st.lists(st.sampled_from("+-"), min_size=group.length, max_size=group.length))
    return Word("".join(letters), group)


def quarter_turns(side: int) -> groups.Permutations:
    """The four turns of a square picture, whose middle pixel stays where it is when the side is odd."""
    picture = np.arange(side * side).reshape(side, side)
    return groups.permutations(np.array([np.rot90(picture, j).reshape(-1) for j in range(4)]))


@st.composite
def moved_laws(draw: st.DrawFn) -> CyclicGaussian:
    return CyclicGaussian(draw(moved_words()), draw(reliabilities()), draw(signals()))


@st.composite
def weights(draw: st.DrawFn, length: int) -> list[float]:
    """Weights of a linear rule, not all zero."""
    numbers = st.floats(-3, 3, allow_subnormal=False)
    return draw(st.lists(numbers, min_size=length, max_size=length).filter(lambda w: max(map(abs, w)) > 1e-3))


def sides() -> st.SearchStrategy[int]:
    """Odd sides of square images with a pixel in the centre."""
    return st.integers(1, 9).map(lambda half: 2 * half + 1)


@st.composite
def embeddings(draw: st.DrawFn) -> Embedding:
    """Any embedding of coordinates into pixels, square ones in any order."""
    kind = draw(st.sampled_from(["square", "rolls", "polar"]))
    if kind != "square":
        return getattr(pixels, kind)(draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    side = draw(sides())
    shuffled = st.permutations(range((side**2 - 1) // 4))
    return pixels.square(side, order=draw(st.sampled_from(sorted(pixels.ORDERS)) | shuffled))


@st.composite
def samples(draw: st.DrawFn, length: int) -> tuple[np.ndarray, np.ndarray]:
    """x_0 and x for that many coordinates, of any leading shape and type; numbers differ from each other."""
    lead = draw(st.lists(st.integers(0, 3), max_size=2))
    kind = draw(st.sampled_from([np.float64, np.float32, np.int32, np.int16, np.complex64]))
    numbers = np.random.default_rng(draw(st.integers(0, 99))).permutation(int(np.prod(lead)) * (length + 1))
    both = numbers.reshape(*lead, length + 1).astype(kind)
    return both[..., 0], both[..., 1:]
