"""A robustness profile beside other libraries: ``python benchmarks/profiles.py [--quick] [--out FILE.json]``.

Two StdCNN of the paper's Table 1 are trained on 10,000 images of MNIST (read from the folder named in TRADEOFF_DATA;
the networks stay in ``--networks`` and are not trained again), one as usual and one by PGD at eps .3. Then 1,000 test
images are attacked at eleven eps: by torchattacks and foolbox with PGD-40 at every eps, as their users write it, and by
our adaptive schedule with gradients in bfloat16 and in float32. All sides run in one go, on one thread, in the batches
that suit them best: 250, and 500 for ours in bfloat16.

Ours run before, between and after the others, and their CPU time is the mean: seconds of work meet a machine in one
mood, minutes do not. Their kernels are chosen before, outside the clock (`kernel_choice`). Gradient evaluations are
counted, and with the same kernels the count is the same every time: the script fails if ours are more than .16
(standard network) or .20 (robust network) of the plain count, images x steps x eps, or if our adversarial accuracy is
above another's at any eps. CPU time is printed as a ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from machine import library, surroundings
from torch import Tensor, nn

from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.compute.gradients import supported
from empirical.compute.kernel_choice import choose
from empirical.data import DATASETS, limited, read
from empirical.data.images import ImageSet
from empirical.measurement.profile_attack import SCHEDULES
from empirical.measurement.profile_attack.base import Effort
from empirical.training import loop as training
from empirical.training.config import TrainingConfig

EPS = tuple(round(0.03 * k, 2) for k in range(1, 12))
STEPS, TRAINING_IMAGES = 40, 10_000
BATCHES = {"ours, bfloat16": 500}
BATCH = 250
"""The best of 64, 125, 250 and 500 for each side; half the numbers of bytes allow twice the images."""
MOST = {"standard": 0.16, "robust": 0.20}
"""Of the plain count of gradient evaluations."""
Side = Callable[[], tuple[Tensor, int | None]]
"""(n, eps) whether each image stands, and gradient evaluations where they are counted."""


def networks(folder: Path) -> dict[str, nn.Module]:
    """The two networks, trained or loaded."""
    everything = DATASETS["mnist"]()
    chosen = Draws(0, "benchmark").permutation(60_000)[:TRAINING_IMAGES].sort().values
    data = everything.take(chosen)
    made = {}
    for name, eps in (("standard", 0.0), ("robust", 0.3)):
        config = TrainingConfig(
            data="mnist",
            data_checksum=everything.checksum,
            held_out=10_000,
            network="std_cnn",
            objective="pgd" if eps else "augmented",
            augment_deg=0.0,
            eps=eps,
            attack_steps=5 if eps else 0,
            eps_warmup=0.3 if eps else 0.0,
            updates=1000,
            batch_size=100,
            learning_rate=2e-3 if eps else 1e-3,
            seed=0,
        )
        made[name] = training.train(config, data, folder / name, torch.device("cpu"))
    return made


def chosen_kernels(model: nn.Module, data: ImageSet) -> dict[str, str]:
    """By precision, what a measurement would choose."""
    precisions = [name for name in ("bfloat16", "float32") if name == "float32" or supported(torch.device("cpu"))]
    return {
        precision: choose(model, data.images, precision, batch_size=BATCHES.get(f"ours, {precision}", BATCH))[0]
        for precision in precisions
    }


def sides(model: nn.Module, data: ImageSet, kernels: dict[str, str]) -> dict[str, Side]:
    """Every way to the profile, by name; ``kernels`` are those of ours by precision."""
    answers = predict(model, data.images)
    found: dict[str, Side] = {}
    for precision, name in kernels.items():
        found[f"ours, {precision}"] = partial(_ours, model, data, answers, precision, name)
    if torchattacks := library("torchattacks"):
        found["torchattacks"] = lambda: _theirs(
            model, data, lambda x, y, eps: torchattacks.PGD(model, eps, 2.5 * eps / STEPS, STEPS)(x, y)
        )
    if foolbox := library("foolbox"):
        held = foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")

        def attack(images: Tensor, labels: Tensor, eps: float) -> Tensor:
            pgd = foolbox.attacks.LinfPGD(abs_stepsize=2.5 * eps / STEPS, steps=STEPS)
            return pgd(held, images, labels, epsilons=eps)[1]

        found["foolbox"] = lambda: _theirs(model, data, attack)
    return found


def _ours(model: nn.Module, data: ImageSet, answers: Tensor, precision: str, kernels: str) -> tuple[Tensor, int]:
    """Images answered wrongly do not stand, as for the libraries, which attack the true label."""
    found = SCHEDULES["adaptive"](
        *(model, data.images, answers, data.indices, torch.tensor(EPS)),
        draws=Draws(0, "profile"),
        effort=Effort(STEPS, precision=precision, kernels=kernels),
        batch_size=BATCHES.get(f"ours, {precision}", BATCH),
    )
    return found.unfooled & (answers == data.labels)[:, None], found.evaluations


def _theirs(model: nn.Module, data: ImageSet, attack: Callable[[Tensor, Tensor, float], Tensor]) -> tuple[Tensor, None]:
    unfooled = []
    for eps in EPS:
        parts = []
        for images, labels in zip(data.images.split(BATCH), data.labels.split(BATCH), strict=True):
            moved = attack(images, labels, eps).detach()
            with torch.no_grad():
                parts.append(model(moved).argmax(1) == labels)
        unfooled.append(torch.cat(parts))
    return torch.stack(unfooled, 1), None


def measure(model: nn.Module, data: ImageSet) -> list[dict[str, Any]]:
    """One row for each side: adversarial accuracy as counts, CPU seconds, gradient evaluations."""
    plain = len(data) * STEPS * len(EPS)
    kernels = chosen_kernels(model, data)
    made = sides(model, data, kernels)
    for name in made:  # outside the clock: first calls load kernels
        sides(model, data.take(torch.arange(min(BATCHES.get(name, BATCH), len(data)))), kernels)[name]()
    ours, theirs = ([name for name in made if name.startswith("ours") == is_ours] for is_ours in (True, False))
    seconds: dict[str, list[float]] = {name: [] for name in made}
    found = {}
    for turn in [ours, *([name, *ours] for name in theirs)]:
        for name in turn:
            start = time.process_time()
            found[name] = made[name]()
            seconds[name].append(time.process_time() - start)
    rows = []
    for name, (unfooled, evaluations) in found.items():
        evaluations = plain if evaluations is None else evaluations
        row = {"side": name, "standing": unfooled.sum(0).tolist(), "images": len(data), "runs": seconds[name]}
        row |= {"seconds": sum(seconds[name]) / len(seconds[name]), "evaluations": evaluations}
        if name.startswith("ours"):
            row["kernels"] = kernels[name.removeprefix("ours, ")]
        rows.append(row | {"of_plain": evaluations / plain})
    return rows


def failures(record: dict[str, Any]) -> list[str]:
    """What does not hold of what is asserted."""
    found = []
    for network, rows in record["networks"].items():
        by_name = {row["side"]: row for row in rows}
        for name, row in by_name.items():
            if not name.startswith("ours"):
                continue
            if row["of_plain"] > MOST[network]:
                found.append(f"{network}, {name}: {row['of_plain']:.4f} of the plain count, more than {MOST[network]}")
            for other in by_name.values():
                above = [eps for eps, a, b in zip(EPS, row["standing"], other["standing"], strict=True) if a > b]
                if above and not other["side"].startswith("ours"):
                    found.append(f"{network}, {name}: weaker than {other['side']} at eps {above}")
    return found


def table(record: dict[str, Any]) -> str:
    """The record as the README shows it."""
    lines = ["| network | side | gradients, of plain | CPU s | ratio of CPU time | adversarial accuracy, in 1/1000 |"]
    lines.append("|---|---|---|---|---|---|")
    for network, rows in record["networks"].items():
        fastest = rows[0]["seconds"]
        for row in rows:
            counts = " ".join(f"{1000 * count / row['images']:.0f}" for count in row["standing"])
            lines.append(
                f"| {network} | {row['side']} | {row['of_plain']:.3f} | {row['seconds']:.1f} | "
                f"{row['seconds'] / fastest:.1f} | {counts} |"
            )
    return "\n".join(lines)


def main() -> int:
    """Train, measure, print, write; 1 if something asserted does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 images in place of 1,000")
    parser.add_argument("--networks", type=Path, default=Path("runs/benchmark-networks"), help="where they are kept")
    parser.add_argument("--out", type=Path, help="also write everything as JSON")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    found = surroundings(("torch", "foolbox", "torchattacks"))
    data = limited(read("mnist"), 100 if chosen.quick else 1000)
    record: dict[str, Any] = {
        **found,
        "eps": EPS,
        "networks": {},
    }
    for name, model in networks(chosen.networks).items():
        record["networks"][name] = measure(model, data)
    record["load_after"] = os.getloadavg()
    load = found["machine"]["load"][0]
    print(f"{len(data)} images, eps {EPS}, PGD-{STEPS}; one thread; load {load:.2f}; {found['versions']}\n")
    print(table(record))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n")
    wrong = failures(record)
    print("\n".join(["", *wrong]) if wrong else "\nHolds: gradient counts, and strength at every eps.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
