"""The 1,797 handwritten digits (8 x 8) inside the scikit-learn wheel, enlarged to 28 x 28: real images, no download."""

from __future__ import annotations

import hashlib

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  torch's usual name

from empirical.data.images import ImageSet

SIZE = 28
HELD_OUT = 400
"""How many digits training in this package leaves out; the split is that of seed 0."""


def load() -> ImageSet:
    """All digits, bilinearly enlarged from 8 x 8 to 28 x 28, pixels in [0, 1], ten classes.

    The enlarged images are smooth: an eps on them is not an eps on MNIST, and the two never share an axis.
    Source: E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits (UCI, 1998), test part, as packaged by
    scikit-learn. The checksum covers the 8 x 8 originals, their labels and the enlargement.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    raw = np.ascontiguousarray(found.images.astype(np.uint8))  # 0..16
    labels = np.ascontiguousarray(found.target.astype(np.int64))
    digest = hashlib.sha256(raw.tobytes() + labels.tobytes() + f"bilinear {SIZE}".encode()).hexdigest()[:16]
    small = torch.from_numpy(raw).float()[:, None] / 16
    large = F.interpolate(small, size=(SIZE, SIZE), mode="bilinear", align_corners=False).clamp(0, 1)
    return ImageSet("digits", digest, 10, large, torch.from_numpy(labels), torch.arange(len(labels)))


def held_out() -> ImageSet:
    """The 400 digits on which no network of this package was trained."""
    return load().split(HELD_OUT)[1]


def not_held_out() -> ImageSet:
    """The other 1,397, for training."""
    return load().split(HELD_OUT)[0]
