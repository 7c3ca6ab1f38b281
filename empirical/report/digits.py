"""What is published of the digits experiment, from records and configs alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from empirical.compare import curves
from empirical.experiments.config import RunConfig
from empirical.experiments.levels import levels
from empirical.report.figures import digits as figure
from empirical.report.text import digits as words
from empirical.statistics.records import Record
from tradeoff.shared.drawing import encode


def files(records: Sequence[Record], configs: Mapping[str, RunConfig]) -> dict[str, bytes | str]:
    """Summary and figure by file name."""
    measured = levels(records, configs)
    made: dict[str, bytes | str] = {"summary.txt": words.text(measured, configs) + "\n\n" + curves.text() + "\n"}
    for kind in ("png", "svg"):
        drawn = figure.reproduce(measured, curves.curves(), data="enlarged scikit-learn digits", law=curves.LAW_TEXT)
        made[f"digits.{kind}"] = encode(drawn, kind)
    return made
