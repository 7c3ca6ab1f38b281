"""What is published of the digits experiment, from records and configs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from empirical.compare import curves
from empirical.experiments.config import RunConfig
from empirical.experiments.levels import levels
from empirical.report.figures import digits as figures
from empirical.report.text import digits as words
from empirical.statistics.records import Record
from tradeoff.shared import drawing


def files(records: Sequence[Record], configs: Mapping[str, RunConfig]) -> dict[str, bytes | str]:
    """Summary and figure by file name."""
    measured = levels(records, configs)
    made: dict[str, bytes | str] = {"summary.txt": words.text(measured, configs) + "\n\n" + curves.text() + "\n"}
    return made | dict(drawing.files(figures.profiles(measured, curves.curves(), law=curves.LAW_TEXT)))
