"""How fast a frontier is drawn: ``python benchmarks/frontier.py [--out FILE.json]``.

A million points of the frontier of linear rules for two shifts and p = 1/2 (`tradeoff.bounds.linear_frontier.curve`),
from the text of the word on. The floor is three calls of SciPy's normal distribution function on a million numbers
each: every point needs three of its values. "plain" is the same formula as anyone would write it, sine and cosine of a
million angles at once.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import surroundings
from numpy.typing import NDArray
from scipy.special import ndtr

from tradeoff.bounds import linear_frontier
from tradeoff.codes import families
from tradeoff.codes.word import cyclic_word
from tradeoff.model.law import CyclicGaussian

COUNT, RUNS, RADIUS = 1_000_000, 15, 1.0
LENGTHS = (64, 1024, 16384)
Array = NDArray[np.float64]


TEXTS = {d: families.golay_zero(d, d // 2) for d in LENGTHS}
"""Words orthogonal to their shift."""


def law(length: int) -> CyclicGaussian:
    """From the text of the word: nothing is kept from the last call."""
    return CyclicGaussian(cyclic_word(TEXTS[length], length // 2), p=0.5)


def ours(length: int) -> tuple[Array, Array]:
    """What the package does."""
    return linear_frontier.curve(law(length), COUNT, scaled_radius=RADIUS)


def plain(length: int) -> tuple[Array, Array]:
    """cos(t) P + sin(t) Q, written out."""
    dist = law(length)
    s, rho = dist.signal, dist.word.correlations[1]
    same, other = np.sqrt((1 + rho) / 2), np.sqrt((1 - rho) / 2)
    t = np.linspace(0, np.arctan2(other, same), COUNT)
    both, apart = same * np.cos(t) + other * np.sin(t), same * np.cos(t) - other * np.sin(t)
    return ndtr((s - RADIUS) * both), (ndtr(s * both) + ndtr(s * apart)) / 2


def floor() -> None:
    """The distribution function alone, on the numbers that the curve has at rho = 0."""
    for numbers in ARGUMENTS:
        ndtr(numbers, out=PLACE)


def _arguments() -> list[Array]:
    t = np.linspace(0, np.pi / 4, COUNT)
    both, apart = (np.cos(t) + np.sin(t)) / np.sqrt(2), (np.cos(t) - np.sin(t)) / np.sqrt(2)
    return [(2 - RADIUS) * both, 2 * both, 2 * apart]


ARGUMENTS, PLACE = _arguments(), np.empty(COUNT)


def best(works: list[Callable[[], object]]) -> list[float]:
    """Seconds of the processor that each takes: the best of RUNS, taken in turn, so that all have the same load."""
    found = [float("inf")] * len(works)
    for _ in range(RUNS):
        for i, work in enumerate(works):
            start = time.process_time()
            work()
            found[i] = min(found[i], time.process_time() - start)
    return found


def row(length: int) -> dict[str, float]:
    """Seconds at one length, and how far both answers are apart."""
    mine, bare, simple = best([lambda: ours(length), floor, lambda: plain(length)])
    # Our points are not at equal angles: both curves are compared at equal adversarial accuracies.
    first, second = ours(length), plain(length)
    apart = float(np.abs(np.interp(first[0], *second) - first[1]).max())
    return {"d": length, "ours": mine, "floor": bare, "plain": simple, "apart": apart}


def table(record: dict[str, object]) -> str:
    """The record as docs/reference/benchmarks.md shows it."""
    lines = ["| d | ours, ms | floor, ms | plain, ms | of the floor | of plain |", "|---|---|---|---|---|---|"]
    rows = record["rows"]
    assert isinstance(rows, list)
    for one in rows:
        times = " | ".join(f"{one[name] * 1e3:.1f}" for name in ("ours", "floor", "plain"))
        lines.append(f"| {one['d']} | {times} | {one['ours'] / one['floor']:.2f} | {one['ours'] / one['plain']:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, help="also write everything as JSON")
    chosen = parser.parse_args()
    found = surroundings(("numpy", "scipy"))
    machine = found["machine"]
    print(f"{machine['cpu']}, NumPy {np.__version__}, load {os.getloadavg()[0]:.2f}; best of {RUNS} runs, one thread")
    record = {**found, "count": COUNT, "runs": RUNS, "rows": [row(length) for length in LENGTHS]}
    machine["load_after"] = os.getloadavg()
    print(f"{COUNT:,} points of the frontier of linear rules\n{table(record)}")
    if chosen.out:
        chosen.out.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
