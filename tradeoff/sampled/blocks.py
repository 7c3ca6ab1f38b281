"""Counting in blocks: independent streams, one for each block, so that numbers do not depend on how work is cut.

Block i of a run draws from the i-th generator spawned from the caller's. Whether blocks are counted one after the
other, or by several processes in any order, the sum is the same.
"""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess

import numpy as np
from numpy.typing import NDArray

from tradeoff.shared import checks

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
    try:
        pickle.dumps(work)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise checks.InputError(
            f"workers={workers} needs rules that can be sent to other processes ({error}); define their functions at "
            "the top of a module, or use workers=1"
        ) from None
    sizes = _sizes(trials, block)
    # Fresh processes: copies of a process with threads (NumPy's are there) can lock up.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_adopt, initargs=(work,))
    finished = False
    try:
        waiting: set[Future[tuple[Counts, int]]] = set()
        while True:
            while len(waiting) < AHEAD * workers and (chunk := list(itertools.islice(sizes, batch))):
                with _deaf_to_interrupts():  # a process started here is, too, from its first instruction on
                    waiting.add(pool.submit(_batch, chunk, rng.spawn(len(chunk))))
            if not waiting:
                break
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in ready)
        finished = True
    except BrokenProcessPool:
        raise checks.InputError(
            f"workers={workers}: a process ended before its time; a script that samples with several needs "
            "`if __name__ == '__main__':` around its work, or use workers=1"
        ) from None
    finally:
        with _deaf_to_interrupts():
            processes = list((pool._processes or {}).values())
            pool.shutdown(wait=finished, cancel_futures=True)
            if not finished:  # what they are at is not wanted any more
                for process in processes:
                    process.terminate()
                for process in processes:
                    process.join(5)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C waits until the block is done; processes that are started inherit that it never comes."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_work: Work | None = None
"""What a worker process counts; set once when it starts, so that it is not sent with every batch."""


def _adopt(work: Work) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C for all
    parent = parent_process()
    assert parent is not None, "workers are started by a parent"
    threading.Thread(target=_die_with, args=(parent,), daemon=True).start()
    _work = work


def _die_with(parent: BaseProcess) -> None:
    """A killed parent leaves nobody behind."""
    parent.join()
    os._exit(1)


def _batch(sizes: list[int], streams: list[np.random.Generator]) -> tuple[Counts, int]:
    assert _work is not None
    parts = [_work(n, stream) for n, stream in zip(sizes, streams, strict=True)]
    return np.sum(parts, axis=0), sum(sizes)
