"""How long work tells how far it is."""

import io
import threading
import time

import pytest

from tradeoff.shared.cli import waiting
from tradeoff.shared.progress import Listener, begin, note, silent


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def lines_of(total, clock):
    said = []
    return waiting.Lines(total, "work", clock=clock, say=said.append), said


def told(work, *, seconds, total):
    """The lines of work that takes so many seconds a step."""
    clock = Clock()
    progress, said = lines_of(total, clock)
    for done, took in zip(work, seconds, strict=True):
        clock.now += took
        progress(done)
    return said


def seconds_left(line):
    minutes, rest = line.split("about ")[1].removesuffix(" left").split(":")
    return 60 * int(minutes) + int(rest)


def test_a_line_now_and_then():
    """Steps of ten seconds: a line every third."""
    lines = told([1] * 12, seconds=[10] * 12, total=12)
    assert len(lines) == 4
    assert lines[0] == "work: 25 %, 0:30 so far, about 1:30 left"
    assert lines[-1] == "work: 100 %, 2:00 so far, about 0:00 left"


def test_work_that_is_done_soon_says_nothing():
    assert told([1] * 5, seconds=[5] * 5, total=5) == []


def test_a_stage_that_takes_fivefold_moves_the_time_left_and_does_not_swing_it():
    """The rate of the last steps alone would say fivefold at each change of stage."""
    seconds = [30, 30, 150, 150] * 4
    lines = told([1] * 16, seconds=seconds, total=16)
    ends = [seconds_left(line) + sum(seconds[: k + 1]) for k, line in enumerate(lines[2:-1], 2)]
    assert max(ends) / min(ends) < 2


def test_a_long_stage_is_told_by_its_name_while_it_counts_nothing():
    """Of four equal stages the first took 40 s; the second runs for 150 s: its time left runs down, and then is not
    known, where counting on would let it grow.
    """
    clock = Clock()
    progress, said = lines_of(4, clock)
    begin(progress, "net, robustness")
    clock.now = 40.0
    progress(1)
    begin(progress, "net, moves")
    for now in range(45, 195, 5):
        clock.now = float(now)
        progress.tell()
    assert said == [
        "work net, robustness: 25 %, 0:40 so far, about 2:00 left",
        "work net, moves: 25 %, 1:10 so far, about 1:30 left",
        "work net, moves: 25 %, 1:40 so far, about 1:00 left",
        "work net, moves: 25 %, 2:10 so far, about 0:30 left",
        "work net, moves: 25 %, 2:40 so far, about 0:00 left",
        "work net, moves: 25 %, 3:10 so far",
    ]


def test_before_anything_is_counted_the_stage_and_the_time_are_told():
    clock = Clock()
    progress, said = lines_of(4, clock)
    begin(progress, "net, robustness")
    clock.now = 30.0
    progress.tell()
    progress.tell()
    assert said == ["work net, robustness: 0:30 so far"]


def test_what_is_noted_stands_at_the_end():
    clock = Clock()
    progress, said = lines_of(2, clock)
    note(progress, "loss 0.5")
    clock.now = 30.0
    progress(1)
    assert said == ["work: 50 %, 0:30 so far, about 0:30 left; loss 0.5"]


def test_a_plain_function_is_told_of_no_stage():
    assert not isinstance(silent, Listener)
    begin(silent, "net, robustness")
    note(silent, "loss 0.5")


def test_without_a_total_the_time_alone_is_told():
    assert told([1], seconds=[31], total=None) == ["work: 0:31 so far"]


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (59.6, "1:00"), (3599.6, "1:00:00"), (3723, "1:02:03")])
def test_times_are_read_at_a_glance(seconds, text):
    assert waiting.short(seconds) == text


def test_where_nobody_watches_there_are_lines_and_no_control_characters(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(waiting, "EVERY", 0.0)
    with waiting.bar(4, "measuring") as advance:
        for _ in range(4):
            advance(1)
    assert stream.getvalue().splitlines()[-1].startswith("measuring: 100 %")
    assert "\r" not in stream.getvalue()


def test_the_clock_is_looked_at_while_the_work_is_silent(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(waiting, "EVERY", 0.0)
    monkeypatch.setattr(waiting, "LOOK", 0.001)
    before = threading.active_count()
    with waiting.bar(4, "measuring") as advance:
        begin(advance, "net, robustness")
        so_far = stream.getvalue()
        deadline = time.monotonic() + 10
        while stream.getvalue() == so_far and time.monotonic() < deadline:
            time.sleep(0.001)
    assert stream.getvalue().removeprefix(so_far).startswith("measuring net, robustness: 0:00 so far")
    assert threading.active_count() == before


def test_on_a_terminal_the_bar_has_the_name_of_its_stage(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setattr("sys.stderr", stream)
    with waiting.bar(4, "measuring") as advance:
        assert isinstance(advance, Listener)
        advance._shown.delay = 0
        begin(advance, "net, robustness")
        note(advance, "loss 0.5")
        advance._shown.refresh()
    assert "measuring net, robustness" in stream.getvalue()
    assert "loss 0.5" in stream.getvalue()


def test_quiet_work_is_silent():
    with waiting.bar(4, "measuring", quiet=True) as advance:
        assert advance is silent
