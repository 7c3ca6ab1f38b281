"""Square Attack in l_inf (Andriushchenko et al. 2020): random search without gradients."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from empirical.attacks.ball import PIXELS, Ball, Bounds, Region, Std
from empirical.attacks.base import held
from empirical.attacks.losses import fooled, margin
from empirical.compute.draws import Draws
from tradeoff.shared import checks

SHRINKS = (10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000)
"""Of 10,000 queries, those after which the share of pixels in a square is halved (the authors' schedule)."""


@dataclass(frozen=True)
class Square:
    """Vertical stripes of +-eps, then squares of +-eps at random places, kept where the margin rises.

    Black box: only logits are asked for. An image is left alone once it is fooled. Unlike in the authors' program, a
    square can also touch the last row and column.
    """

    eps: float  # [0, 1] pixel scale; "8/255" is understood; see `ball` for bounds and std
    queries: int = 5000
    share: float = 0.8  # of the pixels, in the first square
    bounds: Bounds = PIXELS
    std: Std = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "eps", Ball(self.eps, "linf", self.bounds, self.std).eps)
        checks.at_least("queries", self.queries, 1, what="the number of logits asked for by image")
        checks.share("share", self.share)

    def __call__(self, model: nn.Module, images: Tensor, labels: Tensor, indices: Tensor, *, draws: Draws) -> Tensor:
        """images (n, c, h, w) in the bounds, labels (n,), indices (n,) -> adversarial images, same shape and range."""
        return self.within(model, Ball(self.eps, "linf", self.bounds, self.std).around(images), labels, indices, draws)

    def within(self, model: nn.Module, region: Region, labels: Tensor, indices: Tensor, draws: Draws) -> Tensor:
        """The attack in a given region, whose radius may differ from image to image; ``eps`` plays no part."""
        images = region.images
        _, channels, _, width = images.shape
        with held(model, images, labels, indices, draws), torch.no_grad():
            best = images.clone()
            unfooled = (~fooled(model(images), labels)).nonzero()[:, 0]
            stripes = draws.part("stripes").integers(indices[unfooled], (channels, 1, width), 2) == 1
            tried, height = (
                _signed(region.take(unfooled), stripes),
                torch.full_like(images[unfooled, 0, 0, 0], -math.inf),
            )
            for query in range(self.queries):
                if not len(unfooled):
                    break
                logits = model(tried)
                found = margin(logits, labels[unfooled])
                better = found > height
                best[unfooled[better]], height = tried[better], torch.maximum(found, height)
                kept = ~fooled(logits, labels[unfooled])
                unfooled, height = unfooled[kept], height[kept]
                inside, signs = self._square(images, indices[unfooled], query, draws)
                tried = torch.where(inside, _signed(region.take(unfooled), signs), best[unfooled])
        return best

    def _square(self, images: Tensor, indices: Tensor, query: int, draws: Draws) -> tuple[Tensor, Tensor]:
        """Masks (n, 1, h, w) of each image's square, and its signs (n, c, 1, 1)."""
        channels, height, width = images.shape[1:]
        side = min(self.side(query, height * width), height, width)
        draws = draws.part(f"query {query}")
        top = draws.part("row").integers(indices, (1, 1, 1), height - side + 1)
        left = draws.part("column").integers(indices, (1, 1, 1), width - side + 1)
        rows = torch.arange(height, device=images.device)[:, None]
        columns = torch.arange(width, device=images.device)[None]
        inside = (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
        return inside, draws.part("sign").integers(indices, (channels, 1, 1), 2) == 1

    def side(self, query: int, pixels: int) -> int:
        """Of the square tried after ``query`` queries: sqrt of a share of all pixels that halves along SHRINKS."""
        halvings = sum(query / self.queries * 10_000 > bound for bound in SHRINKS)
        return max(round(math.sqrt(self.share / 2**halvings * pixels)), 1)


def _signed(region: Region, up: Tensor) -> Tensor:
    """Every pixel at the upper or the lower end of what it may be."""
    return torch.where(up, region.high, region.low)
