import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from empirical.draws import Draws
from empirical.transforms import quarter_turn, random_angles, random_rotation, rotate


def images(n: int = 4, size: tuple[int, int] = (28, 28), seed: int = 0) -> torch.Tensor:
    return torch.rand(n, 2, *size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("quarters", [-3, -2, -1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("size", [7, 28, 33])
def test_quarter_turns_come_out_as_by_rot90(quarters, size):
    found = rotate(images(size=(size, size)), torch.full((4,), 90.0 * quarters))
    assert (found - torch.rot90(images(size=(size, size)), quarters, (2, 3))).abs().max() < 2e-6


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3])
def test_quarter_turns_move_pixels_exactly(quarters):
    assert torch.equal(quarter_turn(images(), quarters), torch.rot90(images(), quarters, (2, 3)))
    assert (quarter_turn(images(), quarters) - rotate(images(), torch.full((4,), 90.0 * quarters))).abs().max() < 2e-6


def test_half_turns_of_oblong_images_are_exact_too():
    found = rotate(images(size=(12, 20)), torch.full((4,), 180.0))
    assert (found - images(size=(12, 20)).flip(2, 3)).abs().max() < 2e-6


@given(st.floats(-180, 180), st.integers(0, 9))
def test_rotation_agrees_with_scipy(angle, seed):
    """An outside implementation: order 1, zeros from outside, counter-clockwise in its own convention, too."""
    image = images(1, (15, 21), seed)
    found = rotate(image, torch.tensor([angle]))[0, 0].numpy()
    expected = ndimage.rotate(image[0, 0].numpy().astype(float), angle, reshape=False, order=1, mode="grid-constant")
    assert np.abs(found - expected).max() < 1e-4


def test_positive_angles_turn_counter_clockwise():
    """A spot to the right of the centre goes up."""
    image = torch.zeros(1, 1, 9, 9)
    image[0, 0, 4, 7] = 1
    found = rotate(image, torch.tensor([90.0]))
    assert found[0, 0].argmax() == 1 * 9 + 4


def test_each_image_has_its_own_angle():
    batch, angles = images(), torch.tensor([0.0, 30.0, 90.0, -45.0])
    alone = torch.cat([rotate(batch[i : i + 1], angles[i : i + 1]) for i in range(4)])
    assert torch.equal(rotate(batch, angles), alone)
    assert torch.equal(rotate(batch, angles)[0], batch[0])


def test_random_angles_are_the_same_share_of_every_range():
    draws, indices = Draws(0, "rotation"), torch.arange(1000)
    narrow, wide = random_angles(indices, 30, draws), random_angles(indices, 180, draws)
    assert torch.allclose(narrow * 6, wide)
    assert narrow.abs().max() <= 30
    assert narrow.min() < -29 < 29 < narrow.max()


def test_a_range_of_zero_changes_nothing():
    assert torch.equal(random_rotation(images(), torch.arange(4), 0.0, Draws(0, "rotation")), images())
