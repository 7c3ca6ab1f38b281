"""Our attacks beside other libraries: ``python benchmarks/attacks.py [--quick] [--out FILE.json]``.

A StdCNN of the paper's Table 1 is trained for a few seconds on the digits inside scikit-learn and attacked on 200
images it has not seen, by every library that is installed: foolbox, torchattacks (``pip install --no-deps
torchattacks``; with its dependencies it would replace torch) and AutoAttack. Both sides run in one go, on one thread.
Speed is microseconds of CPU time for one image and one step, the best of twelve rounds in which the libraries take
turns; strength is the number of images that stand, the same settings on all sides, judged by one forward pass at the
end.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from machine import library, surroundings
from torch import Tensor, nn
from torch.nn import functional

from empirical import models
from empirical.attacks import ATTACKS
from empirical.attacks.auto import AutoAttack, installed
from empirical.attacks.deepfool import DeepFool
from empirical.attacks.pgd import PGD
from empirical.compute.draws import Draws
from empirical.data import DATASETS
from empirical.data.images import ImageSet

DRAWS = Draws(0, "benchmark")
ROUNDS, STEPS, QUERIES = 12, 40, 1000
EPSILONS = (0.05, 0.1, 0.15)
Run = Callable[[], Tensor]


def trained(updates: int = 250) -> tuple[nn.Module, ImageSet]:
    """A network that is right on about 97 % of the digits held out, and these."""
    train, held_out = DATASETS["digits"]().split(400)
    model = models.build("std_cnn", seed=0)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    torch.manual_seed(0)
    for update in range(updates):
        rows = Draws(0, "order", update).permutation(len(train))[:64]
        optimiser.zero_grad()
        functional.cross_entropy(model(train.images[rows]), train.labels[rows]).backward()
        optimiser.step()
    optimiser.zero_grad()
    return model.eval(), held_out


def pgd_sides(model: nn.Module, data: ImageSet, eps: float) -> dict[str, Run]:
    """PGD-40 of every library, same step size, random start; foolbox with parameters as they are, and frozen."""
    size = 2.5 * eps / STEPS
    images, labels = data.images, data.labels
    sides: dict[str, Run] = {"ours": lambda: PGD(eps, STEPS)(model, images, labels, data.indices, draws=DRAWS)}
    if torchattacks := library("torchattacks"):
        sides["torchattacks"] = lambda: torchattacks.PGD(model, eps, size, STEPS)(images, labels)
    if foolbox := library("foolbox"):
        held = foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")
        attack = foolbox.attacks.LinfPGD(abs_stepsize=size, steps=STEPS)
        sides["foolbox"] = lambda: attack(held, images, labels, epsilons=eps)[1]
    return sides


def strong_sides(model: nn.Module, data: ImageSet, eps: float) -> dict[str, dict[str, Run]]:
    """Attack -> library -> run, for what is meant to be strong; 100 steps or 1,000 queries, one restart."""

    def ours(name: str, **settings: Any) -> Run:
        return lambda: ATTACKS[name](eps, **settings)(model, data.images, data.labels, data.indices, draws=DRAWS)

    sides = {
        "fgsm": {"ours": ours("fgsm")},
        "pgd": pgd_sides(model, data, eps),
        "apgd_ce": {"ours": ours("apgd_ce")},
        "apgd_dlr_t": {"ours": ours("apgd_dlr_t")},
        "square": {"ours": ours("square", queries=QUERIES)},
    }
    if other := library("torchattacks"):
        attacks = {
            "fgsm": lambda: other.FGSM(model, eps),
            "apgd_ce": lambda: other.APGD(model, eps=eps, steps=100),
            "apgd_dlr_t": lambda: other.APGDT(model, eps=eps, steps=100, n_classes=10),
            "square": lambda: other.Square(model, eps=eps, n_queries=QUERIES),
        }
        for name, attack in attacks.items():
            sides[name]["torchattacks"] = lambda attack=attack: attack()(data.images, data.labels)
    if installed():
        judge = AutoAttack(eps)
        sides["autoattack"] = {"autoattack": lambda: judge(model, data.images, data.labels, data.indices, draws=DRAWS)}
    return sides


def speed_rows(model: nn.Module, data: ImageSet) -> list[dict[str, Any]]:
    """Microseconds of CPU time for one image and one step of PGD, batches of 64 and of 250."""
    rows = []
    for size in (64, 250):
        some = data.take(torch.arange(size))
        sides = pgd_sides(model, some, 0.1)
        best = dict.fromkeys(sides, float("inf"))
        for _ in range(ROUNDS + 1):  # the first warms up, and is never the fastest
            for name, run in sides.items():
                best[name] = min(best[name], _timed(run)[0])
        rows.append({"batch": size, **{name: seconds / (size * STEPS) * 1e6 for name, seconds in best.items()}})
    return rows


def strength_rows(model: nn.Module, data: ImageSet) -> list[dict[str, Any]]:
    """How many images stand, and how long it took, by eps, attack and library."""
    rows = []
    for eps in EPSILONS:
        for attack, sides in strong_sides(model, data, eps).items():
            for side, run in sides.items():
                seconds, moved = _timed(run)
                with torch.no_grad():
                    unfooled = int((model(moved).argmax(1) == data.labels).sum())
                outside = float((moved - data.images).abs().max()) > eps + 1e-6
                rows.append(
                    {"eps": eps, "attack": attack, "side": side, "standing": unfooled, "images": len(data)}
                    | {"seconds": seconds, "outside": outside}
                )
    return rows


def deepfool_rows(model: nn.Module, data: ImageSet) -> list[dict[str, Any]]:
    """Mean l_2 norm over the images flipped by all sides, images not flipped, seconds; 50 steps, overshoot .02."""
    with torch.no_grad():
        labels = model(data.images).argmax(1)
    sides: dict[str, Run] = {"ours": lambda: DeepFool().distances(model, data.images, labels).images}
    if foolbox := library("foolbox"):
        held = foolbox.PyTorchModel(model, bounds=(0, 1), device="cpu")
        attack = foolbox.attacks.L2DeepFoolAttack(steps=50, overshoot=0.02)
        sides["foolbox"] = lambda: attack(held, data.images, labels, epsilons=None)[1]
    if torchattacks := library("torchattacks"):
        sides["torchattacks"] = lambda: torchattacks.DeepFool(model, steps=50, overshoot=0.02)(data.images, labels)
    found = {side: _timed(run) for side, run in sides.items()}
    with torch.no_grad():
        flipped = {side: model(moved).argmax(1) != labels for side, (_, moved) in found.items()}
    everywhere = torch.stack(list(flipped.values())).all(0)
    return [
        {
            "side": side,
            "norm": float((moved - data.images).flatten(1).norm(dim=1)[everywhere].mean()),
            "unflipped": int((~flipped[side]).sum()),
            "images": len(data),
            "seconds": seconds,
        }
        for side, (seconds, moved) in found.items()
    ]


def _timed(run: Run) -> tuple[float, Tensor]:
    start = time.process_time()
    moved = run().detach()
    return time.process_time() - start, moved


def table(record: dict[str, Any]) -> str:
    """The record as docs/reference/benchmarks.md shows it."""
    names = ("ours", "torchattacks", "foolbox")
    lines = ["| one image, one step of PGD | ours | torchattacks | foolbox |", "|---|---|---|---|"]
    for row in record["speed"]:
        cells = [f"{row[name]:.0f} us ({row[name] / row['ours']:.2f} x)" if name in row else "" for name in names]
        lines.append(f"| batch of {row['batch']} | {' | '.join(cells)} |")
    sides = [side for side in (*names, "autoattack") if any(row["side"] == side for row in record["strength"])]
    lines += ["", f"| standing of {record['strength'][0]['images']} | eps | {' | '.join(sides)} |"]
    lines.append("|---|---|" + "---|" * len(sides))
    cells_of: dict[tuple[str, float], dict[str, str]] = {}
    for row in record["strength"]:
        cell = f"{row['standing']} ({row['seconds']:.1f} s)"
        cells_of.setdefault((row["attack"], row["eps"]), {})[row["side"]] = cell
    order = list(dict.fromkeys(row["attack"] for row in record["strength"]))
    for (attack, eps), found in sorted(cells_of.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        lines.append(f"| `{attack}` | {eps:g} | {' | '.join(found.get(side, '') for side in sides)} |")
    lines += ["", "| DeepFool | mean l_2 norm | not flipped | seconds |", "|---|---|---|---|"]
    for row in record["deepfool"]:
        unflipped = f"{row['unflipped']} of {row['images']}"
        lines.append(f"| {row['side']} | {row['norm']:.3f} | {unflipped} | {row['seconds']:.1f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="50 images in place of 200")
    parser.add_argument("--out", type=Path, help="also write everything as JSON")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    found = surroundings(("torch", "foolbox", "torchattacks", "autoattack"))
    model, data = trained()
    everything, data = data, data.take(torch.arange(50 if chosen.quick else 200))
    with torch.no_grad():
        right = int((model(data.images).argmax(1) == data.labels).sum())
    record = {
        **found,
        "right": right,
        "speed": speed_rows(model, everything),
        "strength": strength_rows(model, data),
        "deepfool": deepfool_rows(model, data),
        "load_after": os.getloadavg(),
    }
    load = found["machine"]["load"][0]
    print(f"{right} of {len(data)} digits are right; one thread; load {load:.2f}; {found['versions']}\n")
    print(table(record))
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
