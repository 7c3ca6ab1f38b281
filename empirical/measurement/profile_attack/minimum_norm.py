"""A short search for a small perturbation that changes the answer, its radius adapted from step to step to each image.

In the spirit of the fast minimum-norm attack of Pintor et al. 2021, its first radius by DeepFool's linear estimate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from empirical.attacks.losses import margin
from empirical.compute.gradients import Gradients
from empirical.measurement.profile_attack.base import column, sizes
from empirical.measurement.profile_attack.verifier import Verifier

SHRINK = 0.3
"""The share by which a radius first shrinks or grows; it cools with the steps."""
SURE = 2**-5
"""What leads in bfloat16 by this share of what the answer led by does so in float32, too, but for rare cases."""


@dataclass
class _Nearest:
    """The nearest image of its kind so far: its size (k,), infinite where none is known, and the image."""

    size: Tensor
    images: Tensor

    def take(self, of_kind: Tensor, moved: Tensor, size: Tensor) -> None:
        nearer = of_kind & (size < self.size)
        self.size = torch.where(nearer, size, self.size)
        self.images[nearer] = moved[nearer]


def search(
    gradients: Gradients, images: Tensor, labels: Tensor, rows: Tensor, most: float, verifier: Verifier, steps: int
) -> None:
    """Ascend the margin of ``rows``, as far as ``most``; their own logits lead, the ``verifier`` has the last word."""
    images, labels, clear = images[rows], labels[rows], SURE * verifier.lead[rows]
    at, radius = images.clone(), torch.full_like(labels, math.inf, dtype=torch.float32)
    # What leads by a hair in bfloat16 is often no success; a step behind it is one that is.
    claimed, sure = (_Nearest(radius.clone(), images.clone()) for _ in range(2))
    for step in range(steps):
        _, heights, gradient = gradients(at, lambda logits: margin(logits, labels))
        size, crossed = sizes(at, images), heights > 0
        cooling = (1 + math.cos(math.pi * step / steps)) / 2
        # To first order the margin reaches 0 after this much more; the gradient of a dead unit is no reason to stop.
        missing = (-heights).clamp(min=0) / gradient.flatten(1).abs().sum(dim=1).clamp(min=1e-12)
        claimed.take(crossed, at, size)
        sure.take(heights > clear, at, size)
        known = claimed.size
        wider = radius * (1 + SHRINK * cooling)
        wider = torch.where(known.isinf() | radius.isinf(), 1.05 * missing + size, wider)
        radius = torch.where(crossed, known * (1 - SHRINK * cooling), wider)
        radius = torch.minimum(radius.clamp(max=most), known)
        share, bound = 0.1 + 0.9 * cooling if step else 1.0, column(radius)
        at = at + share * bound * gradient.sign()
        at = torch.minimum(torch.maximum(at, images - bound), images + bound).clamp(0, 1)
    for found in (_Nearest(sizes(at, images), at), claimed, sure):
        worth = (found.size < verifier.nearest[rows]).nonzero()[:, 0]
        verifier.take(rows[worth], found.images[worth])
