"""``python -m empirical check-attack`` and ``known-answers``: is an attack weak?"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, cast

from empirical.attacks import ATTACKS, L_INF
from empirical.attacks.base import Attack as BaseAttack
from empirical.commands import PROGRAM, in_front, user_code
from empirical.compute.draws import Draws
from empirical.report.text import attack_tests
from empirical.validation import known_answers, networks_on_law
from empirical.validation.check_attack import Attack, check
from empirical.validation.weak_attacks import PLANTED
from tradeoff.shared import checks, cli, storage
from tradeoff.shared.cli import option, switch, text

ABOUT = """\
How strong is an l_inf attack? Networks whose worst case is known for every image, plain and disguised; a paired
comparison with closed-form attacks on networks trained on the model's law; a bound that no rule passes. The tests can
convict an attack and never acquit it. NAME is an attack of this package, NAME:loss=margin,restarts=2 one with options,
planted:NAME one that is weak on purpose, and FILE.py:FUNCTION or package.module:FUNCTION one of your own, of (model,
images, labels, eps) -> attacked images; naming it runs that file. The exit code is 1 if the attack is convicted."""
ABOUT_KNOWN = """\
Writes every network of known worst case as a safetensors file, images with their exact worst scores, and a loader that
needs torch alone: for foolbox, ART, torchattacks or a library of your own."""


BUDGET = ("eps", "norm", "bounds", "std")
"""Fields of an attack that the tests set."""


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


def main(arguments: Sequence[str]) -> int:
    """Test the attack that is named in front of the flags; 1 if it is found weak."""
    spec, rest = in_front(arguments, "attack", "name one, such as pgd or mine.py:attack")
    made = cli.parser(f"{PROGRAM} check-attack NAME", ABOUT, CheckOptions)
    options = CheckOptions(**cli.read(made, rest, CheckOptions)[0])
    attack = named(spec, seed=options.seed)
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
        print("\n".join(json.dumps(one.to_json(), sort_keys=True) for one in results))
    else:
        print(attack_tests.table(results) + "\n\n" + attack_tests.verdict(results))
    return int(any(one.convicts for one in results))


def known(arguments: Sequence[str]) -> int:
    """Write the networks of known worst case."""
    made = cli.parser(f"{PROGRAM} known-answers", ABOUT_KNOWN, KnownOptions)
    options = KnownOptions(**cli.read(made, arguments, KnownOptions)[0])
    folder = storage.output_folder("out", options.out)
    written = known_answers.publish(folder, scaled_radius=options.scaled_radius)
    print(f"Written: {len(written)} files in {folder}")
    return 0


def named(spec: str, *, seed: int = 0) -> Attack:
    """An attack by name, as a command line writes it.

    NAME, a key of ATTACKS; NAME:loss=margin,restarts=2 with its options; planted:NAME, one that is weak on purpose; or
    FILE.py:FUNCTION of (model, images, labels, eps).

    Errors
    ------
    InputError
        For an unknown name or option, or a function that cannot be loaded.
    """
    group, colon, name = spec.rpartition(":")
    if "=" in name:
        return _of(partial(ATTACKS[_with_radius(group)], **_options(group, name)), seed)
    if colon and group != "planted":
        function = user_code.load("attack", spec)
        return lambda model, data, eps: function(model, data.images, data.labels, eps)
    if colon:
        return _of(PLANTED[checks.known("attack", name, PLANTED)], seed)
    return _of(ATTACKS[_with_radius(spec)], seed)


def _with_radius(name: str) -> str:
    """The name of an attack that has an l_inf radius: the others answer another question."""
    checks.known("attack", name, ATTACKS)
    if name not in L_INF:
        able = ", ".join(known for known in L_INF if known in ATTACKS)
        raise checks.InputError(
            f"attack={name!r} has no l_inf radius, and these tests are about one; use one of {able}"
        )
    return name


def _of(build: Callable[..., BaseAttack], seed: int) -> Attack:
    """An attack of this package, made for each eps."""
    draws = Draws(seed, "check-attack")
    return lambda model, data, eps: build(eps)(model, data.images, data.labels, data.indices, draws=draws)


def _options(attack: str, text: str) -> dict[str, object]:
    """NAME=VALUE,... as the fields of an attack: whole numbers, other numbers, true, false, or text."""
    known = {field.name: str(field.type) for field in fields(cast("Any", ATTACKS[attack]))}
    for budget in BUDGET:  # another budget is another question
        known.pop(budget, None)
    found: dict[str, object] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        checks.known(f"option of {attack}", name, known)
        found[name] = _read(name, value, known[name])
    return found


def _read(name: str, value: str, kind: str) -> object:
    """The text of an option as its field's type."""
    if kind == "bool":
        return {"true": True, "false": False}[checks.known(name, value, ("true", "false"))]
    if kind == "int":
        return checks.integer(name, value)
    return checks.real(name, value) if "float" in kind else value
