"""Measurement: real networks trained and attacked on real images, beside the model's predictions. Needs torch.

>>> import empirical
>>> from empirical.data import read, limited
>>> from empirical.example_networks import load
>>> found = empirical.measure(load("std_theta0")[0], limited(read("digits"), 8), skip=("joint", "distance", "audit"))
>>> len(found.samples["robustness.nearest"])
8
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from empirical.data.images import ImageSet
    from empirical.measurement import Measured


def measure(model: nn.Module, data: ImageSet, *, out: str | Path | None = None, **settings: Any) -> Measured:
    """Both sides of the trade-off for one network; `settings` are the fields of `empirical.plan.Plan`.

    Model, from (n, c, h, w) images in [0, 1] to logits, and images must be on one device. ``empirical.summary_of``
    says in words what was found. With ``out`` pieces are kept there, so that a call that was interrupted goes on, and
    ends with the files that the command writes.

    Errors
    ------
    InputError
        For settings out of range, and for a model that does not fit the images.
    """
    from pathlib import Path

    from empirical import measurement
    from empirical.plan import COLOUR_EPS, Plan
    from empirical.publish import publish
    from empirical.sanity import flags
    from tradeoff import storage

    if data.images.shape[1] > 1:
        settings = {"eps": COLOUR_EPS} | settings
    folder = None if out is None else storage.output_folder("out", Path(out))
    found = measurement.run(model, data, Plan(**settings), folder=folder)
    if folder is not None:
        publish(folder, [found], [flags(found)])
    return found


def summary_of(*found: Measured) -> str:
    """What was measured, in words with numbers; of several networks, also how they differ image by image."""
    from empirical.measured_text import text
    from empirical.sanity import flags

    return text(list(found), [flags(one) for one in found])
