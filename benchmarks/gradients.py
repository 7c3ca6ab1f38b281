"""A gradient by the images, ours beside torch's: ``python benchmarks/gradients.py [--out FILE.json]``.

For the paper's StdCNN and GCNN and for a network of colour images: microseconds of CPU time for one image, by torch's
own convolutions and pooling and by ours (`empirical.compute.cpu_kernels`), in float32 and, where the processor has it,
in bfloat16. One thread; the best of some rounds in which the sides take turns. The script fails if a gradient of ours
points elsewhere than torch's of the same precision.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import torch
from machine import surroundings
from torch import Tensor, nn

from empirical import models
from empirical.attacks.losses import margin
from empirical.compute.draws import Draws
from empirical.compute.forward import frozen
from empirical.compute.gradients import Gradients, supported

ROUNDS = 15
LOSS = 0.005
"""The mean cosine with torch's gradient in float32 may be smaller than that of torch in the same precision by this."""


def colour_cnn() -> nn.Module:
    """Four padded convolutions of 3 x 3, for 32 x 32 images of three channels."""
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(128 * 8 * 8, 10)),
    )


def cases() -> list[tuple[str, nn.Module, tuple[int, int, int], int]]:
    """Name, network, shape of an image, images in a batch."""
    torch.manual_seed(0)
    return [
        ("std_cnn", models.build("std_cnn", seed=0), (1, 28, 28), 250),
        ("std_cnn", models.build("std_cnn", seed=0), (1, 28, 28), 64),
        ("p4_cnn_pooled", models.build("p4_cnn_pooled", seed=0), (1, 28, 28), 64),
        ("colour_cnn", colour_cnn(), (3, 32, 32), 64),
    ]


def measure(model: nn.Module, images: Tensor) -> dict[str, Any]:
    """Microseconds an image by side, and mean cosine with torch's float32 gradient."""
    labels = torch.zeros(len(images), dtype=torch.int64)
    with frozen(model):
        sides = {}
        for precision in ("float32", "bfloat16"):
            if precision == "bfloat16" and not supported(images.device):
                continue
            for side in ("torch", "ours"):
                sides[f"{side}, {precision}"] = Gradients(model, precision, kernels=side == "ours")
        best, gradients = dict.fromkeys(sides, float("inf")), {}
        for _ in range(ROUNDS):
            for name, side in sides.items():
                start = time.process_time()
                gradients[name] = side(images, lambda logits: margin(logits, labels))[2].flatten(1)
                best[name] = min(best[name], time.process_time() - start)
    exact = gradients["torch, float32"]
    cosines = {name: float(torch.cosine_similarity(exact, found).mean()) for name, found in gradients.items()}
    return {"microseconds": {name: 1e6 * seconds / len(images) for name, seconds in best.items()}, "cosine": cosines}


def failures(record: dict[str, Any]) -> list[str]:
    """What does not hold of what is asserted."""
    found = []
    for row in record["rows"]:
        for name, cosine in row["cosine"].items():
            torchs = row["cosine"][name.replace("ours", "torch")]
            if cosine < torchs - LOSS:
                found.append(
                    f"{row['network']}: {name} has a mean cosine of {cosine:.4f} with torch's, not {torchs:.4f}"
                )
    return found


def table(record: dict[str, Any]) -> str:
    """The record as the README shows it."""
    sides = ["torch, float32", "ours, float32", "torch, bfloat16", "ours, bfloat16"]
    lines = [f"| one gradient, us an image | {' | '.join(sides)} |", "|---|---|---|---|---|"]
    for row in record["rows"]:
        plain = row["microseconds"]["torch, float32"]
        found = [row["microseconds"].get(side) for side in sides]
        cells = ["" if each is None else f"{each:.0f} ({each / plain:.2f})" for each in found]
        lines.append(f"| `{row['network']}`, batch of {row['batch']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; 1 if something asserted does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="also write everything as JSON")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    record: dict[str, Any] = {**surroundings(("torch",)), "rows": []}
    for name, model, shape, batch in cases():
        images = Draws(0, "benchmark").uniform(torch.arange(batch), shape)
        record["rows"].append({"network": name, "batch": batch, **measure(model, images)})
    record["load_after"] = os.getloadavg()
    print(f"one thread; load {record['machine']['load'][0]:.2f}; {record['versions']}\n\n{table(record)}")
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n")
    wrong = failures(record)
    print("\n".join(["", *wrong]) if wrong else "\nHolds: every gradient points where torch's does.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
