"""Hypothesis strategies; each generates only legal objects."""

from hypothesis import strategies as st

from tradeoff.codes import Word, cyclic_word
from tradeoff.distribution import CyclicGaussian


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
def weights(draw: st.DrawFn, length: int) -> list[float]:
    """Weights of a linear rule, not all zero."""
    numbers = st.floats(-3, 3, allow_subnormal=False)
    return draw(st.lists(numbers, min_size=length, max_size=length).filter(lambda w: max(map(abs, w)) > 1e-3))
