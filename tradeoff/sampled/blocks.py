"""Counting in blocks: independent streams, one for each block, so that numbers do not depend on how work is cut.

Block i of a run draws from the i-th generator spawned from the caller's. Whether blocks are counted one after the
other, or by several processes in any order, the sum is the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tradeoff.shared.workers import Progress, pool

Counts = NDArray[np.int64]
Work = Callable[[int, np.random.Generator], Counts]
"""Draws so many samples from a generator and counts hits, one number for each question."""
Batch = tuple[list[int], list[np.random.Generator]]
"""Sizes of some blocks, with a generator for each."""


@dataclass(frozen=True)
class Done:
    """The counts of the blocks that were finished, and how many samples they hold."""

    counts: Counts
    trials: int


def run(
    work: Work,
    *,
    trials: int,
    block: int,
    rng: np.random.Generator,
    workers: int = 1,
    batch: int = 1,
    progress: Callable[[int], object] = lambda done: None,
    keep: bool = False,
) -> Done:
    """Count ``trials`` samples in blocks of ``block``.

    ``batch`` blocks go to a process at a time. With ``keep`` Ctrl-C returns what is finished, if anything is.

    Raises
    ------
    InputError
        If ``work`` cannot be sent to other processes, or one of them ends before its time.
    """
    total, done = None, 0
    batches = _batches(trials, block, rng, batch if workers > 1 else 1)
    with closing(pool(workers).finished(partial(_counted, work), batches)) as finished:
        try:
            for (sizes, _), counts in finished:
                total, samples = counts if total is None else total + counts, sum(sizes)
                done += samples
                progress(samples)
        except KeyboardInterrupt:
            if not keep or total is None:
                raise
    assert total is not None, "a run has at least one block"
    return Done(total, done)


def _batches(trials: int, block: int, rng: np.random.Generator, batch: int) -> Iterator[Batch]:
    """Blocks in their order; generators are spawned as they are needed."""
    sizes = (min(block, trials - start) for start in range(0, trials, block))
    while chunk := list(itertools.islice(sizes, batch)):
        yield chunk, rng.spawn(len(chunk))


def _counted(work: Work, batch: Batch, advance: Progress) -> Counts:
    parts = [work(size, stream) for size, stream in zip(*batch, strict=True)]
    return np.asarray(np.sum(parts, axis=0))
