"""What is published of the digits experiment, from records and configs alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from empirical.compare import curves
from empirical.experiments.config import RunConfig
from empirical.experiments.levels import levels
from empirical.report.figures import digits as figures
from empirical.report.text import digits as words
from empirical.statistics.records import Record
from tradeoff.shared import cli, drawing
from tradeoff.shared.result_files import Content


def text(records: Sequence[Record], configs: Mapping[str, RunConfig]) -> str:
    """The summary, its sentences unbroken."""
    return words.text(levels(records, configs), configs) + "\n\n" + curves.text() + "\n"


def files(
    records: Sequence[Record], configs: Mapping[str, RunConfig], *, drawn: bool = True
) -> Iterator[tuple[str, Content]]:
    """Summary and (unless not ``drawn``) figure by file name, each when it is made."""
    yield "summary.txt", cli.fitted(text(records, configs), cli.PAGE)
    if drawn:
        yield from drawing.files(figures.profiles(levels(records, configs), curves.curves(), law=curves.LAW_TEXT))
