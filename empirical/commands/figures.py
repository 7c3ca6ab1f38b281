"""``python -m empirical figures``: pictures of conventions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from empirical.commands import PROGRAM, front_option
from tradeoff.shared import cli, storage
from tradeoff.shared.cli import Command, one_of
from tradeoff.shared.names import shown
from tradeoff.shared.registry import Registry

DESCRIPTION = """\
Draws a convention as PNG; rotation: which way images turn, shown on a digit of MNIST where its folder is there, else
on one of the enlarged 8 x 8 digits, which fill their frame, so that their corners are cut off."""
FIGURES = Registry({"rotation": "empirical.report.figures.rotation:rotation_convention"})


@dataclass(frozen=True)
class FigureOptions:
    """Which figure, and where it goes."""

    figure: str = front_option(
        one_of(FIGURES), "the figure", metavar="FIGURE", missing=f"use one of {', '.join(FIGURES)}"
    )
    out: str = cli.out_option("the figure", "runs")
    quiet: bool = cli.quiet_option()


def _figure(given: dict[str, Any]) -> int:
    """Draw the figure that is named in front of the flags."""
    options = FigureOptions(**given)
    from tradeoff.shared import drawing

    folder = storage.output_folder("out", options.out)
    path = folder / f"{options.figure}.png"
    storage.write_atomic(path, drawing.encode(FIGURES[options.figure](), "png"))
    cli.mention(f"Written: {shown(path)}")
    return 0


COMMAND = Command(f"{PROGRAM} figures", DESCRIPTION, (FigureOptions,), _figure)
