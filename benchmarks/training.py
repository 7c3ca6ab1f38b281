"""Training beside a plain PyTorch loop: ``python benchmarks/training.py [--quick] [--out FILE.json]``.

One update of our loop (batch, augmentation, attack, loss, step) against the same update as anybody writes it, in the
same way of computing, batch, threads and optimiser, with the weights frozen while attacking, on both sides; natural,
turned by up to 180 degrees, and PGD-10. Beside them the ways of computing of our loop: float32, float32 with channels
last, bfloat16 with channels last. Both sides take turns in one go, on one thread; times are those of the processor, the
median of five turns.

The script fails if our loop takes more than 3 % longer than the plain one, or augmentation more than 6 % of an update.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from machine import surroundings
from torch import Tensor

from empirical import models
from empirical.compute.gradients import supported
from empirical.data.images import ImageSet
from empirical.training import computing, loop, optimisers, phases
from empirical.training.config import TrainingConfig
from empirical.training.schemes import SCHEMES
from tradeoff.shared import storage

BATCH, STEPS, EPS = 128, 10, 0.1
TURNS, UPDATES = 5, 6
SLOWER, AUGMENTED = 1.03, 0.06
"""The most that ours may take of the plain loop, and the largest share of an update that augmentation may take."""
EPOCH = 60_000
SCHEMES_TIMED = {
    "natural": {},
    "turned": {"augment_deg": 180.0},
    "PGD-10": {"objective": "pgd", "eps": EPS, "attack_steps": STEPS, "attack_step_size": EPS / 4},
}


def images() -> ImageSet:
    """Noise: what is computed does not depend on it."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.rand(1024, 1, 28, 28, generator=generator)
    return ImageSet("noise", "noise", 10, pixels, torch.randint(10, (1024,), generator=generator), torch.arange(1024))


def config(network: str, **changes: Any) -> TrainingConfig:
    """A training of that network; only its updates are timed."""
    plain = TrainingConfig("noise", "noise", 1, network, "augmented", 0.0, 0.0, 0, 0.0, 10_000, BATCH, 1e-3, 0)
    return replace(plain, resampling="float32", **changes)


def ours(chosen: TrainingConfig, data: ImageSet, way: str) -> Callable[[], None]:
    """Some updates of our loop."""
    network = models.build(chosen.network, seed=0)
    model, optimiser = computing.Computed(network, way), optimisers.optimiser(chosen, network)
    done = [0]

    def loss_at(update: int) -> Tensor:
        stage = phases.at(chosen, update)
        return SCHEMES[chosen.objective](model, loop._batch(data, chosen, update), stage.config).loss

    def run() -> None:
        updates = range(done[0], done[0] + UPDATES)
        for _ in loop.descend(model, optimiser, loss_at, lambda update: optimisers.rate(chosen, update), updates):
            pass
        done[0] += UPDATES

    return run


def plain(chosen: TrainingConfig, data: ImageSet, way: str) -> Callable[[], None]:
    """The same updates as anybody writes them, with frozen weights while attacking."""
    network = models.build(chosen.network, seed=0)
    kind = computing.WAYS[way]
    layout = torch.channels_last if kind.channels_last else torch.contiguous_format
    network = network.to(memory_format=layout)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(data.images, data.labels), batch_size=None,
        sampler=torch.utils.data.BatchSampler(torch.utils.data.RandomSampler(data), BATCH, drop_last=True),
    )  # fmt: skip

    def forward(pixels: Tensor) -> Tensor:
        with torch.autocast("cpu", torch.bfloat16, enabled=kind.bfloat16):
            return network(pixels).float()

    def attacked(pixels: Tensor, labels: Tensor) -> Tensor:
        network.eval()
        network.requires_grad_(False)
        moved = (pixels + torch.empty_like(pixels).uniform_(-EPS, EPS)).clamp(0, 1)
        for _ in range(STEPS):
            moved = moved.detach().requires_grad_()
            (slope,) = torch.autograd.grad(F.cross_entropy(forward(moved), labels, reduction="sum"), moved)
            moved = (moved + EPS / 4 * slope.sign()).detach()
            moved = torch.min(torch.max(moved, pixels - EPS), pixels + EPS).clamp(0, 1)
        network.requires_grad_(True)
        network.train()
        return moved

    def run() -> None:
        network.train()
        left = UPDATES
        while left:
            for pixels, labels in loader:
                pixels = pixels.contiguous(memory_format=layout)
                if chosen.objective == "pgd":
                    pixels = attacked(pixels, labels)
                loss = F.cross_entropy(forward(pixels), labels)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                left -= 1
                if not left:
                    return

    return run


def timed(sides: dict[str, Callable[[], None]], turns: int) -> dict[str, float]:
    """Milliseconds of an update, the median over turns; the first turn warms up."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(turns + 1):
        for name, run in sides.items():
            start = time.process_time()
            run()
            found[name].append(1e3 * (time.process_time() - start) / UPDATES)
    return {name: statistics.median(times[1:]) for name, times in found.items()}


def measure(network: str, turns: int) -> list[dict[str, Any]]:
    """A row for each scheme."""
    data, rows = images(), []
    ways = [name for name, way in computing.WAYS.items() if not way.bfloat16 or supported(torch.device("cpu"))]
    for scheme, changes in SCHEMES_TIMED.items():
        chosen = config(network, **changes)
        sides = {way: ours(chosen, data, way) for way in ways}
        if scheme != "turned":
            sides |= {f"plain, {way}": plain(chosen, data, way) for way in ways}
        rows.append({"network": network, "scheme": scheme, "ms": timed(sides, turns)})
    return rows


def quickest(row: dict[str, Any]) -> str:
    """The way in which our loop is quickest."""
    return min((name for name in row["ms"] if not name.startswith("plain")), key=lambda name: row["ms"][name])


def failures(record: dict[str, Any]) -> list[str]:
    """What does not hold of what is asserted."""
    wrong = []
    for row in record["rows"]:
        for way, plain_ms in row["ms"].items():
            if not way.startswith("plain"):
                continue
            ratio = row["ms"][way.removeprefix("plain, ")] / plain_ms
            if ratio > SLOWER:
                wrong.append(f"{row['network']}, {row['scheme']}, {way}: ours takes {ratio:.3f} of it")
        if row["scheme"] == "turned":
            share = augmentation(record, row)
            if share > AUGMENTED:
                wrong.append(f"{row['network']}: augmentation takes {share:.3f} of an update")
    return wrong


def augmentation(record: dict[str, Any], row: dict[str, Any]) -> float:
    """The share of a float32 update that turning the images takes."""
    natural = next(one for one in record["rows"] if (one["network"], one["scheme"]) == (row["network"], "natural"))
    return (row["ms"]["float32"] - natural["ms"]["float32"]) / row["ms"]["float32"]


def table(record: dict[str, Any]) -> str:
    """The record as docs/reference/benchmarks.md shows it; in brackets the share of the plain loop computed alike."""
    ways = list(dict.fromkeys(name for row in record["rows"] for name in row["ms"] if not name.startswith("plain")))
    lines = [f"| ms an update of {BATCH} images | {' | '.join(ways)} | s for {EPOCH:,} images, quickest |"]
    lines.append("|" + "---|" * (len(ways) + 2))
    for row in record["rows"]:
        cells = []
        for way in ways:
            beside = row["ms"].get(f"plain, {way}")
            cells.append(f"{row['ms'][way]:.1f}" + (f" ({row['ms'][way] / beside:.2f})" if beside else ""))
        seconds = row["ms"][quickest(row)] * EPOCH / BATCH / 1e3
        lines.append(f"| `{row['network']}`, {row['scheme']} | {' | '.join(cells)} | {seconds:.1f} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one turn of each")
    parser.add_argument("--networks", nargs="+", default=["std_cnn", "p4_cnn_pooled"])
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    record: dict[str, Any] = {**surroundings(("torch",)), "batch": BATCH, "rows": []}
    for network in given.networks:
        record["rows"] += measure(network, 1 if given.quick else TURNS)
    print(table(record), *failures(record), sep="\n")
    if given.out is not None:
        storage.write_atomic(given.out, json.dumps(record, indent=1) + "\n")
    return int(bool(failures(record)))


if __name__ == "__main__":
    sys.exit(main())
