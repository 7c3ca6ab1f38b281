"""What a positive angle does to an image, as a picture."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from empirical.data import DATASETS, MEASURED
from empirical.data.cache import data_folder
from empirical.data.images import ImageSet
from empirical.transforms.resampling import rotate
from tradeoff.shared.checks import InputError
from tradeoff.shared.drawing import HEAD, SMALL, WIDTH, own_style

ANGLES = (0.0, 30.0, 45.0, 90.0, 180.0)
PLACE = {"mnist": 0, "digits": 7}
"""Of the digit that is shown: a 7 each, whose turns cannot be taken for each other."""
CUT = "; the enlarged 8 x 8 digits fill their frame, so that their corners are cut off"


@own_style()
def rotation_convention() -> Figure:
    """One digit turned by five angles: direction, interpolation and padding of `transforms.rotate`.

    A digit of MNIST where its folder is there, else one of the enlarged 8 x 8 digits.
    """
    data = _data()
    digit = data.images[PLACE[data.name] : PLACE[data.name] + 1]
    figure = Figure(figsize=(WIDTH, 2.1), layout="constrained")
    for axes, angle in zip(figure.subplots(1, len(ANGLES)), ANGLES, strict=True):
        axes.imshow(rotate(digit, torch.tensor([angle]))[0, 0].numpy(), cmap="gray", vmin=0, vmax=1)
        axes.set_title(f"{angle:g}°", fontsize=HEAD)
        axes.set_axis_off()
    said = "computed: rotate(image, angle) turns counter-clockwise about the centre; bilinear, black from outside"
    figure.suptitle(said, fontsize=HEAD)
    figure.supxlabel(f"one digit of {data.name}{CUT if data.name == 'digits' else ''}", fontsize=SMALL)
    return figure


def _data() -> ImageSet:
    try:
        data_folder("mnist")
    except InputError:  # MNIST is not there; files that are there and damaged are told
        return DATASETS["digits"]()
    return MEASURED["mnist"]()
