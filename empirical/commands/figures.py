"""``python -m empirical figures``: pictures of conventions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from empirical.commands import PROGRAM, named
from tradeoff.shared import cli, storage
from tradeoff.shared.cli import option, place
from tradeoff.shared.names import shown


@dataclass(frozen=True)
class FigureOptions:
    """Where a figure goes."""

    out: str = option(place, "folder for the figure (default: runs)", metavar="DIR", default="runs")


def main(arguments: Sequence[str]) -> int:
    """Draw the figure that is named in front of the flags."""
    name, rest = named(arguments, "figure", ["rotation"])
    made = cli.parser(f"{PROGRAM} figures {name}", "Draws the rotation convention as PNG.", FigureOptions)
    options = FigureOptions(**cli.read(made, rest, FigureOptions)[0])
    from empirical.report.figures.rotation import rotation_convention
    from tradeoff.shared import drawing

    folder = storage.output_folder("out", options.out)
    storage.write_atomic(folder / "rotation.png", drawing.encode(rotation_convention(), "png"))
    print(f"Written: {shown(folder / 'rotation.png')}")
    return 0
