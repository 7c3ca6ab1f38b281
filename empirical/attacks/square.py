"""Square Attack in l_inf (Andriushchenko et al. 2020): random search without gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
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
BLOCK = 50
"""Queries whose places and signs are drawn at once. Images that are fooled leave at the end of a block."""


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
        with held(model, region.images, labels, indices, draws), torch.no_grad():
            unfooled = (~fooled(model(region.images), labels)).nonzero()[:, 0]
            best = region.images.clone()
            best[unfooled] = self.search(
                model, region.take(unfooled), labels[unfooled], indices[unfooled], draws, lambda rows, at: rows >= 0
            )
        return best

    def search(
        self,
        logits: Callable[[Tensor], Tensor],
        region: Region,
        labels: Tensor,
        indices: Tensor,
        draws: Draws,
        verified: Callable[[Tensor, Tensor], Tensor],
    ) -> Tensor:
        """The best images found for a model known by its ``logits`` alone, which may be rough ones.

        ``verified`` takes rows and images (k, c, h, w) that the logits say are fooled, and tells which are (k,); the
        others are searched on.
        """
        best = region.images.clone()
        stripes = draws.part("stripes").integers(indices, (best.shape[1], 1, best.shape[3]), 2) == 1
        state = _State.of(torch.where(stripes, region.high, region.low), region, torch.arange(len(best)))
        state.ask(logits, labels, verified)
        for query in range(self.queries - 1):
            if query % BLOCK == 0:
                best[state.rows] = state.at
                state = state.unfooled()
                if not len(state.rows):
                    break
                proposals = _Proposals.of(indices[state.rows], best.shape[1], draws.part(f"block {query // BLOCK}"))
            state.propose(*proposals.at(query % BLOCK, self.side(query, best[0, 0].numel()), best.shape[2:]))
            state.ask(logits, labels, verified)
        best[state.rows] = state.at
        return best

    def side(self, query: int, pixels: int) -> int:
        """Of the square tried after ``query`` queries: sqrt of a share of all pixels that halves along SHRINKS."""
        halvings = sum(query / self.queries * 10_000 > bound for bound in SHRINKS)
        return max(round(math.sqrt(self.share / 2**halvings * pixels)), 1)


@dataclass
class _Proposals:
    """Of each image and each query of a block: where the square is, as shares, and its signs by channel."""

    places: Tensor  # (n, 2, BLOCK) in [0, 1)
    up: Tensor  # (n, BLOCK, c)

    @classmethod
    def of(cls, indices: Tensor, channels: int, draws: Draws) -> _Proposals:
        signs = draws.part("signs").integers(indices, (BLOCK, channels), 2) == 1
        return cls(draws.part("places").uniform(indices, (2, BLOCK)), signs)

    def at(self, query: int, side: int, size: torch.Size) -> tuple[Tensor, Tensor]:
        """Places (n, c, s s) in the flat pixels of a channel, and whether each channel (n, c, 1) goes up."""
        height, width = size
        side = min(side, height, width)
        top, left = (self.places[:, :, query] * self.places.new_tensor([height - side + 1, width - side + 1])).long().T
        inside = torch.arange(side, device=top.device)
        square = (inside[:, None] * width + inside).flatten()
        places = (top * width + left)[:, None, None] + square
        return places.expand(-1, self.up.shape[2], -1), self.up[:, query, :, None]


@dataclass
class _State:
    """The images that are searched on: the best points so far, the last proposal written into them, the heights."""

    rows: Tensor
    at: Tensor
    low: Tensor
    high: Tensor
    height: Tensor
    fooled: Tensor
    places: Tensor | None = None  # of the last proposal, and what was there before
    before: Tensor | None = None

    @classmethod
    def of(cls, at: Tensor, region: Region, rows: Tensor) -> _State:
        height = torch.full((len(at),), -math.inf, device=at.device)
        return cls(rows.to(at.device), at.contiguous(), region.low, region.high, height, height > 0)

    def propose(self, places: Tensor, up: Tensor) -> None:
        """Write squares into the images; `ask` takes those back that do not raise the margin."""
        flat, low, high = (values.flatten(2) for values in (self.at, self.low, self.high))
        self.places, self.before = places, flat.gather(2, places)
        flat.scatter_(2, places, torch.where(up, high.gather(2, places), low.gather(2, places)))

    def ask(
        self, logits: Callable[[Tensor], Tensor], labels: Tensor, verified: Callable[[Tensor, Tensor], Tensor]
    ) -> None:
        """Keep what raises the margin, and have verified what fools."""
        own = labels[self.rows]
        seen = logits(self.at)
        height = margin(seen, own)
        better = (height > self.height) & ~self.fooled
        if self.places is not None and self.before is not None:
            flat = self.at.flatten(2)
            kept = torch.where(better[:, None, None], flat.gather(2, self.places), self.before)
            flat.scatter_(2, self.places, kept)
        self.height = torch.where(better, height, self.height)
        claimed = (better & fooled(seen, own)).nonzero()[:, 0]
        if len(claimed):
            self.fooled[claimed] = verified(self.rows[claimed], self.at[claimed])

    def unfooled(self) -> _State:
        """Those that are searched on."""
        if not self.fooled.any():
            return self
        kept = ~self.fooled
        return _State(*(getattr(self, name)[kept] for name in ("rows", "at", "low", "high", "height", "fooled")))
