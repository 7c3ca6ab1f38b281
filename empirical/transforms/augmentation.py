"""Random transformations of training images: crop and flip, then rotation and translation in one resampling.

All draws are keyed by image, so that an image meets its own in any batch. Transformations come before normalisation
and work on [0, 1] pixels: what comes from outside is black, not grey.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from empirical.compute.draws import Draws
from empirical.transforms.resampling import random_angles, random_rotation, rigid_matrix

DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class Augmentation:
    """What training images are turned into, each by its own draws.

    Parameters
    ----------
    angle_deg : float
        Rotation, uniform in +-angle_deg.
    shift : float
        Translation of both axes: uniform in +-shift of the width or height, rounded to whole pixels, so that the end
        values are rarer (Kamath et al. use torchvision's transform, which does this).
    crop_px : int
        Shift by -crop_px, ..., crop_px whole pixels, all equally likely, with black borders: padding and cropping.
    flip : bool
        Left and right exchanged in half of all cases.
    interpolation : str
        "bilinear" or "nearest".
    padding : str
        What comes from outside in a rotation or translation: "zeros", "border" or "reflection".
    resampling : str
        "float64", or "float32", which takes a fifth of the time; places are then off by 2e-6 of the width.

    Examples
    --------
    >>> images = torch.rand(2, 1, 8, 8)
    >>> still = Augmentation()
    >>> torch.equal(still(images, torch.arange(2), Draws(0, "augment")), images)
    True
    """

    angle_deg: float = 0.0
    shift: float = 0.0
    crop_px: int = 0
    flip: bool = False
    interpolation: str = "bilinear"
    padding: str = "zeros"
    resampling: str = "float32"

    def __call__(self, images: Tensor, indices: Tensor, draws: Draws) -> Tensor:
        """images (n, c, h, w), image indices (n,) that key the draws -> transformed images, same shape."""
        if self.flip:
            mirrored = draws.part("flip").uniform(indices, ()) < 0.5
            images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
        if self.crop_px:
            places = draws.part("crop").integers(indices, (2,), 2 * self.crop_px + 1)
            images = cropped(images, places - self.crop_px)
        if not self.shift and (self.interpolation, self.padding, self.resampling) == ("bilinear", "zeros", "float64"):
            return random_rotation(images, indices, self.angle_deg, draws)
        return self._moved(images, indices, draws) if self.angle_deg or self.shift else images

    def _moved(self, images: Tensor, indices: Tensor, draws: Draws) -> Tensor:
        n, _, height, width = images.shape
        shift_px = torch.zeros(n, 2, device=images.device)
        if self.shift:
            share = 2 * draws.part("shift").uniform(indices, (2,)) - 1
            shift_px = (share * self.shift * torch.tensor([width, height], device=images.device)).round()
        angle = random_angles(indices, self.angle_deg, draws)
        if not self.angle_deg and self.padding == "zeros":
            return cropped(images, shift_px.long())  # whole pixels need no resampling
        theta = rigid_matrix(angle, shift_px, torch.zeros_like(angle, dtype=torch.bool), height, width)
        dtype = DTYPES[self.resampling]
        grid = _grid(theta.to(dtype), height, width)
        moved = F.grid_sample(
            images.to(dtype), grid, mode=self.interpolation, padding_mode=self.padding, align_corners=False
        )
        return moved.to(images.dtype).clamp(0, 1)


def _grid(theta: Tensor, height: int, width: int) -> Tensor:
    """(n, h, w, 2): what ``affine_grid`` gives with pixels as areas, in a fifth of its time."""
    across, down = (
        ((2 * torch.arange(side, device=theta.device, dtype=theta.dtype) + 1) / side - 1) for side in (width, height)
    )
    matrix = theta[:, None, None]
    return matrix[..., 0] * across[:, None] + (matrix[..., 1] * down[:, None, None] + matrix[..., 2])


def cropped(images: Tensor, shift_px: Tensor) -> Tensor:
    """Each image (n, c, h, w) shifted right and down by its own whole pixels (n, 2), black coming in.

    >>> cropped(torch.arange(4.0).reshape(1, 1, 2, 2), torch.tensor([[1, 0]]))
    tensor([[[[0., 0.],
              [0., 2.]]]])
    """
    n, _, height, width = images.shape
    most = int(shift_px.abs().max()) if n else 0
    if not most:
        return images
    padded = F.pad(images, (most, most, most, most))
    columns = torch.arange(width, device=images.device) + most - shift_px[:, :1]
    rows = torch.arange(height, device=images.device) + most - shift_px[:, 1:]
    each = torch.arange(n, device=images.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[each, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2).contiguous()
