"""One pool for all rooms: the same answers here and by processes, few items drawn ahead, one sentence for a failure."""

import itertools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from functools import partial

import pytest

from tradeoff.shared import checks, workers

SEVERAL = pytest.mark.parametrize("count", [1, 2])


def square(number, advance):
    """A module's own function, so that other processes can be sent it."""
    advance(number)
    return number**2


def slow_first(number, advance):
    time.sleep(0.5 if number == 0 else 0)
    return os.getpid()


def failing(number, advance):
    if number == 3:
        raise checks.InputError("number=3 is refused; use another")
    time.sleep(0.01)
    return number


def vanishing(number, advance):
    os._exit(7)


@SEVERAL
def test_every_item_comes_with_its_result(count):
    found = workers.finished(square, range(9), cost=float, workers=count, advance=workers.silent)
    assert dict(found) == {number: number**2 for number in range(9)}


@SEVERAL
def test_results_in_order_whatever_is_finished_first(count):
    assert list(workers.in_order(square, range(20), workers=count)) == [number**2 for number in range(20)]


def test_a_slow_item_does_not_hold_up_the_others():
    """All but the first are done while it sleeps; in order it still comes first."""
    pool = workers.Processes(2)
    items = [item for item, _ in pool.finished(slow_first, range(12))]
    assert sorted(items) == list(range(12))
    assert items[-1] == 0
    assert len(set(workers.in_order(slow_first, range(12), workers=2))) == 2


@SEVERAL
def test_what_work_tells_adds_up_here(count):
    told = []
    list(workers.finished(square, range(9), cost=float, workers=count, advance=told.append))
    assert sum(told) == sum(range(9))


def test_of_several_workers_the_longest_work_starts_first():
    items = [item for item, _ in workers.finished(square, range(9), cost=float, workers=1, advance=workers.silent)]
    assert items == list(range(9))
    found = workers.finished(slow_first, range(9), cost=lambda item: -item, workers=2, advance=workers.silent)
    assert [item for item, _ in found][-1] != 8


@SEVERAL
def test_items_are_drawn_as_they_are_needed(count):
    """Of endless items only a few are drawn; closing ends the processes."""
    drawn = []
    endless = (drawn.append(number) or number for number in itertools.count())
    with closing(workers.pool(count).finished(square, endless)) as found:
        some = [next(found) for _ in range(6)]
    assert all(result == item**2 for item, result in some)
    assert len(drawn) <= 6 + workers.AHEAD * count * 2
    assert not multiprocessing.active_children()


@SEVERAL
def test_an_error_of_the_work_ends_all_of_it(count):
    with pytest.raises(checks.InputError, match="number=3 is refused"):
        list(workers.pool(count).finished(failing, itertools.count()))
    assert not multiprocessing.active_children()


def test_what_cannot_be_sent_is_refused_in_one_sentence():
    with pytest.raises(checks.InputError, match="workers=2 needs work that can be sent to other processes"):
        list(workers.pool(2).finished(lambda item, advance: item, [1]))
    with pytest.raises(checks.InputError, match="define its functions at the top of a module, or use workers=1"):
        list(workers.pool(2).finished(square, [lambda: 1]))


def test_a_process_that_ends_before_its_time_is_told_in_one_sentence():
    with pytest.raises(checks.InputError, match="workers=2: a process ended before its time; a script that"):
        list(workers.pool(2).finished(vanishing, range(4)))


def test_no_items_start_no_process():
    assert list(workers.pool(2).finished(square, [])) == []


class Backwards:
    """A pool of another kind: what is needed of one is the method alone."""

    def finished(self, work, items, advance=workers.silent):
        for item in reversed(list(items)):
            yield item, work(item, advance)


def test_another_engine_is_one_class(monkeypatch):
    monkeypatch.setattr(workers, "pool", lambda count: Backwards())
    assert list(workers.in_order(square, range(5), workers=8)) == [0, 1, 4, 9, 16]


SCRIPT = """
import ctypes, itertools, os, sys, time
from tradeoff.shared import workers

def sleeping(item, advance):
    open(os.path.join(sys.argv[1], str(os.getpid())), "w").close()
    SLEEP(600)

if __name__ == "__main__":
    list(workers.pool(2).finished(sleeping, itertools.count()))
"""


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()[0] == "Z"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("sleep", ["time.sleep", "ctypes.PyDLL(None).sleep"], ids=["yielding", "holding"])
def test_workers_end_with_their_parent(tmp_path, sent, sleep):
    """Killed, or interrupted from the terminal (the signal goes to all): nobody stays, and no worker says a word.

    Also where a long call keeps the interpreter, and no thread of the worker can look after the parent.
    """
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.replace("SLEEP", sleep))
    (tmp_path / "pids").mkdir()
    child = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "pids")],
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.time() + 60
    while len(pids := [int(path.name) for path in (tmp_path / "pids").iterdir()]) < 2:
        assert time.time() < deadline, "the workers did not start"
        assert child.poll() is None, child.stderr.read()
        time.sleep(0.05)
    if sent == signal.SIGKILL:
        child.kill()
    else:
        os.killpg(child.pid, sent)
    _, err = child.communicate(timeout=30)
    while not all(map(gone, pids)):
        assert time.time() < deadline, "a worker outlived its parent"
        time.sleep(0.05)
    assert err.count("Traceback") == (0 if sent == signal.SIGKILL else 1)  # the script's own, which catches nothing


def test_work_is_sent_once_and_may_hold_what_all_items_share():
    shared = partial(add, list(range(1000)))
    assert sorted(result for _, result in workers.pool(2).finished(shared, range(3))) == [499500, 499501, 499502]


def add(numbers, item, advance):
    return sum(numbers) + item
