"""A sheet of adversarial examples: the image, the nearest image with another answer that was found, what was added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from empirical.measurement.measured import Measured
from empirical.report.network_words import words
from empirical.statistics.over_seeds import Network
from tradeoff.shared import checks
from tradeoff.shared.drawing import AXIS, SMALL, TITLE, WIDTH, broken, own_style
from tradeoff.shared.names import shown

COLUMNS, LETTERS = 8, 12
"""Images side by side, and letters of a line above one."""
KEPT, ANSWERS = "robustness.adversarial", "robustness.adversarial_answers"


def why_not(networks: Sequence[Network]) -> str | None:
    """The reason why there is no sheet, None if there is one."""
    left = [network.name for network in networks if not {KEPT, ANSWERS} <= set(network.first.samples)]
    if left:
        return f"adversarial images of {', '.join(left)} were not kept"
    if not len(_columns([network.first for network in networks])):
        return "no image that is classified correctly was fooled"
    return None


@own_style()
def sheet(networks: Sequence[Network]) -> Figure:
    """Images in columns, from the easiest to the hardest to fool; two rows for each network below the originals.

    Of several training seeds the first is shown. Perturbations are scaled to the largest of each image, grey for no
    change. The size is the l_inf distance on the [0, 1] pixel scale.

    Raises
    ------
    InputError
        If adversarial images were not kept, or there are none.
    """
    reason = why_not(networks)
    if reason is not None:
        raise checks.InputError(f"there is no sheet to draw: {reason}; measure with keep_adversarial and some eps > 0")
    runs = [network.first for network in networks]
    columns, data = _columns(runs), runs[0].data
    count, rows = len(columns), 1 + 2 * len(runs)
    figure = Figure(figsize=(WIDTH, 0.7 + 1.15 * rows), layout="constrained")
    grid = figure.subplots(rows, count, squeeze=False)
    for axes in grid.flat:
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set_visible(False)
    originals = data.images[columns.to(data.images.device)].cpu()
    for column, row in enumerate(columns.tolist()):
        _show(grid[0, column], originals[column], f"label {_class(runs[0], int(data.labels[row]))}")
    grid[0, 0].set_ylabel("original", fontsize=AXIS)
    for number, ((name, _), run) in enumerate(zip(words(networks), runs, strict=True)):
        above, below = grid[1 + 2 * number], grid[2 + 2 * number]
        above[0].set_ylabel(broken(name, LETTERS), fontsize=AXIS)
        below[0].set_ylabel("added, scaled", fontsize=AXIS)
        for column, row in enumerate(columns.tolist()):
            _example(above[column], below[column], run, row, originals[column])
    title = (
        f"measured · the nearest adversarial images found ({data.name}): answer, l_inf size; added: grey is no change"
    )
    figure.suptitle(broken(title, 88), fontsize=TITLE)
    return figure


def _columns(runs: Sequence[Measured]) -> Tensor:
    """Rows of at most COLUMNS images that every network classifies correctly and, if there are such, that all are
    fooled on; evenly spread over the first network's sizes. Empty if there are none.
    """
    right = torch.stack([run.right for run in runs]).all(dim=0)
    moved = torch.stack([_moved(run) for run in runs])
    rows = (right & moved.all(dim=0)).nonzero()[:, 0]
    if not len(rows):
        rows = (runs[0].right & moved[0]).nonzero()[:, 0]
    rows = rows[runs[0].samples["robustness.nearest"][rows].argsort(stable=True)]
    if len(rows) <= COLUMNS:
        return rows
    return rows[torch.linspace(0, len(rows) - 1, COLUMNS).round().long()]


def _moved(run: Measured) -> Tensor:
    """(n,) whether a perturbation of the image was found that changes the answer."""
    nearest = run.samples["robustness.nearest"]
    return nearest.isfinite() & (nearest > 0)


def _example(above: Axes, below: Axes, run: Measured, row: int, original: Tensor) -> None:
    """The adversarial image of a network and what was added; a note where it was not fooled."""
    if not bool(_moved(run)[row]):
        said = "not fooled" if bool(run.right[row]) else f"answers\n{_class(run, int(run.answers[row]))}"
        above.text(0.5, 0.5, said, ha="center", va="center", fontsize=SMALL, transform=above.transAxes)
        return
    added = run.samples[KEPT][row] - original
    size = float(run.samples["robustness.nearest"][row])
    _show(above, run.samples[KEPT][row], f"{_class(run, int(run.samples[ANSWERS][row]))}, {size:.2g}")
    _show(below, 0.5 + added / (2 * added.abs().max()), "")


def _show(axes: Axes, image: Tensor, title: str) -> None:
    axes.imshow(_pixels(image), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.set_title(broken(title, LETTERS), fontsize=SMALL, pad=3)


def _pixels(image: Tensor) -> NDArray[np.float32]:
    """(channels, height, width) as matplotlib draws it; the mean over channels where they are not one or three."""
    image = image.clamp(0, 1)
    pixels: NDArray[np.float32] = (image.permute(1, 2, 0) if len(image) == 3 else image.mean(dim=0)).numpy()
    return pixels


def _class(run: Measured, label: int) -> str:
    return shown(run.data.class_name(label), 12)
