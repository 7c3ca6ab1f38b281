"""``python -m empirical check-attack`` and ``known-answers``: is an attack weak?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from empirical.commands import PROGRAM, in_front
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import option, place, switch
from tradeoff.shared.names import shown

ABOUT = """\
How strong is an l_inf attack? Networks whose worst case is known for every image, plain and disguised; a paired
comparison with closed-form attacks on networks trained on the model's law; a bound that no rule passes. The tests can
find an attack weak and never show that it is strong. NAME is an attack of this package, NAME:loss=margin,restarts=2 one
with options, weak:NAME one that is weak on purpose, and FILE.py:FUNCTION or package.module:FUNCTION one of your own, of
(model, images, labels, eps) -> attacked images; naming it runs that file. The exit code is 1 if the attack is found
weak."""
ABOUT_KNOWN = """\
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
        place, "folder for the files (default: runs/known_answers)", metavar="DIR", default="runs/known_answers"
    )
    scaled_radius: float = option(
        checks.radius, "scaled radius that f_robust is built for (default: 1)", metavar="A", default=1.0
    )


def main(arguments: Sequence[str]) -> int:
    """Test the attack that is named in front of the flags; 1 if it is found weak."""
    spec, rest = in_front(arguments, "attack", "name one, such as pgd or mine.py:attack")
    made = cli.parser(f"{PROGRAM} check-attack NAME", ABOUT, CheckOptions)
    options = CheckOptions(**cli.read(made, rest, CheckOptions)[0])
    from empirical.commands import attack_spec
    from empirical.report.text import attack_tests
    from empirical.validation import known_answers, networks_on_law
    from empirical.validation.check_attack import check

    attack = attack_spec.named(spec, seed=options.seed)
    networks = len(known_answers.every(options.scaled_radius)) + len(networks_on_law.TRAINED)
    with cli.bar(networks, "networks", quiet=options.quiet or options.json) as advance:
        results = check(
            attack,
            scaled_radius=options.scaled_radius,
            images=options.images,
            seed=options.seed,
            progress=advance,
        )
    if options.json:
        print("\n".join(storage.json_line(one.to_json()) for one in results))
    else:
        print(attack_tests.table(results) + "\n\n" + attack_tests.verdict(results))
    return int(any(one.found_weak for one in results))


def known(arguments: Sequence[str]) -> int:
    """Write the networks of known worst case."""
    made = cli.parser(f"{PROGRAM} known-answers", ABOUT_KNOWN, KnownOptions)
    options = KnownOptions(**cli.read(made, arguments, KnownOptions)[0])
    from empirical.validation import known_answers

    folder = storage.output_folder("out", options.out)
    written = known_answers.publish(folder, scaled_radius=options.scaled_radius)
    print(f"Written: {len(written)} files in {shown(folder)}")
    return 0
