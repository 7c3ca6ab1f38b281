"""How many images at a time: in a piece of a measurement, in a forward pass, and in a question to the model.

What is kept of an image follows its numbers, so there are fewer where images are large.
"""

from __future__ import annotations

import torch
from torch import Tensor

CHUNK = 512
"""Images of a piece, if they are small."""
IN_A_PIECE = CHUNK * 3 * 128 * 128
"""Numbers in the images of a piece, which are kept a few times over while it is attacked."""
AT_ONCE = 400_000
"""Numbers in a batch of images on a CPU, about, but half a piece at most, so that another image can follow when one is
done. A device that runs out of memory gets half as many."""
FEW, AT_MOST = 16, 16 * 3 * 224 * 224
"""Images that a batch holds at least, as long as their numbers are no more."""


def chunk(images: Tensor) -> int:
    """Images of a piece.

    >>> [chunk(torch.zeros(1, 3, side, side)) for side in (32, 128, 224, 1024)]
    [512, 512, 167, 8]
    """
    return max(1, min(CHUNK, IN_A_PIECE // _each(images)))


def usual_batch_size(device: torch.device, images: Tensor) -> int:
    """Images of a forward pass where none are asked for.

    >>> [usual_batch_size(torch.device("cpu"), torch.zeros(1, 3, side, side)) for side in (32, 224, 512, 1024)]
    [130, 16, 3, 1]
    """
    if device.type != "cpu":
        return chunk(images)
    return max(1, min(FEW, AT_MOST // _each(images)), min(CHUNK // 2, AT_ONCE // _each(images)))


def _each(images: Tensor) -> int:
    return max(images[:1].numel(), 1)
