"""Budgets and projections: what an attack on pixels may do, in one place for both norms.

eps is on the scale of the images, [0, 1] pixels unless ``bounds`` says otherwise, and "8/255" is understood. With
``std`` (one number, or one for each channel) eps and step sizes are in units of (x - mean) / std instead. With
``bounds=None`` nothing is clipped: for data that are not pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from empirical.compute import tensor_checks
from empirical.compute.draws import Draws
from tradeoff.shared import checks

NORMS = ("linf", "l2")
PIXELS = (0.0, 1.0)
Bounds = tuple[float, float] | None
Std = float | tuple[float, ...] | None
ROUNDS = 8
"""Of the projection on ball and box; each settles which pixels sit at a border, and most images need three."""
SLACK = 1e-6
"""Resampled images may leave the bounds by a rounding error."""


@dataclass(frozen=True)
class Ball:
    """All images within ``eps`` of an image in a norm, and within ``bounds``.

    >>> Ball("8/255").eps == 8 / 255
    True

    Raises
    ------
    InputError
        For an unknown norm, bounds in the wrong order, a std that is not positive, or an eps that is negative or, in
        l_inf on [0, 1], above 1.
    """

    eps: float
    norm: str = "linf"
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        checks.known("norm", self.norm, NORMS)
        for name in ("bounds", "std"):  # lists, as JSON has them
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.bounds is not None and not _ascending(self.bounds):
            raise checks.InputError(
                f"bounds={self.bounds!r} must be (least, largest); use (0, 1), or None for no bounds"
            )
        if self.std == ():
            raise checks.InputError("std=() holds no number; give one, or one for each channel")
        if self.std is not None:
            for value in self.std if isinstance(self.std, tuple) else (self.std,):
                checks.positive("std", value, what="the standard deviation in whose units eps is given")
        on_pixels = self.norm == "linf" and self.bounds == PIXELS and self.std is None
        object.__setattr__(self, "eps", (checks.pixel_eps if on_pixels else checks.size)("eps", self.eps))

    def around(self, images: Tensor) -> Region:
        """The ball around each image (n, c, h, w); the images themselves must lie in the bounds."""
        images = tensor_checks.images(images)
        images, scale = images.detach(), self._scale(images)
        least, most = self.bounds or (-math.inf, math.inf)
        if self.bounds and len(images) and not (images.min() >= least - SLACK and images.max() <= most + SLACK):
            raise checks.InputError(
                f"bounds={self.bounds} do not hold the images, which run from {float(images.min()):g} to "
                f"{float(images.max()):g}; scale them, or pass bounds=None"
            )
        radius = self.eps * scale if self.norm == "linf" else math.inf
        low, high = (images - radius).clamp(least, most), (images + radius).clamp(least, most)
        return Region(self.norm, self.eps, scale, images, low, high)

    def _scale(self, images: Tensor) -> float | Tensor:
        if not isinstance(self.std, tuple):
            return 1.0 if self.std is None else self.std
        if len(self.std) != images.shape[1]:
            raise checks.InputError(
                f"std={self.std} has {len(self.std)} numbers for images of {images.shape[1]} channels; give each one"
            )
        return torch.tensor(self.std, dtype=images.dtype, device=images.device)[:, None, None]


@dataclass(frozen=True, eq=False)
class Region:
    """A ball around each image of a batch: where steps end.

    ``scale`` is the std, 1 for pixel units; or (n, 1, 1, 1) the radius of each image, in whose units eps is 1.
    """

    norm: str
    eps: float
    scale: float | Tensor
    images: Tensor
    low: Tensor
    high: Tensor

    @classmethod
    def of_radii(cls, images: Tensor, radii: Tensor) -> Region:
        """l_inf balls on [0, 1] of another radius (n,) for each image."""
        radii = radii[:, None, None, None]
        return cls("linf", 1.0, radii, images, (images - radii).clamp(0, 1), (images + radii).clamp(0, 1))

    def take(self, rows: Tensor) -> Region:
        """The region of some of the images."""
        scale = self.scale[rows] if isinstance(self.scale, Tensor) and self.scale.ndim == 4 else self.scale
        return Region(self.norm, self.eps, scale, self.images[rows], self.low[rows], self.high[rows])

    def start(self, indices: Tensor, draws: Draws) -> Tensor:
        """A point of the ball for each image, uniform, then put into the bounds."""
        shape = tuple(self.images.shape[1:])
        if self.norm == "linf":
            return self.project(self.images + self.eps * self.scale * (2 * draws.uniform(indices, shape) - 1))
        direction = draws.part("direction").normal(indices, shape)
        length = draws.uniform(indices, ()) ** (1 / math.prod(shape))
        return self.project(self.images + self.eps * self.scale * _column(length) * unit(direction))

    def step(self, at: Tensor, gradient: Tensor, size: float | Tensor) -> Tensor:
        """From ``at`` along the steepest ascent of the norm by ``size`` (in eps's units), then back into the region."""
        if self.norm == "linf":
            return self.project(at + size * self.scale * gradient.sign())
        return self.project(at + size * self.scale * unit(gradient * self.scale))

    def project(self, moved: Tensor) -> Tensor:
        """The nearest point of ball and bounds, exact in both norms (in l_2 with a std: nearest in its units)."""
        if self.norm == "linf":
            return torch.clamp(moved, self.low, self.high).to(self.images.dtype)
        low, high = self._exactly(self.low), self._exactly(self.high)
        delta = (self._exactly(moved) - self.images) / self.scale
        # The nearest point is clamp(images + factor * delta): as pixels stop at a border, the others may go further.
        factor = (self.eps / length_of(delta).clamp(min=1e-30)).clamp(max=1)
        if self.low.isfinite().all():
            room = torch.where(delta > 0, high - self.images, self.images - low) / self.scale
            for _ in range(ROUNDS):
                stopped = factor * delta.abs() >= room
                left = self.eps**2 - _total((room * stopped) ** 2)
                free = _total((delta * ~stopped) ** 2)
                factor = torch.maximum(factor, (left.clamp(min=0) / (free + 1e-30)).sqrt().clamp(max=1))
        return torch.clamp(self.images + factor * delta * self.scale, low, high).to(self.images.dtype)

    def _exactly(self, values: Tensor) -> Tensor:
        """In float32 at least: squares of half precision underflow."""
        return values.to(torch.promote_types(values.dtype, torch.float32))


def _ascending(bounds: object) -> bool:
    """Whether these are two numbers, the smaller one first."""
    pair = bounds if isinstance(bounds, tuple) and len(bounds) == 2 else ("", "")
    try:
        least, largest = (checks.real("bounds", end) for end in pair)
    except checks.InputError:
        return False
    return least < largest and not any(isinstance(end, str) for end in pair)


def length_of(delta: Tensor) -> Tensor:
    """(n, 1, 1, 1) l_2 norm of each image's perturbation."""
    return _column(torch.linalg.vector_norm(delta.flatten(1), dim=1))


def unit(delta: Tensor) -> Tensor:
    """Each image's perturbation at length 1, however small or large its numbers are; 0 stays 0.

    Powers of two are taken out first, which is exact: squares would under- or overflow.
    """
    delta = delta.to(torch.promote_types(delta.dtype, torch.float32))
    delta = scaled(delta, -torch.frexp(delta.flatten(1).abs().amax(dim=1)).exponent)
    return delta / length_of(delta).clamp(min=0.5)


def scaled(delta: Tensor, powers: Tensor) -> Tensor:
    """Each image's numbers times two to the power of its own; in two parts, as a float32 cannot hold all of them."""
    half = powers // 2
    one, two = (_column(torch.ldexp(torch.ones_like(half, dtype=delta.dtype), part)) for part in (half, powers - half))
    return delta * one * two


def _total(values: Tensor) -> Tensor:
    return _column(values.flatten(1).sum(dim=1))


def _column(values: Tensor) -> Tensor:
    return values[:, None, None, None]
