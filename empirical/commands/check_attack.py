"""``python -m empirical check-attack`` and ``known-answers``: is an attack weak?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from empirical.commands import PROGRAM, front_option
from empirical.validation import LEAST_IMAGES, MOST_IMAGES
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import Command, Kind, option, text
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


RESULTS, VERDICT = "attack_tests.jsonl", "attack_tests.txt"


def _some_radius(name: str, value: object) -> float:
    return checks.radius(name, checks.positive(name, value, what="a scaled radius"))


RADIUS = Kind(_some_radius, "A", "above 0, in units of the signal's scale: eps * sqrt(d)")


@dataclass(frozen=True)
class CheckOptions:
    """How an attack is checked."""

    attack: str = front_option(text, "the attack", metavar="NAME", missing="name one, such as pgd or mine.py:attack")
    limit: int = cli.limit_option("images of each test", 1000, least=LEAST_IMAGES, most=MOST_IMAGES)
    scaled_radius: float = option(RADIUS, "scaled radius a of the law; in pixels a / (20 sqrt(80))", default=1.0)
    seed: int = cli.seed_option("images and attack")
    out: str | None = cli.out_option(f"{RESULTS} and {VERDICT}", usual="none")
    json: bool = cli.json_option("tests")
    quiet: bool = cli.quiet_option()


@dataclass(frozen=True)
class KnownOptions:
    """Where the known answers go."""

    scaled_radius: float = option(RADIUS, "scaled radius that f_robust is built for", default=1.0)
    out: str = cli.out_option("the files", "runs/known_answers")
    quiet: bool = cli.quiet_option()


def _check(given: dict[str, Any]) -> int:
    """Test the attack that is named in front of the flags; 1 if it is found weak."""
    options = CheckOptions(**given)
    from empirical.commands import attack_spec
    from empirical.report.text import attack_tests
    from empirical.validation import known_answers, networks_on_law
    from empirical.validation.check_attack import check

    folder = None if options.out is None else storage.output_folder("out", options.out)
    attack = attack_spec.named(options.attack, seed=options.seed)
    networks = len(known_answers.every(options.scaled_radius)) + len(networks_on_law.TRAINED)
    with cli.bar(networks, "networks", quiet=options.json) as advance:
        results = check(
            attack,
            scaled_radius=options.scaled_radius,
            images=options.limit,
            seed=options.seed,
            progress=advance,
        )
    lines = "\n".join(storage.json_line(one.to_json()) for one in results)
    told = attack_tests.table(results) + "\n\n" + attack_tests.verdict(results)
    print(lines) if options.json else cli.show(told)
    if folder is not None:
        storage.write_atomic(folder / RESULTS, lines + "\n")
        storage.write_atomic(folder / VERDICT, cli.fitted(told, cli.PAGE) + "\n")
        if not options.json:
            cli.mention(f"Written: {shown(folder / RESULTS)}, {shown(folder / VERDICT)}")
    return int(any(one.found_weak for one in results))


def _known(given: dict[str, Any]) -> int:
    """Write the networks of known worst case."""
    options = KnownOptions(**given)
    from empirical.validation import known_answers

    folder = storage.output_folder("out", options.out)
    written = known_answers.publish(folder, scaled_radius=options.scaled_radius)
    cli.mention(f"Written: {len(written)} files in {shown(folder)}")
    return 0


COMMAND = Command(f"{PROGRAM} check-attack", ABOUT, (CheckOptions,), _check)
KNOWN = Command(f"{PROGRAM} known-answers", ABOUT_KNOWN, (KnownOptions,), _known)
