"""What a training scheme is handed at each update."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class Batch:
    """Images (n, c, h, w), labels (n,), image indices (n,), and the number of the update that they serve."""

    images: Tensor
    labels: Tensor
    indices: Tensor
    update: int
