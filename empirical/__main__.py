"""``python -m empirical``: reproduce an experiment, or draw a convention. Thin."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tradeoff import checks, flags, storage
from tradeoff.flags import option, switch, text

PROGRAM = "python -m empirical"
TEXT = """\
empirical: real networks trained and attacked on real images, beside the model's predictions.

  python -m empirical reproduce digits           Table 1 networks on the digits inside scikit-learn, both directions
  python -m empirical reproduce digits --help    options: scale, device, workers, out
  python -m empirical figures rotation           a picture of the rotation convention
"""
REPRODUCE = """\
Trains the networks of an experiment, measures their robustness and invariance profiles, and sets both directions of the
paper beside the model's prediction: a summary in words, one figure, and every count as a record. Interrupted and run
again, it goes on where it was."""
EXPERIMENTS = ("digits",)
SCALE_NAMES = ("smoke", "small")


@dataclass(frozen=True)
class ReproduceOptions:
    """How an experiment is run; none of it is part of a run's identity but the scale, which chooses the runs."""

    scale: str = option(
        text,
        "smoke (40 s, to see that it works) or small (10 minutes on 2 cores) (default: small)",
        metavar="NAME",
        default="small",
    )
    device: str = option(text, "auto, cpu or cuda (default: auto)", metavar="NAME", default="auto")
    workers: int = option(
        checks.integer, "processes that train and measure on the CPU (default: 2)", metavar="N", default=2
    )
    out: str | None = option(
        text, "folder for networks, records, figure (default: runs/digits-<scale>)", metavar="DIR", default=None
    )
    quiet: bool = option(switch, "no progress bar and no summary on the terminal", default=False)

    def __post_init__(self) -> None:
        checks.known("scale", self.scale, SCALE_NAMES)
        checks.at_least("workers", self.workers, 1, what="a number of processes")


@dataclass(frozen=True)
class FigureOptions:
    """Where a figure goes."""

    out: str = option(text, "folder for the figure (default: runs)", metavar="DIR", default="runs")


def main(arguments: Sequence[str] | None = None) -> int:
    """Dispatch; 2 for input that cannot be used."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if not given or given[0] in ("-h", "--help"):
            print(TEXT)
        elif given[0] == "reproduce":
            _reproduce(given[1:])
        elif given[0] == "figures":
            _figures(given[1:])
        else:
            raise checks.InputError(f"command={given[0]!r} is unknown; use reproduce or figures, or --help")
    except checks.InputError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"{PROGRAM}: interrupted; what is finished is kept, run the same command to go on", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("tradeoff", "empirical"):
            raise
        print(
            f"{PROGRAM}: the package {error.name!r} is missing; install it with pip install -e '.[empirical]'",
            file=sys.stderr,
        )
        return 2
    return 0


def _named(arguments: list[str], what: str, names: Sequence[str]) -> tuple[str, list[str]]:
    """The name in front of the flags."""
    if not arguments or arguments[0].startswith("-"):
        if arguments and arguments[0] in ("-h", "--help"):
            return names[0], arguments
        raise checks.InputError(f"{what} is missing; use one of {', '.join(names)}")
    return checks.known(what, arguments[0], names), arguments[1:]


def _reproduce(arguments: list[str]) -> None:
    name, rest = _named(arguments, "experiment", EXPERIMENTS)
    made = flags.parser(f"{PROGRAM} reproduce {name}", REPRODUCE, ReproduceOptions)
    options = ReproduceOptions(**flags.read(made, rest, ReproduceOptions)[0])
    from empirical import reproduce

    reproduce.digits(
        options.scale,
        device=options.device,
        workers=options.workers,
        folder=Path(options.out or f"runs/digits-{options.scale}"),
        quiet=options.quiet,
    )


def _figures(arguments: list[str]) -> None:
    name, rest = _named(arguments, "figure", ["rotation"])
    made = flags.parser(f"{PROGRAM} figures {name}", "Draws the rotation convention as PNG.", FigureOptions)
    options = FigureOptions(**flags.read(made, rest, FigureOptions)[0])
    from empirical import figures
    from tradeoff.pictures import encode

    folder = storage.output_folder("out", options.out)
    storage.write_atomic(folder / "rotation.png", encode(figures.rotation_convention(), "png"))
    print(f"Written: {folder / 'rotation.png'}")


if __name__ == "__main__":
    sys.exit(main())
