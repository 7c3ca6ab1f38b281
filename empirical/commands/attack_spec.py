"""An attack that a command line names: one of this package with its options, or a function of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from itertools import count
from typing import Any, cast

from torch import Tensor, nn

from empirical.attacks import ATTACKS, L_INF
from empirical.attacks.base import Attack as BaseAttack
from empirical.commands import user_code
from empirical.commands.contained import contained
from empirical.compute.draws import Draws
from empirical.data.images import ImageSet
from empirical.validation.check_attack import Attack
from empirical.validation.weak_attacks import WEAK_ATTACKS
from tradeoff.shared import checks

BUDGET = ("eps", "norm", "bounds", "std")
"""Fields of an attack that the tests set."""


def named(spec: str, *, seed: int = 0) -> Attack:
    """An attack by name, as a command line writes it.

    NAME, a key of ATTACKS; NAME:loss=margin,restarts=2 with its options; weak:NAME, one that is weak on purpose; or
    FILE.py:FUNCTION of (model, images, labels, eps).

    Raises
    ------
    InputError
        For an unknown name or option, or a function that cannot be loaded.
    """
    group, colon, name = spec.rpartition(":")
    if "=" in name:
        return _of(partial(ATTACKS[_with_radius(group)], **_options(group, name)), seed)
    if colon and group != "weak":
        return _users(spec)
    if colon:
        return _of(WEAK_ATTACKS[checks.known("attack", name, WEAK_ATTACKS)], seed)
    return _of(ATTACKS[_with_radius(spec)], seed)


def _users(spec: str) -> Attack:
    """A function of the user's own; it draws other random numbers at every call, the same in every run."""
    with contained("attack", spec):
        function = user_code.load("attack", spec)
    seeds = count(1)

    def attack(model: nn.Module, data: ImageSet, eps: float) -> Tensor:
        with contained("attack", spec, seed=next(seeds)):
            moved: Tensor = function(model, data.images, data.labels, eps)
            return moved

    return attack


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
