"""How fast sampling is, both sides in one go: ``python benchmarks/sampling.py [--quick] [--out FILE.json]``.

"naive" is what anyone would write: full vectors by NumPy, an actual shift, the rule written out. "ours" is
`tradeoff.sampled.montecarlo`. The floor of a path is its generator alone: the compiled loop that draws NumPy's normals,
on as many variates as the path needs. Ratios are of times for the same number of samples, one process, load and losses
shown.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import surroundings

from tradeoff.codes import families, finite_fields
from tradeoff.codes.word import cyclic_word
from tradeoff.exact import accuracy
from tradeoff.model import normal_variates, rules
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
from tradeoff.sampled import montecarlo, smooth_path

SECONDS = 1.0
"""A measurement repeats until it has taken this long, and the best of three counts."""


def law(length: int, shifts: int) -> CyclicGaussian:
    """The Golay word for K = 4 and 8, an m-sequence for K = d."""
    if shifts == length:
        return CyclicGaussian(cyclic_word(finite_fields.m_sequence(length, 1), 1), p=0.7)
    step = length // shifts
    return CyclicGaussian(cyclic_word(families.golay_quarter(length, step), step), p=0.7)


def rate(work: Callable[[int], object], n: int) -> float:
    """Samples a second: the best of three timings of at least SECONDS / 3."""
    work(n)
    best = 0.0
    for _ in range(3):
        done, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < SECONDS / 3:
            work(n)
            done += n
        best = max(best, done / passed)
    return best


def naive(dist: CyclicGaussian, rng: np.random.Generator, *, moved: bool) -> Callable[[int], int]:
    """Spatial accuracy of g_K, or standard accuracy of f*, the straightforward way, 4 million numbers at a time."""
    word, s, odds, d = dist.word, dist.signal, dist.log_odds, dist.word.length
    orbit = np.array([np.roll(word.unit, -j * (d // word.shifts)) for j in range(word.shifts)]) if moved else None

    def work(n: int) -> int:
        y = np.where(rng.random(n) < 0.5, 1.0, -1.0)
        x0 = np.where(rng.random(n) < dist.p, y, -y)
        x = rng.standard_normal((n, d)) + s * y[:, None] * word.unit
        if orbit is None:
            return int((np.where(x @ word.unit + odds / (2 * s) * x0 >= 0, 1, -1) == y).sum())
        j = rng.integers(word.shifts, size=n) * (d // word.shifts)
        x = np.take_along_axis(x, (np.arange(d) + j[:, None]) % d, axis=1)
        z = s * x @ orbit.T
        score = np.log(np.exp(z).sum(axis=1)) - np.log(np.exp(-z).sum(axis=1)) + odds * x0
        return int((np.where(score >= 0, 1, -1) == y).sum())

    return work


def by_torch(dist: CyclicGaussian) -> Callable[[int], int] | None:
    """Standard accuracy of f* the straightforward way in torch, float32, one thread."""
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    mean = torch.tensor(dist.word.unit, dtype=torch.float32)

    def work(n: int) -> int:
        y = torch.where(torch.rand(n) < 0.5, 1.0, -1.0)
        x0 = torch.where(torch.rand(n) < dist.p, y, -y)
        x = torch.randn(n, dist.word.length) + dist.signal * y[:, None] * mean
        score = x @ mean + dist.log_odds / (2 * dist.signal) * x0
        return int((torch.where(score >= 0, 1.0, -1.0) == y).sum())

    return work


def bare(numbers: int) -> Callable[[int], object]:
    """The generator alone: ``numbers`` compiled normal variates a sample, a cache-sized piece at a time."""
    rng, piece = np.random.default_rng(1), 1 << 15

    def work(n: int) -> None:
        for _ in range(max(1, n * numbers // piece)):
            normal_variates.standard(rng, (piece,), compiled=True)

    return work


def ours(question: Question, dist: CyclicGaussian, path: montecarlo.Path) -> Callable[[int], object]:
    """The tally of one question, with compiled draws as in any long run."""
    rng = np.random.default_rng(2)
    return lambda n: montecarlo.tally([question], dist, trials=n, rng=rng, path=path)


def orbit_rows(quick: bool) -> list[dict[str, float | str]]:
    """Spatial accuracy of g_K on the orbit path against full vectors."""
    rows: list[dict[str, float | str]] = []
    lengths = (64, 256, 1024, 4096, 16384)
    cases = [(d, k) for k in (4, 8) for d in lengths] + [(d - 1, d - 1) for d in (lengths[:3] if quick else lengths)]
    for d, k in cases:
        dist = law(d, k)
        question = Question("spatial", rules.augmented(dist))
        plain = rate(naive(dist, np.random.default_rng(0), moved=True), max(1, (1 << 20 if k == d else 1 << 22) // d))
        fast = rate(ours(question, dist, "orbit"), max(200, 4_000_000 // k))
        floor = rate(bare(k), max(1000, 4_000_000 // k))
        rows.append({"K": str(k) if k < d else "d", "d": d, "naive": plain, "ours": fast, "floor": floor})
    return rows


def vector_rows() -> list[dict[str, float | str]]:
    """Standard accuracy of f* on full vectors against NumPy, torch and the bare generator."""
    rows: list[dict[str, float | str]] = []
    for d in (64, 256, 1024, 4096, 16384):
        dist, n = law(d, 4), max(1, (1 << 23) // d)
        question = Question("standard", rules.bayes(dist))
        torch_side = by_torch(dist)
        rows.append(
            {
                "d": d,
                "naive": rate(naive(dist, np.random.default_rng(0), moved=False), n // 2),
                "torch": rate(torch_side, n // 2) if torch_side else 0.0,
                "ours": rate(ours(question, dist, "vectors"), n),
                "floor": rate(bare(d), n),
            }
        )
    return rows


def smooth_row() -> dict[str, float]:
    """Variance times time of the spatial accuracy of g_8 at d = 1,024: Sobol points against naive sampling."""
    dist = law(1024, 8)
    question = Question("spatial", rules.augmented(dist))
    value = accuracy.ends(accuracy.spatial(question.rule, dist)).low
    plain = value * (1 - value) / rate(naive(dist, np.random.default_rng(0), moved=True), 4096)  # variance x seconds
    errors, start, repeats = [], time.perf_counter(), 20
    for seed in range(repeats):
        found = smooth_path.estimate(question, dist, trials=16 * 4096, rng=np.random.default_rng(seed))
        errors.append(found.error / 4)
    seconds = (time.perf_counter() - start) / repeats
    variance = float(np.mean(np.square(errors)))
    return {"naive": plain, "ours": variance * seconds, "seconds": seconds, "standard_error": variance**0.5}


def exact_row() -> dict[str, float]:
    """Spatial accuracy of f* at all d shifts, from the text of the word on."""
    found = {}
    for d in (1023, 16383):
        text = law(d, d).word.text

        def from_the_word(text: str = text) -> None:
            dist = CyclicGaussian(cyclic_word(text, 1), p=0.7)  # new each time: nothing is kept from the last
            accuracy.spatial(rules.bayes(dist), dist)

        found[str(d)] = min(_timed(from_the_word) for _ in range(200))
    return {**found, "ratio": found["16383"] / found["1023"]}


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


MEMORY = """
import numpy as np
from tradeoff.codes import families
from tradeoff.model import normal_variates, rules
from tradeoff.sampled import montecarlo, smooth_path
from tradeoff.codes.word import cyclic_word
from tradeoff.model.law import CyclicGaussian
from tradeoff.model.question import Question
dist = CyclicGaussian(cyclic_word(families.golay_quarter(16384, 4096), 4096), p=0.7)
rule = rules.{rule}(dist)
montecarlo.spatial(rule, dist, trials=10, rng=np.random.default_rng(0), path={path!r})
peak = lambda: next(l.split()[1] for l in open("/proc/self/status") if l.startswith("VmHWM"))
before = peak()
montecarlo.spatial(rule, dist, trials={trials}, rng=np.random.default_rng(0), path={path!r})
print(before, peak())
"""


def memory_rows() -> list[dict[str, float | str]]:
    """Peak memory in MB of a process that samples at d = 16,384: after its first ten samples, and after many."""
    rows: list[dict[str, float | str]] = []
    for path, rule, trials in (("orbit", "augmented", 3_000_000), ("vectors", "bayes", 5_000)):
        code = MEMORY.format(path=path, rule=rule, trials=trials)
        seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        rows.append({"path": path, "start": int(seen[0]) / 1024, "peak": int(seen[1]) / 1024})
    return rows


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="leave out the longest orbits")
    parser.add_argument("--out", type=Path, help="also write everything as JSON")
    chosen = parser.parse_args()
    normal_variates.PAYS = 1  # compiled draws throughout: what a long run has
    found = surroundings(("numpy", "scipy"))
    machine = found["machine"]
    print(f"{machine['cpu']}, NumPy {np.__version__}, load {machine['load'][0]:.2f}; millions of samples a second")
    columns = f"{'naive':>9} {'ours':>9} {'ratio':>9} {'of floor':>9}"
    orbit, vectors = orbit_rows(chosen.quick), vector_rows()
    print(f"\nSpatial accuracy of g_K, orbit path\n{'K':>4} {'d':>6} {columns}")
    for row in orbit:
        print(f"{row['K']:>4} {row['d']:>6} {_cells(row)}")
    print(f"\nStandard accuracy of f*, full vectors\n{'d':>6} {columns} {'torch':>9}")
    for row in vectors:
        print(f"{row['d']:>6} {_cells(row)} {float(row['torch']) / 1e6:9.4f}")
    smooth, exact, memory = smooth_row(), exact_row(), memory_rows()
    print(
        f"\ng_8 at d = 1,024, Sobol points: standard error {smooth['standard_error']:.1e} in {smooth['seconds']:.3f} s"
    )
    print(f"variance x time {smooth['naive'] / smooth['ours']:,.0f} times better than naive sampling")
    print(
        f"f* at all d shifts, exactly: {exact['16383'] * 1e3:.3f} ms at d = 16,383, {exact['1023'] * 1e3:.3f} at 1,023"
    )
    for row in memory:
        after = f"{row['start']:.0f} MB after ten samples, {row['peak']:.0f} MB after a long run"
        print(f"peak memory, {row['path']} path at d = 16,384: {after}")
    machine["load_after"] = os.getloadavg()
    print(f"load afterwards {os.getloadavg()[0]:.2f}")
    if chosen.out:
        result = {**found, "orbit": orbit, "vectors": vectors}
        chosen.out.write_text(
            json.dumps({**result, "smooth": smooth, "exact": exact, "memory": memory}, indent=1) + "\n"
        )


def table(result: dict[str, object]) -> str:
    """The record as docs/reference/benchmarks.md shows it."""
    lines = ["| what | K | d | naive | ours | ratio | of the floor |", "|---|---|---|---|---|---|---|"]
    for what, rows in (("g_K on moved data, orbit path", result["orbit"]), ("f*, full vectors", result["vectors"])):
        assert isinstance(rows, list)
        for row in rows:
            mine, floor = row["ours"] / row["naive"], row["ours"] / row["floor"]
            rates = (
                f"{row['naive'] / 1e6:.4f} | {row['ours'] / 1e6:.4f} | {mine:.{0 if mine >= 20 else 1}f} | {floor:.2f}"
            )
            lines.append(f"| {what} | {row.get('K', '')} | {row['d']} | {rates} |")
    return "\n".join(lines)


def _cells(row: dict[str, float | str]) -> str:
    naive_rate, our_rate, floor = (float(row[name]) for name in ("naive", "ours", "floor"))
    return f"{naive_rate / 1e6:9.4f} {our_rate / 1e6:9.4f} {our_rate / naive_rate:9.2f} {our_rate / floor:9.2f}"


if __name__ == "__main__":
    main()
