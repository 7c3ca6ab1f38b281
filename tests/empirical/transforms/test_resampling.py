import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from empirical.compute.draws import Draws
from empirical.transforms.resampling import (
    flow,
    quarter_turn,
    random_angles,
    random_rotation,
    rigid,
    rigid_flow,
    rigid_matrix,
    rotate,
)


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


def moved_by_scipy(image: np.ndarray, angle: float, shift: tuple[float, float], flip: bool) -> np.ndarray:
    """Mirror, then turn, then shift (right, down), each by scipy on a padded image, so that two resamplings remain."""
    image = image[:, ::-1] if flip else image
    turned = ndimage.rotate(image.astype(float), angle, reshape=False, order=1, mode="grid-constant")
    return ndimage.shift(turned, (shift[1], shift[0]), order=1, mode="grid-constant")


@given(st.integers(-3, 3), st.integers(-3, 3), st.booleans(), st.sampled_from([0.0, 90.0, 37.0]), st.integers(0, 9))
def test_rigid_motion_agrees_with_scipy(right, down, flip, angle, seed):
    """Whole shifts, so that scipy's second resampling adds nothing."""
    image = torch.zeros(1, 1, 21, 21)
    image[..., 6:15, 6:15] = images(1, (9, 9), seed)[:, :1]  # nothing is lost at the border
    found = rigid(image, torch.tensor([angle]), torch.tensor([[float(right), float(down)]]), torch.tensor([flip]))
    expected = moved_by_scipy(image[0, 0].numpy(), angle, (right, down), flip)
    assert np.abs(found[0, 0].numpy() - expected).max() < 1e-4


def test_positive_shifts_go_right_and_down_and_black_comes_in():
    found = rigid(images(), torch.zeros(4), torch.tensor([[2.0, 1.0]]).expand(4, 2), torch.zeros(4, dtype=torch.bool))
    assert (found[:, :, 1:, 2:] - images()[:, :, :-1, :-2]).abs().max() < 1e-6
    assert found[:, :, 0].abs().max() == 0
    assert found[:, :, :, :2].abs().max() == 0


def test_no_motion_and_no_flow_are_the_identity():
    still, field = torch.zeros(4), torch.zeros(4, 2, 28, 28)
    assert torch.equal(rigid(images(), still, torch.zeros(4, 2), still.bool()), images())
    assert torch.equal(flow(images(), field), images())
    composed = rigid_flow(images(), rigid_matrix(still, torch.zeros(4, 2), still.bool(), 28, 28), field)
    assert (composed - images()).abs().max() < 1e-6


@given(st.integers(-2, 2), st.integers(-2, 2))
def test_a_constant_flow_reads_from_the_neighbour(right, down):
    field = torch.tensor([float(right), float(down)])[None, :, None, None].expand(4, 2, 28, 28)
    found = flow(images(), field)[:, :, 2:-2, 2:-2]
    expected = images()[:, :, 2 + down : 26 + down, 2 + right : 26 + right]
    assert (found - expected).abs().max() < 1e-5


def test_a_flow_has_a_slope_at_the_zero_field():
    """A pixel read a little to the right changes by its right neighbour's difference (or its left one's)."""
    field = torch.zeros(4, 2, 28, 28, requires_grad=True)
    (slope,) = torch.autograd.grad(flow(images(), field).sum(), field)
    assert slope[:, 0, 1:-1, 1:-1].abs().min() > 0


def test_a_flow_of_a_rigid_motion_is_both_in_turn():
    """Whole steps, so that one resampling and two give the same."""
    theta = rigid_matrix(torch.full((4,), 90.0), torch.tensor([[1.0, 2.0]]).expand(4, 2), torch.ones(4).bool(), 28, 28)
    field = torch.ones(4, 2, 28, 28)
    found = rigid_flow(images(), theta, field)
    turned = rigid(images(), torch.full((4,), 90.0), torch.tensor([[1.0, 2.0]]).expand(4, 2), torch.ones(4).bool())
    assert (found - flow(turned, field))[:, :, :-1, :-1].abs().max() < 1e-5
