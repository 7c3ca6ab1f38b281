"""Our default profile beside AutoAttack at single eps: ``python benchmarks/against_autoattack.py [--out FILE.json]``.

The networks of `profile_networks` are attacked by the adaptive schedule, as `measure` does by default: every eps of the
grid at once. Beside it AutoAttack's standard version (APGD on two losses, FAB, Square with 5,000 queries), by its
authors' package where it is installed and else as torchattacks has it, at three eps of the grid, each by itself. Both
sides attack what the network answers, run in one go, on one thread; times are those of the processor.

Both sides draw at random, and an image at the edge falls to the one or the other by luck. The script fails where the
images that only AutoAttack fools outnumber those that only ours does by more than luck: a one-sided sign test at 5 %,
for each network over its eps. It says, and does not fail, where at an eps more are unfooled on our side.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from machine import library, surroundings
from peers import BATCH, STEPS, automatic, kernels
from profile_networks import NETWORKS, Case, Places, case
from torch import Tensor

from empirical.attacks.auto import installed
from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.compute.gradients import supported
from empirical.measurement.profile_attack import SCHEDULES
from empirical.measurement.profile_attack.base import Effort
from tradeoff.shared import checks, storage

IMAGES, QUICK = 200, 10
"""Of each network."""
LUCK = 0.05
"""The false-alarm rate of the comparison on each network."""
SHARES = (0.75, 0.5, 0.25)
"""AutoAttack is set on the eps at which about these shares of the images are unfooled: where the two can differ."""


def ours(given: Case, answers: Tensor) -> tuple[Tensor, dict[str, Any]]:
    """(n, k) who is unfooled, and what it took."""
    precision = "bfloat16" if supported(torch.device("cpu")) else "float32"
    chosen = kernels(given, precision)
    start = time.process_time()
    found = SCHEDULES["adaptive"](
        *(given.model, given.data.images, answers, given.data.indices, torch.tensor(given.eps)),
        draws=Draws(0, "profile"),
        effort=Effort(STEPS, precision=precision, kernels=chosen),
        batch_size=BATCH,
    )
    assert found.lowered is not None
    about = {"seconds": time.process_time() - start, "evaluations": found.evaluations, "queries": found.queries}
    about |= {
        "by_loss": int(found.lowered.by_loss.sum()),
        "by_search": int(found.lowered.by_search.sum()),
        "precision": precision,
    }
    return found.unfooled, about | {"kernels": chosen}


def theirs(given: Case, answers: Tensor, eps: float) -> Tensor:
    """(n,) who is unfooled at one eps."""
    if installed():
        attack = automatic(eps)
    else:
        package = library("torchattacks")
        if package is None:
            raise checks.InputError(
                "neither autoattack nor torchattacks is installed; pip install --no-deps torchattacks"
            )

        def attack(model: Any, images: Tensor, labels: Tensor) -> Tensor:
            moved: Tensor = package.AutoAttack(model, eps=eps, version="standard", n_classes=10, seed=0)(images, labels)
            return moved

    parts = zip(given.data.images.split(BATCH), answers.split(BATCH), strict=True)
    moved = torch.cat([attack(given.model, images, labels).detach() for images, labels in parts])
    return predict(given.model, moved) == answers


def compare(given: Case) -> dict[str, Any]:
    """Our profile, and AutoAttack at some of its eps."""
    answers = predict(given.model, given.data.images)
    unfooled, about = ours(given, answers)
    wanted = {int((unfooled.float().mean(0) - share).abs().argmin()) for share in SHARES}
    rows = []
    for column in sorted(wanted):
        start = time.process_time()
        left = theirs(given, answers, given.eps[column])
        row = {"eps": given.eps[column], "ours": int(unfooled[:, column].sum()), "theirs": int(left.sum())}
        row |= {"only_ours_fools": int((left & ~unfooled[:, column]).sum()), "seconds": time.process_time() - start}
        rows.append(row | {"only_theirs_fools": int((~left & unfooled[:, column]).sum())})
    return {"images": len(given.data), "ours": about, "rows": rows, "unfooled": unfooled.sum(0).tolist()}


def failures(record: dict[str, Any]) -> list[str]:
    """The networks on which AutoAttack fools more, by more than luck."""
    wrong = []
    for name, found in record["networks"].items():
        theirs, ours = (sum(row[f"only_{side}"] for row in found["rows"]) for side in ("theirs_fools", "ours_fools"))
        if theirs > ours and _at_least(theirs, theirs + ours) < LUCK:
            wrong.append(f"{name}: {theirs} are fooled by AutoAttack alone, and {ours} by ours alone")
    return wrong


def missed(record: dict[str, Any]) -> list[str]:
    """Where more images are unfooled on our side."""
    return [
        f"{name}: at eps {row['eps']:.3g} {row['ours']} images are unfooled, and {row['theirs']} by AutoAttack"
        for name, found in record["networks"].items()
        for row in found["rows"]
        if row["ours"] > row["theirs"]
    ]


def _at_least(heads: int, tosses: int) -> float:
    """The probability of so many heads of a fair coin, or more."""
    return sum(math.comb(tosses, k) for k in range(heads, tosses + 1)) / 2**tosses


def table(record: dict[str, Any]) -> str:
    """The record as Markdown."""
    lines = [
        "| network | images | eps | unfooled: ours | AutoAttack | CPU s: ours, 11 eps | AutoAttack, this eps |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, found in record["networks"].items():
        for row in found["rows"]:
            lines.append(
                f"| {name} | {found['images']} | {row['eps']:.3g} | {row['ours']} | {row['theirs']} | "
                f"{found['ours']['seconds']:.0f} | {row['seconds']:.0f} |"
            )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} images of each network")
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--only", nargs="*", default=list(NETWORKS), help=", ".join(NETWORKS))
    parser.add_argument("--networks", type=Path, default=Path("runs/benchmarks/networks"))
    parser.add_argument("--weights", type=Path, help="folder of the weights that others published")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    record: dict[str, Any] = {
        **surroundings(["torch", "numpy", "autoattack", "torchattacks"]),
        "steps": STEPS,
        "networks": {},
        "left_out": {},
    }
    record["by"] = "autoattack" if installed() else "torchattacks"
    if given.out is not None and given.out.exists():
        kept = json.loads(given.out.read_text())
        record |= {key: kept[key] for key in ("networks", "left_out")}
    for name in given.only:
        try:
            chosen = case(name, Places(given.networks, given.weights), QUICK if given.quick else given.images)
        except checks.InputError as error:
            record["left_out"][name] = str(error)
            continue
        record["networks"][name] = compare(chosen)
        if given.out is not None:
            storage.write_atomic(given.out, json.dumps(record, indent=1) + os.linesep)
    print(table(record), *failures(record), *missed(record), sep="\n")
    return int(bool(failures(record)))


if __name__ == "__main__":
    sys.exit(main())
