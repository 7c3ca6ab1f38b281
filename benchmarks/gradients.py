"""A gradient by the images, by every kind of kernels: ``python benchmarks/gradients.py [--out FILE.json]``.

For the paper's StdCNN and GCNN and for two networks of colour images: microseconds of CPU time for one image, by
torch's own convolutions and pooling, by torch's with channels last, and by ours (`empirical.compute.kernels`), in
float32 and, where the processor has it, in bfloat16; and which of them a measurement would choose here, and in how
long (`kernels.choice`). One thread; the best of some rounds in which the sides take turns. The script fails if a
gradient points elsewhere than torch's of the same precision, or if what was chosen takes much longer than the quickest.
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
from empirical.compute.kernels import KERNELS
from empirical.compute.kernels.choice import choose

ROUNDS = 15
LOSS = 0.005
"""The mean cosine with torch's gradient in float32 may be smaller than that of torch in the same precision by this."""
SLOWER = 1.15
"""What was chosen may take this much of the time of the quickest: a choice takes less time than this script."""


def colour_cnn() -> nn.Module:
    """Four padded convolutions of 3 x 3, for 32 x 32 images of three channels."""
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.Conv2d(128, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(128 * 8 * 8, 10)),
    )


class Residual(nn.Module):
    """Two convolutions with batch norm beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.inner = nn.Sequential(
            *(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()),
            *(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)),
        )

    def forward(self, images: Tensor) -> Tensor:
        return (self.inner(images) + images).relu()


def residual() -> nn.Module:
    """Residual blocks of 16, 32 and 64 channels with strides between them, for 32 x 32 images of three channels."""
    layers: list[nn.Module] = [nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), Residual(16)]
    for channels in (16, 32):
        layers += [nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1), nn.ReLU(), Residual(2 * channels)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def cases() -> list[tuple[str, nn.Module, tuple[int, int, int], int]]:
    """Name, network, shape of an image, images in a batch."""
    torch.manual_seed(0)
    return [
        ("std_cnn", models.build("std_cnn", seed=0), (1, 28, 28), 250),
        ("std_cnn", models.build("std_cnn", seed=0), (1, 28, 28), 64),
        ("p4_cnn_pooled", models.build("p4_cnn_pooled", seed=0), (1, 28, 28), 64),
        ("colour_cnn", colour_cnn(), (3, 32, 32), 64),
        ("residual", residual(), (3, 32, 32), 64),
    ]


def measure(model: nn.Module, images: Tensor) -> dict[str, Any]:
    """Microseconds an image by side, mean cosine with torch's float32 gradient, and what is chosen."""
    labels, model = torch.zeros(len(images), dtype=torch.int64), model.eval()
    precisions = [name for name in ("float32", "bfloat16") if name == "float32" or supported(images.device)]
    chosen = {precision: _chosen(model, images, precision) for precision in precisions}
    with frozen(model):
        sides = {
            f"{kernels}, {precision}": Gradients(model, precision, kernels=kernels)
            for precision in precisions
            for kernels in KERNELS
        }
        best, gradients = dict.fromkeys(sides, float("inf")), {}
        for _ in range(ROUNDS):
            for name, side in sides.items():
                start = time.process_time()
                gradients[name] = side(images, lambda logits: margin(logits, labels))[2].flatten(1)
                best[name] = min(best[name], time.process_time() - start)
    exact = gradients["torch, float32"]
    cosines = {name: float(torch.cosine_similarity(exact, found).mean()) for name, found in gradients.items()}
    microseconds = {name: 1e6 * seconds / len(images) for name, seconds in best.items()}
    return {"microseconds": microseconds, "cosine": cosines, "chosen": chosen}


def _chosen(model: nn.Module, images: Tensor, precision: str) -> dict[str, Any]:
    """As a measurement of many images would choose, and CPU seconds that it takes."""
    many = images.repeat(2, 1, 1, 1)
    start = time.process_time()
    kernels, why = choose(model, many, precision, batch_size=len(images))
    return {"kernels": kernels, "why": why, "seconds": time.process_time() - start}


def failures(record: dict[str, Any]) -> list[str]:
    """What does not hold of what is asserted."""
    found = []
    for row in record["rows"]:
        for name, cosine in row["cosine"].items():
            torchs = row["cosine"][f"torch, {name.partition(', ')[2]}"]
            if cosine < torchs - LOSS:
                found.append(
                    f"{row['network']}: {name} has a mean cosine of {cosine:.4f} with torch's, not {torchs:.4f}"
                )
        for precision, chosen in row["chosen"].items():
            times = {kernels: row["microseconds"][f"{kernels}, {precision}"] for kernels in KERNELS}
            if times[chosen["kernels"]] > SLOWER * min(times.values()):
                found.append(
                    f"{row['network']}, batch of {row['batch']}, {precision}: {chosen['kernels']} was chosen, but "
                    f"microseconds are {times}"
                )
    return found


def table(record: dict[str, Any]) -> str:
    """The record as docs/reference/benchmarks.md shows it; what is chosen is in bold."""
    sides = [(kernels, precision) for precision in ("float32", "bfloat16") for kernels in KERNELS]
    lines = [f"| one gradient, us an image | {' | '.join(', '.join(side) for side in sides)} |"]
    lines.append("|---" * (1 + len(sides)) + "|")
    for row in record["rows"]:
        cells = [_cell(row, *side) for side in sides]
        lines.append(f"| `{row['network']}`, batch of {row['batch']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: dict[str, Any], kernels: str, precision: str) -> str:
    each = row["microseconds"].get(f"{kernels}, {precision}")
    if each is None:
        return ""
    text = f"{each:.0f} ({each / row['microseconds']['torch, float32']:.2f})"
    return f"**{text}**" if row["chosen"][precision]["kernels"] == kernels else text


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
    print(
        "\n".join(["", *wrong])
        if wrong
        else "\nHolds: every gradient points where torch's does, and what is chosen is about the quickest."
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
