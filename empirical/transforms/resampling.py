"""Rotations, shifts, mirrorings and flow fields of image batches, on the images' device, before any normalisation.

Conventions: a positive angle turns the picture counter-clockwise as it is looked at, about its centre, as
``torch.rot90(images, 1, (2, 3))`` does; a positive shift moves it to the right and down; a mirrored picture has left
and right exchanged. Mirrored first, then turned, then shifted; bilinear interpolation, once; what comes from outside is
black (0).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from empirical.compute import tensor_checks
from empirical.compute.draws import Draws
from tradeoff.shared import checks


def rotate(images: Tensor, angle_deg: Tensor) -> Tensor:
    """Each image (n, c, h, w) turned by its own angle (n,) in degrees, all by one resampling call.

    Multiples of 90 degrees of square images come out as by rot90 up to float rounding (2e-6). Images whose angle is
    exactly 0 come out as they were.
    """
    still = torch.zeros_like(tensor_checks.for_each("angle_deg", angle_deg, tensor_checks.images(images).shape[:1]))
    return rigid(images, angle_deg, torch.stack([still, still], 1), still.bool())


def rigid(images: Tensor, angle_deg: Tensor, shift_px: Tensor, flip: Tensor) -> Tensor:
    """Each image (n, c, h, w) mirrored (n,), turned (n,) in degrees and shifted (n, 2) in pixels, by one resampling.

    Images to which nothing is done come out as they were.
    """
    n, _, height, width = tensor_checks.images(images).shape
    tensor_checks.for_each("angle_deg", angle_deg, (n,))
    tensor_checks.for_each("shift_px", shift_px, (n, 2))
    if not isinstance(flip, Tensor) or flip.dtype != torch.bool or flip.shape != (n,):
        raise checks.InputError(f"flip is {tensor_checks.described(flip)}; pass a tensor of {n} booleans")
    theta = rigid_matrix(angle_deg, shift_px, flip, height, width)
    grid = F.affine_grid(theta, [n, 1, height, width], align_corners=False)
    # In float32 places are off by 2e-6 of a pixel, and quarter turns by more than the stated rounding.
    moved = F.grid_sample(images.double(), grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    still = (angle_deg == 0) & (shift_px == 0).all(dim=1) & ~flip
    return torch.where(still[:, None, None, None], images, moved.to(images.dtype))


def rigid_matrix(angle_deg: Tensor, shift_px: Tensor, flip: Tensor, height: int, width: int) -> Tensor:
    """(n, 2, 3) float64: where each pixel of the moved image comes from, in coordinates from -1 to 1 with y down."""
    radians = torch.deg2rad(angle_deg.double())
    cos, sin = radians.cos(), radians.sin()
    # grid_sample asks where a pixel comes from: the inverse shift, then the inverse turn, then the mirror.
    across, down = -sin * (height / width), sin * (width / height)
    x, y = shift_px[:, 0].double() * (2 / width), shift_px[:, 1].double() * (2 / height)
    first = torch.stack([cos, across, -(cos * x + across * y)], 1) * (1 - 2 * flip.double())[:, None]
    return torch.stack([first, torch.stack([down, cos, -(down * x + cos * y)], 1)], 1)


def flow(images: Tensor, flow_px: Tensor) -> Tensor:
    """Each output pixel read at its own place plus (n, 2, h, w) pixels (right, down), places kept inside the image.

    Images whose field is zero come out as they were; no value leaves the range of its image.
    """
    n, _, height, width = tensor_checks.images(images).shape
    tensor_checks.for_each("flow_px", flow_px, (n, 2, height, width))
    exact = images.to(torch.promote_types(images.dtype, torch.float32))
    grid = identity_grid(exact) + _steps(flow_px, height, width).to(exact.dtype)
    moved = F.grid_sample(exact, grid, mode="bilinear", padding_mode="border", align_corners=False).to(images.dtype)
    moved = moved.clamp(images.amin((1, 2, 3), keepdim=True), images.amax((1, 2, 3), keepdim=True))
    # At the zero field the value is the image's own, and the slope is still the resampling's.
    still = (flow_px == 0).flatten(1).all(dim=1)[:, None, None, None]
    return torch.where(still, images + (moved - moved.detach()), moved)


def rigid_flow(images: Tensor, theta: Tensor, flow_px: Tensor) -> Tensor:
    """The image moved rigidly by ``theta`` of `rigid_matrix`, then by the flow, composed in one sampling grid."""
    _, _, height, width = images.shape
    places = identity_grid(images.double()) + _steps(flow_px.double(), height, width)
    grid = places @ theta[:, None, :, :2].transpose(2, 3) + theta[:, None, None, :, 2]
    moved = F.grid_sample(images.double(), grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return moved.to(images.dtype)


def identity_grid(images: Tensor) -> Tensor:
    """(n, h, w, 2): every pixel's own place for grid_sample."""
    n, _, height, width = images.shape
    here = torch.eye(2, 3, dtype=images.dtype, device=images.device).expand(n, 2, 3)
    return F.affine_grid(here, [n, 1, height, width], align_corners=False)


def _steps(flow_px: Tensor, height: int, width: int) -> Tensor:
    """Pixels (n, 2, h, w) as steps (n, h, w, 2) of grid_sample."""
    return torch.stack([flow_px[:, 0] * (2 / width), flow_px[:, 1] * (2 / height)], 3)


def quarter_turn(images: Tensor, quarters: int) -> Tensor:
    """Each image turned by ``quarters`` times 90 degrees counter-clockwise, pixels moved and none resampled."""
    return torch.rot90(tensor_checks.images(images), checks.integer("quarters", quarters), (2, 3))


def random_angles(indices: Tensor, range_deg: float, draws: Draws) -> Tensor:
    """(n,) angles uniform in [-range_deg, range_deg], each image's own, and the same share of any range."""
    return (2 * draws.uniform(indices, ()) - 1) * checks.not_negative("range_deg", range_deg)


def random_rotation(images: Tensor, indices: Tensor, range_deg: float, draws: Draws) -> Tensor:
    """Every image turned by a random angle in [-range_deg, range_deg]."""
    turning = checks.not_negative("range_deg", range_deg) > 0
    return rotate(images, random_angles(indices, range_deg, draws)) if turning else images
