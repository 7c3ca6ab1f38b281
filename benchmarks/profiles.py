"""Robustness profiles beside other libraries: ``python benchmarks/profiles.py [--quick] [--out FILE.json]``.

Ten networks (`profile_networks`) are attacked at eleven eps by our quick schedule, with gradients in bfloat16 and in
float32, and by its peers (`peers`): torchattacks and foolbox with PGD-40 at every eps, as their users write it; the
minimum-norm attack FMN of foolbox with 40 steps, with 1,000, and with as many gradients as ours took; APGD-100 and,
where it is installed, AutoAttack, made minimum-norm attacks by a bisection for each image. Networks of others are read
from ``--weights``, CIFAR-10 from the folder named in TRADEOFF_DATA; what is missing is left out, and the record says
why.

Optimality is the share that a side takes of the area between clean accuracy and the envelope of all sides. Gradients
are counted: their number is the same every time. All sides run in one go, on one thread; ours before, between and after
the others. Times are those of the processor, and not of the clock, so that other work on the machine is not counted.

The script fails if ours takes more than .16 (standard network) or .20 (robust network) of the plain count, images x
steps x eps, or more than 100 gradients an image anywhere; if its adversarial accuracy is above that of another's PGD at
any eps of these two; or if a PGD has a higher optimality anywhere. It says, and does not fail, where a goal is missed:
optimality of .98, and above every peer with no more gradients.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from machine import surroundings
from peers import BATCH, BATCHES, STEPS, Found, optimality, sides
from profile_networks import NETWORKS, Case, Places, case

from empirical.compute.forward import predict
from tradeoff.shared import checks, storage

PLAIN = {"standard": 0.16, "robust": 0.20}
"""The most of the plain count of gradients that ours may take."""
GRADIENTS, OPTIMALITY = 100, 0.98
"""The most gradients an image, and the least share of the envelope."""
OURS, PGD = "ours", ("torchattacks", "foolbox")
"""How names of sides begin."""
WARM = 8
"""Images that other sides attack outside the clock."""


def measure(given: Case) -> dict[str, Any]:
    """Rows of all sides, and what they share."""
    of_ours = {name: side for name, side in sides(given)[0].items() if name.startswith(OURS)}
    warm_up(given)
    found: dict[str, Found] = {}
    seconds: dict[str, list[float]] = {}

    def turn(chosen: dict[str, Any]) -> None:
        for name, side in chosen.items():
            start = time.process_time()
            found[name] = side()
            seconds.setdefault(name, []).append(time.process_time() - start)

    turn(of_ours)
    as_many = math.ceil(max(one.gradients for one in found.values()) / len(given.data))
    every, left_out = sides(given, gradients=as_many)
    others = [(name, side) for name, side in every.items() if name not in of_ours]
    for some in (others[: len(others) // 2], others[len(others) // 2 :]):
        turn(dict(some))
        turn(of_ours)
    clean = int((predict(given.model, given.data.images) == given.data.labels).sum())
    tables = {name: one.standing for name, one in found.items()}
    shares, plain = optimality(tables, given.eps, clean), len(given.data) * STEPS * len(given.eps)
    rows = [
        {
            "side": name,
            "standing": one.standing.sum(0).tolist(),
            "images": len(given.data),
            "runs": seconds[name],
            "seconds": sum(seconds[name]) / len(seconds[name]),
            "evaluations": one.gradients,
            "of_plain": one.gradients / plain,
            "optimality": shares[name],
        }
        for name, one in found.items()
    ]
    envelope = torch.stack(list(tables.values())).all(0).sum(0).tolist()
    return {"rows": rows, "about": {"eps": given.eps, "clean": clean, "envelope": envelope, "left_out": left_out}}


def warm_up(given: Case) -> None:
    """Outside the clock: first calls load kernels."""
    for name in sides(given, gradients=1)[0]:
        images = BATCHES.get(name, BATCH) if name.startswith(OURS) else WARM
        few = Case(given.model, given.data.take(torch.arange(min(images, len(given.data)))), given.eps[:1])
        sides(few, gradients=1)[0][name]()


def failures(record: dict[str, Any]) -> list[str]:
    """What does not hold of what is asserted."""
    return [
        f"{network}, {row['side']}: {wrong}"
        for network, row, rows in _of_ours(record)
        for wrong in [*_cost(network, row), *_weaker_at(network, row, rows, record), *_below(row, rows, _is_pgd)]
    ]


def missed(record: dict[str, Any]) -> list[str]:
    """Which goals are not reached."""
    said = []
    for network, row, rows in _of_ours(record):
        short = row.get("optimality", 1.0) < OPTIMALITY
        wrong = [f"optimality {row['optimality']:.3f}, below {OPTIMALITY}"] if short else []
        said += [f"{network}, {row['side']}: {one}" for one in [*wrong, *_below(row, rows, _is_as_cheap)]]
    return said


def _of_ours(record: dict[str, Any]) -> list[tuple[str, dict[str, Any], list[dict[str, Any]]]]:
    """(network, row of ours, all rows of the network)."""
    return [
        (network, row, rows)
        for network, rows in record["networks"].items()
        for row in rows
        if row["side"].startswith(OURS)
    ]


def _is_pgd(row: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(other["side"].startswith(PGD))


def _is_as_cheap(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a peer takes no more gradients; its steps are whole."""
    return bool(other["evaluations"] <= math.ceil(row["evaluations"] / row["images"]) * row["images"])


def _cost(network: str, row: dict[str, Any]) -> list[str]:
    wrong = []
    if row["of_plain"] > PLAIN.get(network, math.inf):
        wrong.append(f"{row['of_plain']:.4f} of the plain count, more than {PLAIN[network]}")
    if row["evaluations"] > GRADIENTS * row["images"]:
        wrong.append(f"{row['evaluations'] / row['images']:.1f} gradients an image, more than {GRADIENTS}")
    return wrong


def _weaker_at(network: str, row: dict[str, Any], rows: list[dict[str, Any]], record: dict[str, Any]) -> list[str]:
    """Where another's PGD leaves fewer images."""
    wrong = []
    eps = record.get("about", {}).get(network, record)["eps"]
    for other in (other for other in rows if other["side"].startswith(PGD) and network in PLAIN):
        above = [at for at, a, b in zip(eps, row["standing"], other["standing"], strict=True) if a > b]
        if above:
            wrong.append(f"weaker than {other['side']} at eps {above}")
    return wrong


def _below(row: dict[str, Any], rows: list[dict[str, Any]], of: Callable[[Any, Any], bool]) -> list[str]:
    """Which of the others have a higher optimality, where it is on record."""
    return [
        f"optimality {row['optimality']:.3f}, below {other['optimality']:.3f} of {other['side']}"
        for other in rows
        if "optimality" in row and not other["side"].startswith(OURS) and of(row, other)
        if other["optimality"] > row["optimality"]
    ]


def table(record: dict[str, Any]) -> str:
    """The record as docs/reference/benchmarks.md shows it."""
    columns = {
        "network": lambda network, row, fastest: network,
        "side": lambda network, row, fastest: row["side"],
        "gradients an image": lambda network, row, fastest: f"{row['evaluations'] / row['images']:.0f}",
        "gradients, of plain": lambda network, row, fastest: f"{row['of_plain']:.3f}",
        "CPU s": lambda network, row, fastest: f"{row['seconds']:.1f}",
        "ratio of CPU time": lambda network, row, fastest: f"{row['seconds'] / fastest:.1f}",
        "optimality": lambda network, row, fastest: f"{row['optimality']:.3f}",
        "adversarial accuracy, in 1/1000": lambda network, row, fastest: " ".join(
            f"{1000 * count / row['images']:.0f}" for count in row["standing"]
        ),
    }
    every = [(network, row, rows[0]["seconds"]) for network, rows in record["networks"].items() for row in rows]
    if not all("optimality" in row for _, row, _ in every):  # a record of before there were minimum-norm peers
        del columns["gradients an image"], columns["optimality"]
    lines = [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    lines += [f"| {' | '.join(cell(*one) for cell in columns.values())} |" for one in every]
    return "\n".join(lines)


def keep(record: dict[str, Any], path: Path | None) -> None:
    """What was measured so far: a run takes long."""
    if path is not None:
        storage.write_atomic(path, json.dumps(record, indent=1) + "\n")


def main() -> int:
    """Train or load, measure, print, write; 1 if something asserted does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="50 images of each network")
    parser.add_argument("--images", type=int, help="so many images of each network, at most")
    parser.add_argument("--only", nargs="+", choices=NETWORKS, default=list(NETWORKS), help="some networks")
    parser.add_argument("--networks", type=Path, default=Path("runs/benchmark-networks"), help="where ours are kept")
    parser.add_argument("--weights", type=Path, help="the folder of the networks that others published")
    parser.add_argument("--out", type=Path, help="write everything as JSON, after each network; those there stay")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    record: dict[str, Any] = {**surroundings(("torch", "foolbox", "torchattacks", "autoattack"))}
    record |= {"networks": {}, "about": {}, "left_out": {}}
    if chosen.out and chosen.out.exists() and len(chosen.only) < len(NETWORKS):
        record = json.loads(chosen.out.read_text()) | {key: record[key] for key in ("machine", "versions")}
    places, most = Places(chosen.networks, chosen.weights), 50 if chosen.quick else chosen.images
    load = record["machine"]["load"][0]
    print(f"PGD-{STEPS} and its peers; one thread; load {load:.2f}; {record['versions']}", flush=True)
    for name in chosen.only:
        try:
            given = case(name, places, most)
        except (checks.InputError, OSError) as error:
            record["left_out"][name] = str(error)
            print(f"\n{name} is left out: {error}")
            continue
        measured = measure(given)
        record["left_out"].pop(name, None)
        record["networks"][name], record["about"][name] = measured["rows"], measured["about"]
        record["load_after"] = os.getloadavg()
        print(f"\n{table({'networks': {name: measured['rows']}})}", flush=True)
        for side, reason in measured["about"]["left_out"].items():
            print(f"{side} is left out: {reason}")
        keep(record, chosen.out)
    keep(record, chosen.out)
    wrong = failures(record)
    print("\n".join(["", *wrong]) if wrong else "\nHolds: gradient counts, and no PGD is stronger at any eps.")
    print("\n".join(["Goals that are missed:", *missed(record)]) if missed(record) else "All goals are reached.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
