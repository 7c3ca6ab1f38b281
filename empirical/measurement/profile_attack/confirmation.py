"""The full attack at the eps that each image is claimed to survive, down where it fools.

Before it comes a short one, from where the image is known to fall: its nearest adversarial image, pulled into the
smaller ball. All this goes through one batch that stays full: an image that is done makes place for the next at once,
whatever step the others are at.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor

from empirical.attacks.losses import cross_entropy, margin
from empirical.compute.draws import Draws
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack.base import Effort, attackable, claimed, column
from empirical.measurement.profile_attack.verifier import Verifier, common_size

TURNS = 4
"""Steps between two verdicts: a handful of images is verified in little more time than one."""


def step_share(step: int, steps: int) -> float:
    """Size of a step as a share of eps: large, then cooling. All together they cross the ball three times."""
    return (12.4 * (1 + math.cos(math.pi * step / steps)) / 2 + 0.4) / steps


def confirm(
    gradients: Gradients,
    images: Tensor,
    labels: Tensor,
    indices: Tensor,
    rows: Tensor,
    grid: Tensor,
    verifier: Verifier,
    draws: Draws,
    effort: Effort,
    batch_size: int,
) -> None:
    """Attack ``rows`` until each has stood a short attack and ``effort.restarts`` full ones at the last eps left."""
    short_steps = effort.search_steps // 2
    limits = torch.tensor([effort.steps, short_steps], device=images.device)
    shares = torch.zeros(2, int(limits.max()), device=images.device)
    for table, steps in zip(shares, limits.tolist(), strict=True):
        table[:steps] = torch.tensor([step_share(step, steps) for step in range(steps)])
    waiting = _Waiting(images, indices, rows, grid, verifier, draws, effort.restarts, can_be_short=short_steps > 0)
    batch, crossed, ended = _Batch.of(images, min(batch_size, len(waiting))), _Claims(), _Claims()
    for turn in itertools.count(1):
        waiting.fill(batch)
        if not len(waiting) and not len(ended):
            batch.shrink()
        if not len(batch.at):
            return
        own, kind = labels[batch.rows], batch.short.long()
        seen, _, gradient = gradients(batch.at, partial(_loss, batch.short, own))
        claims = batch.busy & ~batch.claimed & (seen.argmax(dim=1) != own)
        crossed.add(batch, claims)
        batch.claimed |= claims
        batch.move(shares[kind, batch.step], gradient)
        # After the last step the image is verified, whatever the last gradient said.
        over = batch.busy & (batch.step == limits[kind])
        ended.add(batch, over)
        batch.free(over)
        # Where nothing waits, what follows an attack that ended is to take its place at once.
        if turn % TURNS == 0 or (len(ended) and not len(waiting)):
            fooled = crossed.settled(verifier)[0]
            more, stood, stood_short = ended.settled(verifier, fooled)
            batch.free(torch.isin(batch.rows, fooled))
            batch.claimed[:] = False
            waiting.follow(torch.cat((fooled, more)), stood, stood_short)


def _loss(short: Tensor, labels: Tensor, logits: Tensor) -> Tensor:
    return torch.where(short, margin(logits, labels), cross_entropy(logits, labels))


class _Claims:
    """Images for the verifier to look at."""

    def __init__(self) -> None:
        self._parts: list[tuple[Tensor, Tensor, Tensor]] = []

    def __len__(self) -> int:
        return sum(len(rows) for rows, _, _ in self._parts)

    def add(self, batch: _Batch, places: Tensor) -> None:
        places = places.nonzero()[:, 0]
        self._parts.append((batch.rows[places], batch.short[places], batch.at[places]))

    def settled(self, verifier: Verifier, known: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Rows that are fooled, rows that are not, and of the latter which were attacked shortly; none is ``known``."""
        rows, short, at = (torch.cat(column) for column in zip(*self._parts, strict=True))
        self._parts.clear()
        if known is not None:
            new = ~torch.isin(rows, known)
            rows, short, at = rows[new], short[new], at[new]
        won = verifier.take(rows, at)
        return rows[won], rows[~won], short[~won]


@dataclass
class _Batch:
    """Attacks side by side, each at a step of its own, and the box that it may not leave.

    A place that is not busy waits for the next image; what is computed for it is counted and thrown away.
    """

    busy: Tensor
    claimed: Tensor  # waits for a verdict, and goes on until then
    rows: Tensor
    short: Tensor
    step: Tensor
    eps: Tensor
    at: Tensor
    low: Tensor
    high: Tensor

    @classmethod
    def of(cls, images: Tensor, size: int) -> _Batch:
        """All places free."""
        rows, blank = torch.zeros(size, dtype=torch.int64, device=images.device), images[:1].expand(size, -1, -1, -1)
        no = rows > 0
        return cls(no, no.clone(), rows, no.clone(), rows.clone(), rows.float(), *(blank.clone() for _ in range(3)))

    def move(self, share: Tensor, gradient: Tensor) -> None:
        """A step of ``share`` times eps along the signs, back into the box."""
        self.at = torch.clamp(gradient.sign().mul_(column(share * self.eps)).add_(self.at), self.low, self.high)
        self.step = self.step + self.busy.int()

    def free(self, places: Tensor) -> None:
        """No longer busy."""
        self.busy = self.busy & ~places
        self.step = torch.where(self.busy, self.step, 0)

    def shrink(self) -> None:
        """Leave out free places, down to a size that comes again."""
        order = torch.argsort(self.busy.int(), descending=True, stable=True)
        kept = order[: common_size(int(self.busy.sum()))]
        if len(kept) < len(order):
            for name, values in vars(self).items():
                setattr(self, name, values[kept])


class _Waiting:
    """The images that still have to be attacked, and how: full or short."""

    def __init__(
        self,
        images: Tensor,
        indices: Tensor,
        rows: Tensor,
        grid: Tensor,
        verifier: Verifier,
        draws: Draws,
        restarts: int,
        *,
        can_be_short: bool,
    ) -> None:
        self._images, self._indices, self._grid, self._verifier, self._draws = images, indices, grid, verifier, draws
        self._restarts, self._can_be_short = restarts, can_be_short
        self._left = torch.full_like(indices, restarts)
        self._begun = torch.zeros_like(indices)
        self._queue = deque(self._first(rows))

    def __len__(self) -> int:
        return len(self._queue)

    def fill(self, batch: _Batch) -> None:
        """Put waiting images into free places."""
        free = (~batch.busy).nonzero()[:, 0]
        taken = [self._queue.popleft() for _ in range(min(len(free), len(self._queue)))]
        for short in (False, True):
            rows = torch.tensor([row for row, of_kind in taken if of_kind == short], device=free.device)
            if len(rows):
                self._begin(batch, free[: len(rows)], rows, short)
                free = free[len(rows) :]

    def _begin(self, batch: _Batch, places: Tensor, rows: Tensor, short: bool) -> None:
        images, eps = self._images[rows], self._eps(rows)
        low, high = (images - column(eps)).clamp(min=0), (images + column(eps)).clamp(max=1)
        start = self._verifier.images[rows] if short else images + column(eps) * self._noise(rows)
        batch.busy[places], batch.claimed[places], batch.short[places], batch.step[places] = True, False, short, 0
        batch.rows[places], batch.eps[places] = rows, eps
        batch.low[places], batch.high[places] = low, high
        batch.at[places] = torch.clamp(start, low, high)

    def _noise(self, rows: Tensor) -> Tensor:
        """In [-1, 1], by image and by how often it was attacked before."""
        noise, begun = torch.empty_like(self._images[rows]), self._begun[rows]
        for attempt in begun.unique().tolist():
            here = begun == attempt
            drawn = self._draws.again(attempt).uniform(self._indices[rows[here]], tuple(self._images.shape[1:]))
            noise[here] = 2 * drawn - 1
        self._begun[rows] += 1
        return noise

    def _eps(self, rows: Tensor) -> Tensor:
        return claimed(self._verifier.nearest[rows], self._grid)

    def follow(self, fooled: Tensor, stood: Tensor, stood_short: Tensor) -> None:
        """What follows an attack. It is done before what waits already: it may take long."""
        self._left[fooled] = self._restarts
        full = stood[~stood_short]
        self._left[full] -= 1
        full = torch.cat((full[self._left[full] > 0], stood[stood_short]))
        self._queue.extendleft([*self._first(fooled), *((row, False) for row in full.tolist())])

    def _first(self, rows: Tensor) -> list[tuple[int, bool]]:
        """The first attack on each that is unfooled where there is something to attack: a short one where it can be."""
        rows = rows[attackable(self._verifier.nearest[rows], self._grid)]
        short = self._verifier.nearest[rows].isfinite() & self._can_be_short
        return list(zip(rows.tolist(), short.tolist(), strict=True))
