"""What float32 says about what an attack claims, and the nearest success of each image so far."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from empirical.attacks.losses import margin
from empirical.compute.forward import logits, predict
from empirical.compute.kernels import Prepared
from empirical.compute.logit_scale import lead

CLEAR = 1e-4
"""A success must lead by this share of what the answer led by, so that rounding in another batch does not undo it."""


class Verifier:
    """nearest (n,): the l_inf size of the smallest success, infinite where none is known; images (n, c, h, w): there.
    lead (n,): by how much each image's largest logit leads before it is moved.

    Held to the model in float32: whatever precision led to an image, it counts if the model itself is fooled by it.
    """

    def __init__(self, model: nn.Module, images: Tensor, labels: Tensor, batch_size: int, *, kernels: str) -> None:
        self._model, self._originals, self._labels, self._batch_size = model, images, labels, batch_size
        self._prepared = Prepared(model, kernels)
        self.nearest = torch.full_like(labels, math.inf, dtype=torch.float32)
        self.images = images.clone()
        with torch.no_grad():
            clean = torch.cat([logits(model, part) for part in images.split(batch_size)])
        self.lead = lead(clean)
        # An image whose answer is not its label from the start is unfooled nowhere.
        self.nearest[clean.argmax(dim=1) != labels] = 0.0

    def take(self, rows: Tensor, moved: Tensor) -> Tensor:
        """(k,) which of the ``moved`` images of these rows the model answers otherwise; the nearer ones are kept."""
        if not len(rows):
            return torch.zeros_like(rows, dtype=torch.bool)
        with torch.no_grad():
            judged = torch.cat([self._logits(part) for part in moved.split(self._batch_size)])
        won = margin(judged, self._labels[rows]) > CLEAR * self.lead[rows]
        size = (moved - self._originals[rows]).flatten(1).abs().amax(dim=1)
        nearer = won & (size < self.nearest[rows])
        self.nearest[rows[nearer]], self.images[rows[nearer]] = size[nearer], moved[nearer]
        return won

    def _logits(self, moved: Tensor) -> Tensor:
        """Filled up to a size that comes again: a CPU prepares its convolutions anew for every size of a batch."""
        missing = min(common_size(len(moved)), self._batch_size) - len(moved)
        return logits(self._prepared, torch.cat((moved, moved[:1].expand(missing, -1, -1, -1))))[: len(moved)]

    def again(self) -> Tensor:
        """One more pass over all that was found, by torch alone and in other batches; the rows where it does not hold.

        These count as never found.
        """
        rows = (self.nearest.isfinite() & (self.nearest > 0)).nonzero()[:, 0]
        if not len(rows):
            return rows
        answers = predict(self._model, self.images[rows], batch_size=self._batch_size)
        lost = rows[answers == self._labels[rows]]
        self.nearest[lost], self.images[lost] = math.inf, self._originals[lost]
        return lost


def common_size(n: int) -> int:
    """``n`` rounded up to a power of two, or to one and a half times one.

    >>> [common_size(n) for n in (1, 3, 5, 9, 70, 150)]
    [1, 3, 6, 12, 96, 192]
    """
    power = 1 << max(n - 1, 0).bit_length()
    return power * 3 // 4 if n <= power * 3 // 4 else power
