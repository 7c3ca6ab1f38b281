"""Many pieces of work, done here or by worker processes: the one mechanism that every room uses.

A `Pool` answers with each item and its result as it is finished. `Inline` does the work here, `Processes` by fresh
processes of this machine; a distributed engine is one more class with the same method. What is built on it, such as
the order of results or of costs, stands beside it and holds for every pool.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from tradeoff.shared import checks
from tradeoff.shared.progress import Progress as Progress
from tradeoff.shared.progress import silent

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 2
"""Items handed to each process before it has answered: the next one is there when it is ready."""
SHOWN_EVERY = 0.5
"""Seconds between two looks at how much the processes have done."""
PR_SET_PDEATHSIG = 1
"""Of Linux: the signal that comes when the thread that started this process ends."""
PATIENCE = 5
"""Seconds that a process is given to end when told to, before it is killed."""


class Pool(Protocol):
    """Where pieces of work are done."""

    def finished(
        self, work: Callable[[Item, Progress], Result], items: Iterable[Item], advance: Progress = silent
    ) -> Generator[tuple[Item, Result]]:
        """Each item with ``work(item, advance)``, in the order in which they are finished.

        Parameters
        ----------
        work : callable
            A function of a module, or a partial of one; a pool may send it to each process once, with all that is
            bound in it. It tells ``advance`` how much it has done.
        items : iterable
            May be endless or drawn as it goes: a pool looks only a bounded number of items ahead.
        advance : callable
            Told in the caller's process what the work told its own ``advance``.

        Returns
        -------
        generator
            Closing it, or an error in one piece of work, ends all that is running and drops what waits.

        Raises
        ------
        InputError
            If work cannot be sent to where it should be done, or a process ends before its time.
        """


def pool(workers: int) -> Pool:
    """The pool of so many processes; one of them is this one."""
    return Inline() if workers == 1 else Processes(workers)


@dataclass(frozen=True)
class Inline:
    """A pool that does the work here, item by item."""

    def finished(
        self, work: Callable[[Item, Progress], Result], items: Iterable[Item], advance: Progress = silent
    ) -> Generator[tuple[Item, Result]]:
        """Each item with its result, in the order of the items; see `Pool.finished`."""
        for item in items:
            yield item, work(item, advance)


@dataclass(frozen=True)
class Processes:
    """A pool of fresh processes, which end with this one, however it ends, and never answer Ctrl-C themselves."""

    workers: int

    def finished(
        self, work: Callable[[Item, Progress], Result], items: Iterable[Item], advance: Progress = silent
    ) -> Generator[tuple[Item, Result]]:
        """Each item with its result as it is finished; see `Pool.finished`."""
        # Fresh processes: copies of a process with threads (NumPy's are there) can lock up.
        context = multiprocessing.get_context("spawn")
        done, shown, whole = context.Value("d", 0.0), 0.0, False
        start = (done, self._sendable(work), threading.current_thread() is threading.main_thread())
        executor = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_start, initargs=start)
        running: dict[Future[Result], Item] = {}
        rest = iter(items)
        try:
            while True:
                self._submit(executor, rest, running)
                if not running:
                    break
                for future in wait(running, timeout=SHOWN_EVERY, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
                advance(done.value - shown)
                shown = done.value
            whole = True
        except BrokenProcessPool:
            raise checks.InputError(
                f"workers={self.workers}: a process ended before its time; a script that works with several needs "
                "`if __name__ == '__main__':` around its work, and enough memory for all; or use workers=1"
            ) from None
        finally:
            _end(executor, whole=whole)

    def _submit(self, executor: ProcessPoolExecutor, items: Iterator[Item], running: dict[Future[Any], Item]) -> None:
        """Hand out items until every process has its next one."""
        while len(running) < AHEAD * self.workers:
            try:
                item = next(items)
            except StopIteration:
                return
            sent = self._sendable(item)
            with _deaf_to_interrupts():  # a process started here is, too, from its first instruction on
                running[executor.submit(_in_worker, sent)] = item

    def _sendable(self, content: object) -> bytes:
        try:
            return pickle.dumps(content)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise checks.InputError(
                f"workers={self.workers} needs work that can be sent to other processes ({error}); define its "
                "functions at the top of a module, or use workers=1"
            ) from None


def finished(
    work: Callable[[Item, Progress], Result],
    items: Sequence[Item],
    *,
    cost: Callable[[Item], float],
    workers: int,
    advance: Progress,
) -> Generator[tuple[Item, Result]]:
    """Each item with ``work(item, advance)`` as it is finished; of several workers the longest work starts first.

    ``work`` must be a function of a module (or a partial of one), and tells ``advance`` how much it has done, in the
    unit of ``cost``. With one worker all is done here, in order.
    """
    ordered = items if workers == 1 else sorted(items, key=lambda item: -cost(item))
    return pool(workers).finished(work, ordered, advance)


def in_order(
    work: Callable[[Item, Progress], Result], items: Iterable[Item], *, workers: int, advance: Progress = silent
) -> Generator[Result]:
    """The result of each item in the order of the items, whichever is finished first."""
    early: dict[int, Result] = {}
    turn = 0
    with closing(pool(workers).finished(partial(_numbered, work), enumerate(items), advance)) as results:
        for (number, _), result in results:
            early[number] = result
            while turn in early:
                yield early.pop(turn)
                turn += 1


def _numbered(work: Callable[[Item, Progress], Result], numbered: tuple[int, Item], advance: Progress) -> Result:
    return work(numbered[1], advance)


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


def _end(executor: ProcessPoolExecutor, *, whole: bool) -> None:
    """Close the executor; unless its work is whole, what its processes are at is not wanted any more."""
    with _deaf_to_interrupts():
        processes = list((executor._processes or {}).values())
        executor.shutdown(wait=whole, cancel_futures=True)
        if whole:
            return
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(PATIENCE)
            if process.is_alive():
                process.kill()


_done: Any = None
"""In a worker: the work done by all workers, shared with the process that shows the bar."""
_work: Callable[[Any, Progress], Any] | None = None
"""In a worker: what it does with each item; sent once, when it starts."""


def _start(done: Any, work: bytes, lasting: bool) -> None:
    """Make a process ready: it leaves Ctrl-C to its parent, ends when the parent does, and knows its work.

    ``lasting``: whether the thread that starts processes lasts as long as the parent does.
    """
    global _done, _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if lasting:
        _killed_with_parent()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _done, _work = done, pickle.loads(work)


def _killed_with_parent() -> None:
    """Linux kills this process in the moment in which its parent ends, whatever it is at: also inside long calls, where
    a thread that watches waits for its turn.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _die_with_parent() -> None:
    """A killed parent leaves nobody behind that goes on writing, nor does one that went before this process asked."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "workers are started by a parent"
    parent.join()
    os._exit(1)


def _in_worker(item: bytes) -> Any:
    assert _work is not None, "a worker is started with its work"
    return _work(pickle.loads(item), _advance)


def _advance(amount: float) -> None:
    with _done.get_lock():
        _done.value += amount
