"""``python -m tradeoff.gallery``: the gallery page, each figure with the command that makes it and how to read it.

Numbers -> file -> picture: the numbers of a figure are written beside it, and the picture is drawn from that file.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradeoff import simulate
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import INPUT, Command, one_of, option
from tradeoff.shared.names import shown
from tradeoff.simulation.options import RunOptions, resolve
from tradeoff.simulation.run import PROGRAM as SIMULATE
from tradeoff.simulation.run import sheet
from tradeoff.simulation.scenario import Scenario

PROGRAM = "python -m tradeoff.gallery"
DESCRIPTION = """\
Makes the gallery of the theory's figures again: OUT/gallery.md, and for each figure OUT/gallery/NAME.svg with its
numbers in OUT/gallery/NAME.jsonl. The same versions make the same bytes again on the same machine; another processor
rounds otherwise, and finds each number within the error that its curve states."""
FOLDER = "gallery"


@dataclass(frozen=True)
class Entry:
    """A figure of the gallery: which one it is, the arguments of `tradeoff.simulate`, a heading, and how to read it."""

    figure: str
    arguments: str
    heading: str
    reading: str


ENTRIES: dict[str, Entry] = {
    "words": Entry(
        "words",
        "",
        "A word and its correlations",
        """Left: the word, one row for each step, so that a move shifts the rows up by one and a column is what one
orbit of coordinates shows. Right: its correlation with every shift of itself; the dots are the lags that the group
has. Proposition 1 asks that they lie at or below the dashed line; here they lie on it.""",
    ),
    "images": Entry(
        "images",
        "--image 17",
        "The law as images",
        """The same law on 17 x 17 pixels, where a move is an exact quarter turn about the centre pixel, which is x_0.
In reading order: the word, the word after one move, one sample, and the mean of two hundred samples times their labels.
Single samples show nothing to the eye, and still the Bayes rule is right on .98 of them.""",
    ),
    "radii": Entry(
        "radii",
        "",
        "Rules under attack",
        """Each rule against the radius of the attack; the signal s = 2 is the natural unit, as at a = s the attack
can hide the class means. The grey region is closed to every rule. sign(x_0) is flat: its 1 - fooling rate is perfect
whatever its accuracy is, which is why accuracy stands beside.""",
    ),
    "augmentation": Entry(
        "augmentation",
        "",
        "Direction 1: augmentation over a growing range",
        """From no moves (f*) to the whole group (g_K) the rules become more invariant and more accurate on moved
data, and they lose robustness at every radius shown: for this law the claim of Kamath et al. holds. On moved and
attacked data the augmented rules win.""",
    ),
    "augmentation-reversed": Entry(
        "augmentation",
        "--p 0.99",
        "Direction 1 turned round",
        """The same with a reliable x_0, p = .99. At small radii augmentation still costs robustness; beyond about a =
1.5 it adds some, because the augmented rule leans on x_0, which the attack cannot reach. `--directions` computes
where the order changes.""",
    ),
    "robust-training": Entry(
        "robust_training",
        "",
        "Direction 2: robust training at a growing radius",
        """First panel: spatial accuracy against the radius b that a rule is built for. Without augmentation it rises
before it falls, so the claim of Kamath et al. does not hold; with augmentation it falls, as features are dropped one
after the other. Fourth and fifth: single rules f_b in the form in which networks are measured. Last: the
claim as the paper argues it: the more robustness is demanded, the less spatial accuracy can be had, for any rule.""",
    ),
    "joint": Entry(
        "joint",
        "",
        "Moved and then attacked",
        """Accuracy on data that are moved by a random shift within a range (up) and then attacked (across). Invariant
rules have equal rows; f* and f_b lose most on the first move.""",
    ),
    "frontier": Entry(
        "frontier",
        "--family golay_zero --step 32 --p 0.5",
        "The trade-off itself, two moves",
        """The curve that Theorem 2 misses. Points: linear rules and the best of all rules on a grid, each for some
weight on adversarial accuracy. Solid: what these reach, as a coin can mix any two of them. Dashed: no rule lies
above, whatever it is. On the left solid and dashed nearly meet: the trade-off is known to three digits, it is steep
only at its ends, and the corrected Theorem 2 (dotted), which rests on two attacks, is far from it at this radius.""",
    ),
    "frontier-4": Entry(
        "frontier",
        "",
        "The trade-off itself, four moves",
        """The same for four quarter turns and p = .7, where linear rules, the Bayes rules of moved data and the bound
are known: the truth lies between solid and dashed. Giving up .02 of the best spatial accuracy buys more than .1 of
robustness.""",
    ),
    "eta": Entry(
        "eta",
        "",
        "Where Theorem 2 speaks",
        """Upper left: below the solid line no rule exists, and in the hatched region the printed upper bound is at
least 1; Theorem 2 says something in the sliver between. Upper right: the printed bounds (dashed) and the corrected ones
(filled) for p = .7. Below: the least eta that any rule has, by radius: 1 - p from a = s on.""",
    ),
}


@dataclass(frozen=True)
class Options:
    """Where the page goes."""

    figures: tuple[str, ...] = option(
        one_of(ENTRIES), "figures to make", group=INPUT, many=True, default=(), usual="all"
    )
    out: str = cli.out_option("the page", "docs")
    no_figure: bool = cli.no_figure_option()
    quiet: bool = cli.quiet_option()

    def __post_init__(self) -> None:
        for name in self.figures:
            checks.known("figures", name, ENTRIES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the page; the exit code is 2 for input that cannot be used."""
    return cli.answered(PROGRAM, lambda: COMMAND(arguments), interrupted="; figures that were finished are whole")


def _make_all(given: dict[str, Any]) -> int:
    options = Options(**given)
    folder = storage.output_folder("out", Path(options.out) / FOLDER)
    for name in options.figures or ENTRIES:
        for suffix, content in make(ENTRIES[name], quiet=options.quiet, drawn=not options.no_figure).items():
            storage.write_atomic(folder / f"{name}.{suffix}", content)
    cli.mention(_page_written(folder, options))
    return 0


def _page_written(folder: Path, options: Options) -> str:
    """The page, written where all its figures are there; what is said of it."""
    if options.no_figure:
        return f"Written: the numbers of figures in {shown(folder)}; no picture and no page with --no-figure"
    missing = [name for name in ENTRIES if not (folder / f"{name}.svg").exists()]
    if missing:
        return f"Written: figures in {shown(folder)}; no page while these are missing: {', '.join(missing)}"
    storage.write_atomic(folder.parent / "gallery.md", page())
    return f"Written: {shown(folder.parent / 'gallery.md')} and its figures in {shown(folder)}"


def make(entry: Entry, *, quiet: bool = True, drawn: bool = True) -> dict[str, bytes | str]:
    """The numbers of a figure as JSON lines, and (unless not ``drawn``) the picture of them, as SVG."""
    scenario, options = settings(entry, quiet=quiet)
    lines = sheet(entry.figure, scenario, options).to_lines()
    return {"jsonl": lines, **({"svg": draw(lines)} if drawn else {})}


def draw(lines: str) -> bytes:
    """The SVG picture of a sheet's lines."""
    from tradeoff.shared import drawing, figure_data

    return drawing.encode(drawing.draw(figure_data.from_lines(lines)), "svg")


def settings(entry: Entry, *, quiet: bool = True) -> tuple[Scenario, RunOptions]:
    """The scenario and options that the entry's command has."""
    arguments = [*shlex.split(entry.arguments), "--figures", entry.figure, *(["--quiet"] if quiet else [])]
    given, chosen = simulate.COMMAND.read(arguments)
    options = RunOptions(**chosen)
    return resolve(given, options), options


def command(entry: Entry) -> str:
    """What a reader types to have the figure with the numbers of its law."""
    parts = [SIMULATE, entry.arguments, f"--figures {entry.figure}"]
    return " ".join(part for part in parts if part)


def page() -> str:
    """The page in Markdown."""
    parts = [
        "# Gallery of the theory",
        "Each figure is computed by the command below it, from formulas and quadrature; only the noise of images is "
        f"drawn at random. `{PROGRAM}` makes this page and all its figures again; the numbers of a figure lie "
        "beside it as JSON lines. What the rules and quantities are is said in the [glossary](reference/glossary.md).",
    ]
    for name, entry in ENTRIES.items():
        picture = f"{FOLDER}/{name}"
        parts += [
            f"## {entry.heading}",
            f"![{entry.heading}]({picture}.svg)",
            " ".join(entry.reading.split()),
            f"```sh\n{command(entry)}\n```",
            f"[Numbers]({picture}.jsonl)",
        ]
    return "\n\n".join(parts) + "\n"


COMMAND = Command(PROGRAM, DESCRIPTION, (Options,), _make_all)

if __name__ == "__main__":
    sys.exit(main())
