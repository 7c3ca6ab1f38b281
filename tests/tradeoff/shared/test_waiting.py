"""How long work tells how far it is."""

import io

import pytest

from tradeoff.shared.cli import waiting
from tradeoff.shared.progress import silent


def told(work, *, seconds, total):
    """The lines of work that takes so many seconds a step."""
    now, lines = [0.0], []
    progress = waiting.Lines(total, "work", clock=lambda: now[0], say=lines.append)
    for done, took in zip(work, seconds, strict=True):
        now[0] += took
        progress(done)
    return lines


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
    left = [line.split("about ")[1].removesuffix(" left").split(":") for line in lines]
    ends = [60 * int(minutes) + int(rest) + sum(seconds[: k + 1]) for k, (minutes, rest) in enumerate(left[2:-1], 2)]
    assert max(ends) / min(ends) < 2


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


def test_quiet_work_is_silent():
    with waiting.bar(4, "measuring", quiet=True) as advance:
        assert advance is silent
