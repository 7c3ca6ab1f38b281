"""Counting in blocks: independent streams, one for each block, so that numbers do not depend on how work is cut.

Block i of a run draws from the i-th generator spawned from the caller's. Whether blocks are counted one after the
other, or by several processes in any order, the sum is the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Work = Callable[[int, np.random.Generator], Counts]
"""Draws so many samples from a generator and counts hits, one number for each question."""

AHEAD = 2
"""Batches handed to each process before its first answer."""


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
    """
    total, done = None, 0
    found = _alone(work, trials, block, rng) if workers == 1 else _shared(work, trials, block, rng, workers, batch)
    try:
        for counts, n in found:
            total, done = counts if total is None else total + counts, done + n
            progress(n)
    except KeyboardInterrupt:
        if not keep or total is None:
            raise
    finally:
        found.close()
    assert total is not None, "a run has at least one block"
    return Done(total, done)


def _sizes(trials: int, block: int) -> Iterator[int]:
    for start in range(0, trials, block):
        yield min(block, trials - start)


def _alone(work: Work, trials: int, block: int, rng: np.random.Generator) -> Generator[tuple[Counts, int]]:
    for n in _sizes(trials, block):
        yield work(n, rng.spawn(1)[0]), n


def _shared(
    work: Work, trials: int, block: int, rng: np.random.Generator, workers: int, batch: int
) -> Generator[tuple[Counts, int]]:
    """The same by several processes; their results come in the order in which they finish."""
    sizes = _sizes(trials, block)
    # Fresh processes: copies of a process with threads (NumPy's are there) can lock up.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_adopt, initargs=(work,))
    try:
        waiting: set[Future[tuple[Counts, int]]] = set()
        while True:
            while len(waiting) < AHEAD * workers and (chunk := list(itertools.islice(sizes, batch))):
                waiting.add(pool.submit(_batch, chunk, rng.spawn(len(chunk))))
            if not waiting:
                break
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_work: Work | None = None
"""What a worker process counts; set once when it starts, so that it is not sent with every batch."""


def _adopt(work: Work) -> None:
    import signal

    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C for all
    _work = work


def _batch(sizes: list[int], streams: list[np.random.Generator]) -> tuple[Counts, int]:
    assert _work is not None
    parts = [_work(n, stream) for n, stream in zip(sizes, streams, strict=True)]
    return np.sum(parts, axis=0), sum(sizes)
