"""``python -m empirical``: reproduce an experiment, or draw a convention. Thin."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tradeoff import checks, flags, storage
from tradeoff.flags import option, switch, text

PROGRAM = "python -m empirical"
TEXT = """\
empirical: real networks trained and attacked on real images, beside the model's predictions.

  python -m empirical measure --model example:std_theta0 example:std_eps01
                                                 a network of yours on both sides of the trade-off; see measure --help
  python -m empirical verify DIR --model SPEC    judge the adversarial images of a measurement again
  python -m empirical reproduce digits           Table 1 networks on the digits inside scikit-learn, both directions
  python -m empirical reproduce digits --help    options: scale, device, workers, out
  python -m empirical check-attack pgd           is an attack weak? known answers, paired tests, a bound
  python -m empirical check-attack mine.py:attack   the same for an attack of your own or of a library
  python -m empirical known-answers              the networks of known worst case as files, for any library
  python -m empirical examples                   train the six networks inside this package again, and compare
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


CHECK = """\
How strong is an l_inf attack? Networks whose worst case is known for every image, plain and disguised; a paired
comparison with closed-form attacks on networks trained on the model's law; a bound that no rule passes. The tests can
convict an attack and never acquit it. NAME is an attack of this package, NAME:loss=margin,restarts=2 one with options,
planted:NAME one that is weak on purpose, and FILE.py:FUNCTION or package.module:FUNCTION one of your own, of (model,
images, labels, eps) -> attacked images; naming it runs that file. The exit code is 1 if the attack is convicted."""
KNOWN = """\
Writes every network of known worst case as a safetensors file, images with their exact worst scores, and a loader that
needs torch alone: for foolbox, ART, torchattacks or a library of your own."""


@dataclass(frozen=True)
class CheckOptions:
    """How an attack is checked."""

    scaled_radius: float = option(
        checks.real, "scaled radius a of the law (default: 1; in pixels a / (20 sqrt(80)))", metavar="A", default=1.0
    )
    images: int = option(checks.integer, "images of each test (default: 1000)", metavar="N", default=1000)
    seed: int = option(checks.integer, "seed of images and attack (default: 0)", metavar="N", default=0)
    json: bool = option(switch, "one JSON object a line for each test, and nothing else", default=False)
    quiet: bool = option(switch, "no progress bar", default=False)

    def __post_init__(self) -> None:
        checks.at_least("seed", self.seed, 0, what="the seed of a random generator")


@dataclass(frozen=True)
class KnownOptions:
    """Where the known answers go."""

    out: str = option(
        text, "folder for the files (default: runs/known_answers)", metavar="DIR", default="runs/known_answers"
    )
    scaled_radius: float = option(
        checks.radius, "scaled radius that f_robust is built for (default: 1)", metavar="A", default=1.0
    )


EXAMPLES = """\
Trains the six small networks that are inside this package again, on the digits inside scikit-learn, and says for each
whether its weights equal the shipped ones bit for bit (so on the same machine), or how far they are. Interrupted and
run again, it goes on where it was."""


@dataclass(frozen=True)
class ExampleOptions:
    """Where the remade examples go."""

    out: str = option(text, "folder for the networks (default: runs/examples)", metavar="DIR", default="runs/examples")
    workers: int = option(checks.integer, "processes that train on the CPU (default: 2)", metavar="N", default=2)
    quiet: bool = option(switch, "no progress bar", default=False)

    def __post_init__(self) -> None:
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
        elif given[0] in COMMANDS:
            return COMMANDS[given[0]](given[1:])
        else:
            raise checks.InputError(f"command={given[0]!r} is unknown; use one of {', '.join(COMMANDS)}, or --help")
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


def _reproduce(arguments: list[str]) -> int:
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
    return 0


def _measure(arguments: list[str]) -> int:
    from empirical import measure_command

    made = flags.parser(f"{PROGRAM} measure", measure_command.ABOUT, measure_command.MeasureOptions)
    given = flags.read(made, arguments, measure_command.MeasureOptions)[0]
    if "model" not in given:
        raise checks.InputError(
            "model is missing; name a network, such as --model example:std_theta0 or --model mine.py:build"
        )
    measure_command.measure(measure_command.MeasureOptions(**given))
    return 0


def _verify(arguments: list[str]) -> int:
    from empirical import measure_command

    made = flags.parser(f"{PROGRAM} verify DIR", measure_command.ABOUT_VERIFY, measure_command.VerifyOptions)
    asked = bool(arguments) and arguments[0] in ("-h", "--help")
    if not asked and (not arguments or arguments[0].startswith("-")):
        raise checks.InputError("folder is missing; name the folder of a run, the one that holds run.json")
    given = flags.read(made, arguments if asked else arguments[1:], measure_command.VerifyOptions)[0]
    if "model" not in given:
        raise checks.InputError("model is missing; name the network that was measured, as for measure")
    found = measure_command.verified(Path(arguments[0]), measure_command.VerifyOptions(**given))
    print(found.text())
    return int(bool(found.complaints))


def _check_attack(arguments: list[str]) -> int:
    made = flags.parser(f"{PROGRAM} check-attack NAME", CHECK, CheckOptions)
    asked = bool(arguments) and arguments[0] in ("-h", "--help")
    if not asked and (not arguments or arguments[0].startswith("-")):
        raise checks.InputError("attack is missing; name one, such as pgd or mine.py:attack")
    options = CheckOptions(**flags.read(made, arguments if asked else arguments[1:], CheckOptions)[0])
    from empirical import check_attack

    attack = check_attack.named(arguments[0], seed=options.seed)
    results = check_attack.with_progress(
        attack,
        scaled_radius=options.scaled_radius,
        images=options.images,
        seed=options.seed,
        quiet=options.quiet or options.json,
    )
    if options.json:
        print("\n".join(json.dumps(one.to_json(), sort_keys=True) for one in results))
    else:
        print(check_attack.table(results) + "\n\n" + check_attack.verdict(results))
    return int(any(one.convicts for one in results))


def _known_answers(arguments: list[str]) -> int:
    made = flags.parser(f"{PROGRAM} known-answers", KNOWN, KnownOptions)
    options = KnownOptions(**flags.read(made, arguments, KnownOptions)[0])
    folder = storage.output_folder("out", options.out)
    from empirical import known_answers

    written = known_answers.publish(folder, scaled_radius=options.scaled_radius)
    print(f"Written: {len(written)} files in {folder}")
    return 0


def _examples(arguments: list[str]) -> int:
    made = flags.parser(f"{PROGRAM} examples", EXAMPLES, ExampleOptions)
    options = ExampleOptions(**flags.read(made, arguments, ExampleOptions)[0])
    from empirical import example_networks

    for one in example_networks.remake(Path(options.out), workers=options.workers, quiet=options.quiet):
        print(one)
    return 0


def _figures(arguments: list[str]) -> int:
    name, rest = _named(arguments, "figure", ["rotation"])
    made = flags.parser(f"{PROGRAM} figures {name}", "Draws the rotation convention as PNG.", FigureOptions)
    options = FigureOptions(**flags.read(made, rest, FigureOptions)[0])
    from empirical import figures
    from tradeoff.pictures import encode

    folder = storage.output_folder("out", options.out)
    storage.write_atomic(folder / "rotation.png", encode(figures.rotation_convention(), "png"))
    print(f"Written: {folder / 'rotation.png'}")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "measure": _measure,
    "verify": _verify,
    "reproduce": _reproduce,
    "check-attack": _check_attack,
    "known-answers": _known_answers,
    "examples": _examples,
    "figures": _figures,
}


if __name__ == "__main__":
    sys.exit(main())
