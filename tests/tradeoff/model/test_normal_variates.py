import numpy as np
import pytest

from tradeoff.model import normal_variates


def test_the_compiled_loop_draws_numpys_stream_bit_for_bit():
    plain, fast = np.random.default_rng(1), np.random.default_rng(1)
    for shape in ((3, 5), (1000,), (2, 7, 11)):
        assert np.array_equal(
            normal_variates.standard(plain, shape, compiled=False), normal_variates.standard(fast, shape, compiled=True)
        )
    assert plain.random() == fast.random()  # and leaves the generator where NumPy leaves it


def test_the_compiled_loop_adds_the_mean_as_numpy_does():
    plain, fast = np.random.default_rng(2), np.random.default_rng(2)
    scale, mean = np.random.default_rng(3).normal(size=13), np.random.default_rng(4).normal(size=29)
    expected = normal_variates.around(plain, scale, mean, compiled=False)
    assert np.array_equal(normal_variates.around(fast, scale, mean, compiled=True), expected)


@pytest.mark.parametrize("kind", [np.random.SFC64, np.random.Philox, np.random.MT19937])
def test_other_bit_generators_keep_their_streams_too(kind):
    plain, fast = (np.random.Generator(kind(7)) for _ in range(2))
    assert np.array_equal(
        normal_variates.standard(plain, (100,), compiled=False), normal_variates.standard(fast, (100,), compiled=True)
    )
