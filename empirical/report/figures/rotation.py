"""The rotation convention as a picture."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from empirical.data import DATASETS
from empirical.transforms.resampling import rotate
from tradeoff.shared.drawing import own_style


@own_style()
def rotation_convention() -> Figure:
    """One digit turned by five angles: direction, interpolation and padding of `transforms.rotate`."""
    digit = DATASETS["digits"]().images[7:8]
    angles = (0.0, 30.0, 45.0, 90.0, 180.0)
    figure = Figure(figsize=(9, 2.3), layout="constrained")
    for axes, angle in zip(figure.subplots(1, len(angles)), angles, strict=True):
        axes.imshow(rotate(digit, torch.tensor([angle]))[0, 0].numpy(), cmap="gray", vmin=0, vmax=1)
        axes.set_title(f"{angle:g}°", fontsize=10)
        axes.set_axis_off()
    figure.suptitle(
        "rotate(image, angle): counter-clockwise, about the centre, bilinear, black from outside", fontsize=10
    )
    return figure
