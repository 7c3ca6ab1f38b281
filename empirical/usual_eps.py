"""The eps of a profile where none are asked for: they depend on what kind of images is attacked."""

from __future__ import annotations

from empirical.data.images import ImageSet
from empirical.plan import COLOUR_EPS, GREY_EPS


def usual_eps(data: ImageSet) -> tuple[float, ...]:
    """Up to .3 for one channel, as on MNIST; up to 16/255 for several, as on CIFAR-10."""
    return GREY_EPS if data.images.shape[1] == 1 else COLOUR_EPS
