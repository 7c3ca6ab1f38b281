"""Random transformations of training images beside rot90, scipy and naive loops."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from scipy.ndimage import affine_transform
from scipy.stats import chisquare

from empirical.compute.draws import Draws
from empirical.transforms.augmentation import Augmentation, _grid, cropped
from empirical.transforms.resampling import random_angles, random_rotation

FALSE_ALARM = 1e-6
DRAWS = Draws(5, "augment")
IMAGES = torch.rand(6, 3, 12, 12, generator=torch.Generator().manual_seed(1))
INDICES = torch.arange(40, 46)


def test_rotation_is_that_of_measurement():
    """One convention in training and measuring: the same draws give the same images."""
    expected = random_rotation(IMAGES, INDICES, 70.0, DRAWS)
    exact = Augmentation(70.0, resampling="float64")(IMAGES, INDICES, DRAWS)
    quick = Augmentation(70.0, resampling="float32")(IMAGES, INDICES, DRAWS)
    assert torch.equal(exact, expected)
    assert (quick - expected).abs().max() < 1e-4
    assert not (Augmentation(69.0)(IMAGES, INDICES, DRAWS) - expected).abs().max() < 1e-4


def test_nearest_neighbours_are_those_of_scipy():
    """Every pixel is read from where a turn about the centre says, rounded; scipy turns the same way about the same."""
    angles = random_angles(INDICES, 45.0, DRAWS)
    found = Augmentation(45.0, interpolation="nearest")(IMAGES, INDICES, DRAWS)
    same = 0.0
    for image, angle, turned in zip(IMAGES, angles, found, strict=True):
        radians = np.deg2rad(float(angle))
        turn = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
        centre = np.full(2, 5.5)
        offset = centre - turn @ centre
        expected = affine_transform(image[0].numpy(), turn, offset, order=0, mode="grid-constant")
        same += float((torch.from_numpy(expected) == turned[0]).float().mean())
    assert same / len(IMAGES) > 0.97  # ties at half pixels and the rim may go either way


def test_places_are_those_of_torch():
    theta = torch.rand(5, 2, 3, dtype=torch.float64) - 0.5
    expected = F.affine_grid(theta, [5, 1, 7, 10], align_corners=False)
    assert torch.allclose(_grid(theta, 7, 10), expected, atol=1e-12)
    assert not torch.allclose(_grid(theta + 1e-6, 7, 10), expected, atol=1e-12)


def test_nothing_is_done_where_nothing_is_asked():
    assert torch.equal(Augmentation()(IMAGES, INDICES, DRAWS), IMAGES)


def test_cropping_is_that_of_a_naive_loop():
    shifts = torch.tensor([[0, 0], [2, -3], [-12, 0], [4, 4], [0, 1], [-1, -1]])
    found = cropped(IMAGES, shifts)
    for image, (right, down), moved in zip(IMAGES, shifts.tolist(), found, strict=True):
        for row in range(12):
            for column in range(12):
                from_row, from_column = row - down, column - right
                inside = 0 <= from_row < 12 and 0 <= from_column < 12
                expected = image[:, from_row, from_column] if inside else torch.zeros(3)
                assert torch.equal(moved[:, row, column], expected)


def test_a_translation_of_training_rounds_as_the_paper_does():
    """Share .1 of 28 pixels: uniform in +-2.8 and rounded, so that 3 is rarer than 2: 0.3 of 5.6 against 1."""
    n = 20_000
    marked = torch.zeros(n, 1, 28, 28)
    marked[:, 0, 14, 14] = 1.0
    moved = Augmentation(shift=0.1)(marked, torch.arange(n), DRAWS)
    columns = moved.sum(2)[:, 0].argmax(1) - 14
    counts = np.array([int((columns == shift).sum()) for shift in range(-3, 4)])
    law = np.array([0.3, 1, 1, 1, 1, 1, 0.3]) / 5.6
    assert chisquare(counts, n * law).pvalue > FALSE_ALARM
    assert chisquare(counts, np.full(7, n / 7)).pvalue < FALSE_ALARM


def test_half_of_the_images_are_mirrored_and_every_crop_is_as_likely():
    n = 20_000
    marked = torch.zeros(n, 1, 8, 8)
    marked[:, 0, 4, 3] = 1.0
    mirrored = Augmentation(flip=True)(marked, torch.arange(n), DRAWS)[:, 0, 4, 4].sum()
    assert chisquare([int(mirrored), n - int(mirrored)]).pvalue > FALSE_ALARM
    moved = Augmentation(crop_px=1)(marked, torch.arange(n), DRAWS)
    counts = moved.sum(0)[0, 3:6, 2:5].flatten().numpy()
    assert chisquare(counts).pvalue > FALSE_ALARM
    assert int(counts.sum()) == n


@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
def test_pixels_stay_in_their_range(padding):
    found = Augmentation(180.0, 0.3, 2, True, padding=padding)(IMAGES, INDICES, DRAWS)
    assert found.shape == IMAGES.shape
    assert 0 <= float(found.min()) <= float(found.max()) <= 1


def test_an_image_meets_its_own_draws_in_any_batch():
    chosen = Augmentation(90.0, 0.2, 2, True)
    whole = chosen(IMAGES, INDICES, DRAWS)
    assert torch.allclose(whole[2:4], chosen(IMAGES[2:4], INDICES[2:4], DRAWS), atol=1e-6)
