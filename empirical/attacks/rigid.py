"""Rotation, translation and mirroring (Engstrom et al. 2019): random mean, worst of k, grids, from one table."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.attacks.base import held
from empirical.attacks.losses import fooled, margin
from empirical.compute.draws import Draws
from empirical.transforms.resampling import rigid
from tradeoff.shared import checks
from tradeoff.shared.results import Frequency


@dataclass(frozen=True, eq=False)
class RigidTable:
    """The answers to n images under T transforms each; every reading of a rigid attack is a reduction of it.

    transforms (n, T, 4) holds angle_deg, shift_px right and down, and 1 for mirrored; margins (n, T) and right (n, T),
    whether the answer is the label. The first ``shared`` columns are a grid, the same for all images; the others are
    each image's own random transforms.
    """

    transforms: Tensor
    margins: Tensor
    right: Tensor
    shared: int

    def average(self) -> Frequency:
        """Right answers under random transforms; trials come in clusters of one image."""
        found = self.right[:, self.shared :]
        return Frequency(int(found.sum()), found.numel())

    def worst_of(self, k: int) -> Frequency:
        """Images that are right under each of their first k random transforms."""
        drawn = self.right.shape[1] - self.shared
        if not 1 <= k <= drawn:
            raise checks.InputError(f"k={k} must lie in 1..{drawn}, the random transforms of the table; use k={drawn}")
        return _images(self.right[:, self.shared : self.shared + k].all(dim=1))

    def per_sample(self) -> Frequency:
        """Images that are right at every point of the grid."""
        return _images(self.right[:, : self.shared].all(dim=1))

    def one_for_all(self) -> tuple[Tensor, Frequency]:
        """The one grid transform (4,) under which the fewest images are right, and how many these are."""
        column = int(self.right[:, : self.shared].sum(dim=0).argmin())
        return self.transforms[0, column], _images(self.right[:, column])

    def worst(self) -> Tensor:
        """(n, 4): each image's transform of the largest margin, among those that fool it if there are any."""
        fooled = (~self.right).any(dim=1, keepdim=True)
        columns = self.margins.masked_fill(self.right & fooled, -float("inf")).argmax(dim=1)
        return self.transforms[torch.arange(len(columns), device=columns.device), columns]


@dataclass(frozen=True)
class Rigid:
    """Up to ``angle_deg`` and ``shift_px`` both ways: a grid, and k random transforms for each image.

    The defaults are the authors' for MNIST and CIFAR-10: 30 degrees, 3 pixels, a grid of 31 angles by 5 x 5 shifts, and
    10 random transforms. As an attack it returns each image under the worst of all of them.
    """

    angle_deg: float = 30.0
    shift_px: float = 3.0
    flip: bool = False  # left and right may be exchanged
    grid: tuple[int, int] | None = (31, 5)  # angles, and shifts along each axis; None for no grid
    k: int = 10  # random transforms

    def __post_init__(self) -> None:
        checks.not_negative("angle_deg", self.angle_deg)
        checks.not_negative("shift_px", self.shift_px)
        checks.at_least("k", self.k, 0, what="the number of random transforms")
        checks.boolean("flip", self.flip)
        if self.grid is not None and not (isinstance(self.grid, (tuple, list)) and len(self.grid) == 2):
            raise checks.InputError(f"grid={self.grid!r} is no pair (angles, shifts); use (31, 5), or None for no grid")
        for count in self.grid or ():
            checks.at_least("grid", count, 1, what="angles, and shifts along each axis")
        if self.grid is None and not self.k:
            raise checks.InputError("grid=None with k=0 leaves no transform; use k=10 or grid=(31, 5)")

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) with black 0, labels (n,), indices (n,) -> each image under its worst transform."""
        worst = self.table(model, images, labels, indices, draws=draws).worst()
        return moved(images.detach(), worst)

    def table(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> RigidTable:
        """The answers to all images under all transforms, one forward pass for each column."""
        with held(model, images, labels, indices, draws), torch.no_grad():
            grid = self._grid().to(images.device)
            transforms = torch.cat([grid.expand(len(images), *grid.shape), self._random(indices, draws)], 1)
            answers = [model(moved(images, column)) for column in transforms.unbind(1)]
        margins = torch.stack([margin(logits, labels) for logits in answers], 1)
        right = torch.stack([~fooled(logits, labels) for logits in answers], 1)
        return RigidTable(transforms, margins, right, len(grid))

    def _grid(self) -> Tensor:
        if self.grid is None:
            return torch.empty(0, 4)
        angles, shifts = _spread(self.angle_deg, self.grid[0]), _spread(self.shift_px, self.grid[1])
        flips = torch.arange(1.0 + self.flip)
        return torch.cartesian_prod(angles, shifts, shifts, flips).reshape(-1, 4)

    def _random(self, indices: Tensor, draws: Draws) -> Tensor:
        uniform = 2 * draws.uniform(indices, (self.k, 4)) - 1
        limits = torch.tensor([self.angle_deg, self.shift_px, self.shift_px, 0.0], device=indices.device)
        mirrored = (uniform[..., 3] > 0) & torch.tensor(self.flip)
        return torch.cat([(uniform * limits)[..., :3], mirrored.float()[..., None]], 2)


def moved(images: Tensor, transforms: Tensor) -> Tensor:
    """Each image (n, c, h, w) under its transform (n, 4)."""
    return rigid(images, transforms[:, 0], transforms[:, 1:3], transforms[:, 3] > 0)


def _spread(limit: float, count: int) -> Tensor:
    """Evenly spaced from -limit to limit; one alone is 0."""
    return torch.linspace(-limit, limit, count) if count > 1 else torch.zeros(1)


def _images(right: Tensor) -> Frequency:
    return Frequency(int(right.sum()), len(right))
