"""Random rotations of image batches, on the images' device, before any normalisation.

Conventions: a positive angle turns the picture counter-clockwise as it is looked at, about its centre, as
``torch.rot90(images, 1, (2, 3))`` does; bilinear interpolation; what comes from outside is black (0).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from empirical.draws import Draws


def rotate(images: Tensor, angle_deg: Tensor) -> Tensor:
    """Each image (n, c, h, w) turned by its own angle (n,) in degrees, all by one resampling call.

    Multiples of 90 degrees of square images come out as by rot90 up to float rounding (2e-6). Images whose angle is
    exactly 0 come out as they were.
    """
    n, _, height, width = images.shape
    radians = torch.deg2rad(angle_deg.double())
    cos, sin = radians.cos(), radians.sin()
    # grid_sample asks where a pixel comes from: the inverse turn, in coordinates from -1 to 1 with y down.
    zero = torch.zeros_like(cos)
    across, down = -sin * (height / width), sin * (width / height)
    theta = torch.stack([torch.stack([cos, across, zero], 1), torch.stack([down, cos, zero], 1)], 1)
    grid = F.affine_grid(theta, [n, 1, height, width], align_corners=False)
    # In float32 places are off by 2e-6 of a pixel, and quarter turns by more than the stated rounding.
    turned = F.grid_sample(images.double(), grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return torch.where((angle_deg == 0)[:, None, None, None], images, turned.to(images.dtype))


def quarter_turn(images: Tensor, quarters: int) -> Tensor:
    """Each image turned by ``quarters`` times 90 degrees counter-clockwise, pixels moved and none resampled."""
    return torch.rot90(images, quarters, (2, 3))


def random_angles(indices: Tensor, range_deg: float, draws: Draws) -> Tensor:
    """(n,) angles uniform in [-range_deg, range_deg], each image's own, and the same share of any range."""
    return (2 * draws.uniform(indices, ()) - 1) * range_deg


def random_rotation(images: Tensor, indices: Tensor, range_deg: float, draws: Draws) -> Tensor:
    """Every image turned by a random angle in [-range_deg, range_deg]."""
    return rotate(images, random_angles(indices, range_deg, draws)) if range_deg else images
