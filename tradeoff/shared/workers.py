"""Many pieces of work in worker processes that end when their parent does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import Any, TypeVar

Progress = Callable[[float], object]
Item = TypeVar("Item")
Result = TypeVar("Result")


def finished(
    work: Callable[[Item, Progress], Result],
    items: Sequence[Item],
    *,
    cost: Callable[[Item], float],
    workers: int,
    advance: Progress,
) -> Iterator[tuple[Item, Result]]:
    """Each item with ``work(item, advance)`` as it is finished; of several workers the longest work starts first.

    ``work`` must be a function of a module (or a partial of one), and tells ``advance`` how much it has done, in the
    unit of ``cost``. With one worker all is done here, in order.
    """
    if workers == 1 or not items:
        for item in items:
            yield item, work(item, advance)
        return
    context = multiprocessing.get_context("spawn")
    done, shown = context.Value("d", 0.0), 0.0
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(done,)) as pool:
        ordered = sorted(items, key=lambda item: -cost(item))
        running: dict[Future[Result], Item] = {pool.submit(_in_worker, work, item): item for item in ordered}
        try:
            while running:
                for future in wait(running, timeout=0.5, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
                advance(done.value - shown)
                shown = done.value
        except BaseException:
            # Without this an interrupted or failed sweep would go on training until its queue is empty.
            pool.shutdown(wait=False, cancel_futures=True)
            children = set(multiprocessing.active_children()) - others
            for child in children:
                child.terminate()
            for child in children:
                child.join()
            raise


_done: Any = None
"""In a worker: the work done by all workers, shared with the process that shows the bar."""


def _start(done: Any) -> None:
    """Share the counter, and end when the parent does: a killed parent must not leave workers that go on writing."""
    global _done
    _done = done
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer, in one sentence
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def _in_worker(work: Callable[[Item, Progress], Result], item: Item) -> Result:
    def advance(amount: float) -> None:
        with _done.get_lock():
            _done.value += amount

    return work(item, advance)
