import time

from tradeoff.shared import machine


def test_no_work_takes_negative_time_when_the_clock_is_set_back(monkeypatch):
    watch = machine.Stopwatch()
    began = watch.started
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert watch.seconds >= 0
    assert watch.started == began
