"""Measurement: real networks trained and attacked on real images, beside the model's predictions. Needs torch.

>>> import empirical
>>> from empirical.training.example_networks import load
>>> left_out = "joint", "distance", "audit"
>>> found = empirical.measure(load("std_theta0")[0], "digits", limit=8, attack_schedule="quick", skip=left_out)
>>> len(found.samples["robustness.nearest"])
8
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from empirical.measurement.measured import Measured


OWN = ("name", "out", "batch_size", "kernels", "keep_adversarial", "limit", "quiet")
"""Arguments of `measure` beside the settings of a plan."""


def measure(
    model: nn.Module,
    data: Any,
    *,
    name: str | None = None,
    out: str | Path | None = None,
    batch_size: int | None = None,
    kernels: str = "auto",
    keep_adversarial: bool = False,
    limit: int | None = None,
    quiet: bool = False,
    **settings: Any,
) -> Measured:
    """Both sides of the trade-off for one network.

    Parameters
    ----------
    model : torch.nn.Module
        From images (n, channels, height, width) in [0, 1] to logits (n, classes), a normalisation inside
        (`empirical.models.Normalized`).
    data : DataLoader, pair, Dataset, str or ImageSet
        Images and labels: a loader that does not shuffle, (images, labels) as tensors or arrays, a dataset of pairs, a
        name or a path as ``--data`` takes it. Pixels of type uint8 are divided by 255, floats must be in [0, 1];
        `empirical.data.given.adopted` says what is accepted. They are brought to the device of the model.
    name : str, optional
        Networks of one name are training seeds of one network in ``summary_of``; without one it is the class of the
        model and the beginning of its checksum, which differ from network to network.
    out : path, optional
        Folder where pieces are kept, so that a call that was interrupted goes on; it ends with the files that the
        command writes.
    batch_size : int, optional
        Images of a forward pass.
    kernels : str
        What computes gradients: auto takes the quickest here; torch, channels_last or ours, as the summary names them,
        makes the same bits again on the same machine.
    keep_adversarial : bool
        Whether the nearest adversarial image of each image is kept.
    limit : int, optional
        Images at most, chosen at random but always alike; without one all are measured (the command takes 1000).
    quiet : bool
        Whether nothing is said of the progress.
    **settings
        The fields of `empirical.measurement.plan.Plan`.

    Returns
    -------
    Measured
        A part in which the model fails is left out, and named with the reason in its ``failed``.

    Raises
    ------
    InputError
        For settings that do not exist or are out of range, images that cannot be used, a model that does not fit them,
        and a folder ``out`` in which another run is at work; at the end, for files in it that could not be made.

    Examples
    --------
    >>> import torch, empirical
    >>> model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 3))
    >>> images, labels = torch.rand(5, 1, 8, 8), torch.tensor([0, 1, 2, 0, 1])
    >>> found = empirical.measure(model, (images, labels), attack_schedule="quick", skip=["audit", "joint"])
    >>> found.samples["moves.answers"].shape[0]
    5
    """
    from dataclasses import fields, replace

    from empirical.compute import tensor_checks
    from empirical.data.given import adopted
    from empirical.measurement import labels as names
    from empirical.measurement import run as measurement
    from empirical.measurement.plan import Plan, usual_eps
    from empirical.report.publish import publish
    from tradeoff.shared import checks, cli, storage

    known = [field.name for field in fields(Plan)]
    for setting in settings:
        checks.known("setting", setting, [*OWN, *known])
    tensor_checks.model(model)
    plan = Plan(**settings)  # what is impossible is refused before images are read
    name = names.of_model(model) if name is None else names.label("name", name)
    data = adopted(data, limit=limit)
    data = data.to(next(model.parameters(), data.images).device)
    if "eps" not in settings:
        plan = replace(plan, eps=usual_eps(data))
    how: Any = {"name": name, "batch_size": batch_size, "kernels": kernels, "keep_adversarial": keep_adversarial}
    with cli.bar(measurement.total_cost(len(data), plan), "measuring", quiet=quiet) as advance:
        if out is None:
            return measurement.run(model, data, plan, progress=advance, **how)
        folder = storage.output_folder("out", out)
        with storage.locked(folder):
            found = measurement.run(model, data, plan, folder=folder, progress=advance, **how)
            publish(folder, [found]).check()
    return found


def summary_of(*found: Measured) -> str:
    """What was measured, in words with numbers; of several networks, also how they differ image by image."""
    from empirical.measurement.measured import Measured
    from empirical.report.text.network import text
    from empirical.validation.flags import flags
    from tradeoff.shared import checks, cli

    for one in found:
        if not isinstance(one, Measured):
            raise checks.InputError(f"found holds {type(one).__name__}; pass what empirical.measure returned")
    return cli.fitted(text(list(found), [flags(one) for one in found]))
