"""What a run left in its folder, read back and checked against the images and the plan that it was measured with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from empirical.compute import tensor_files
from empirical.data.images import ImageSet
from empirical.measurement.journal import SAMPLES, Arrays
from empirical.measurement.measured import Measured
from empirical.measurement.plan import Plan
from empirical.measurement.probe import Probe
from empirical.measurement.run import RUN
from tradeoff.shared import checks, storage

NEEDED = {"model", "data", "data_checksum", "images", "which", "plan"}


def content(folder: Path) -> dict[str, Any]:
    """What the run's id is the hash of."""
    try:
        found = json.loads((folder / RUN).read_text())
    except (OSError, ValueError, RecursionError) as error:
        raise checks.InputError(
            f"folder={str(folder)!r} is not the folder of a run ({error}); name one that holds {RUN} and {SAMPLES}"
        ) from None
    if not isinstance(found, dict) or not set(found) >= NEEDED:
        raise checks.InputError(f"{str(folder / RUN)!r} does not describe a run; restore the file, or measure again")
    return found


def arrays(folder: Path, stored: Mapping[str, Any]) -> tuple[Arrays, tuple[dict[str, Any], ...]]:
    """The arrays of the run that ``stored`` describes, and the machines that made them.

    Raises
    ------
    InputError
        If the file is damaged, or is that of another run.
    """
    samples, header = tensor_files.read_tensors(folder / SAMPLES, way_out="measure again with --save-adversarial")
    identity = storage.content_id(stored)
    if header.get("run") != identity:
        raise checks.InputError(
            f"{str(folder / SAMPLES)!r} belongs to the run {header.get('run')!r}, and {RUN} beside it describes "
            f"{identity!r}; restore both, or measure again"
        )
    return samples, tuple(json.loads(header["machines"]))


def measured(folder: Path, data: ImageSet, about: Mapping[str, Any], probe: Probe) -> Measured:
    """The measurement as `measurement.run` returned it.

    ``about`` holds what the arrays do not say: plan (with the precision of gradients that was asked for, and without
    the parts that could not be measured, which not_measured names), why_precision, kernels, why_kernels, batch_size,
    training_seed. ``probe`` is what the network says of itself.

    Raises
    ------
    InputError
        If the files are damaged or of another run, or the images or the plan are others.
    """
    stored = content(folder)
    samples, machines = arrays(folder, stored)
    plan = Plan.from_content(about["plan"])
    precision = stored["plan"]["gradients"]
    asked = replace(Plan.from_content(stored["plan"]), gradients=plan.gradients)
    if replace(asked, skip=(*asked.skip, *about["not_measured"])) != plan or plan.gradients not in ("auto", precision):
        raise checks.InputError(f"the plan of {str(folder)!r} is not that of its {RUN}; restore both")
    if (stored["data_checksum"], stored["which"]) != (data.checksum, storage.content_id(data.indices.tolist())):
        raise checks.InputError(f"{str(folder)!r} was measured on other images; name those that it had")
    run = storage.content_id(stored)
    return Measured(
        *(folder.resolve().name.removesuffix(f"-{run}"), run, stored, plan, precision),
        why_precision=about["why_precision"],
        kernels=about["kernels"],
        why_kernels=about["why_kernels"],
        batch_size=about["batch_size"],
        data=data,
        samples=samples,
        machines=machines,
        probe=probe,
        training_seed=about["training_seed"],
        failed=about["not_measured"],
    )
