"""Measurement: real networks trained and attacked on real images, beside the model's predictions. Needs torch.

>>> import empirical
>>> from empirical.data import read, limited
>>> from empirical.training.example_networks import load
>>> left_out = "joint", "distance", "audit"
>>> found = empirical.measure(load("std_theta0")[0], limited(read("digits"), 8), attack_schedule="quick", skip=left_out)
>>> len(found.samples["robustness.nearest"])
8
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from empirical.measurement.measured import Measured


def measure(
    model: nn.Module,
    data: Any,
    *,
    name: str | None = None,
    out: str | Path | None = None,
    batch_size: int | None = None,
    kernels: str = "auto",
    keep_adversarial: bool = False,
    **settings: Any,
) -> Measured:
    """Both sides of the trade-off for one network; `settings` are the fields of `empirical.measurement.plan.Plan`.

    The model goes from (n, c, h, w) images in [0, 1] to logits. Images are a DataLoader, a pair (images, labels) of
    tensors or arrays, a dataset, a name such as "digits" or "mnist", or an ImageSet; they are brought to the device
    of the model (`empirical.data.given.adopted` says what is accepted). ``empirical.summary_of`` says in words what
    was found. Networks of one ``name`` are training seeds of one network there; without one it is
    the class of the model and the beginning of its checksum, which differ from network to network. With ``out`` pieces
    are kept there, so that a call that was interrupted goes on, and ends with the files that the command writes. A part
    in which the model fails is left out, and named with the reason in ``failed`` of what is returned. ``kernels`` is
    what computes gradients: auto takes the quickest here; torch, channels_last or ours, as the summary names them,
    makes the same bits again on the same machine.

    Raises
    ------
    InputError
        For settings that do not exist or are out of range, a model that does not fit the images, and a folder ``out``
        in which another run is at work; at the end, for files in it that could not be made.
    """
    from dataclasses import fields

    from empirical.data.given import adopted
    from empirical.measurement import labels as names
    from empirical.measurement import run as measurement
    from empirical.measurement.plan import Plan, usual_eps
    from empirical.report.publish import publish
    from tradeoff.shared import checks, storage

    known = [field.name for field in fields(Plan)]
    for setting in settings:
        checks.known("setting", setting, ["name", "out", "batch_size", "kernels", "keep_adversarial", *known])
    data = adopted(data)
    measurement.given(model, data)
    data = data.to(next(model.parameters(), data.images).device)
    plan = Plan(**{"eps": usual_eps(data)} | settings)
    name = names.of_model(model) if name is None else names.label("name", name)
    how: Any = {"name": name, "batch_size": batch_size, "kernels": kernels, "keep_adversarial": keep_adversarial}
    if out is None:
        return measurement.run(model, data, plan, **how)
    folder = storage.output_folder("out", out)
    with storage.locked(folder):
        found = measurement.run(model, data, plan, folder=folder, **how)
        publish(folder, [found]).check()
    return found


def summary_of(*found: Measured) -> str:
    """What was measured, in words with numbers; of several networks, also how they differ image by image."""
    from empirical.measurement.measured import Measured
    from empirical.report.text.network import text
    from empirical.validation.flags import flags
    from tradeoff.shared import checks

    for one in found:
        if not isinstance(one, Measured):
            raise checks.InputError(f"found holds {type(one).__name__}; pass what empirical.measure returned")
    return text(list(found), [flags(one) for one in found])
